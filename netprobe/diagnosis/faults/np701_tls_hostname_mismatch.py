"""The certificate of the far end does not hold the name that was dialled.

## What it means

The connection is made, and the server shows a certificate for other names. Every client that
verifies, as all should, hangs up.

## Why traffic fails

TLS proves a name. A server that does not know the name that the client sends answers with its
default certificate: an endpoint's own name for a service that has no certificate for it, a CNAME
or a load balancer in front, a custom domain name that was never created.

## How netprobe knows

Packets: the handshake fails, and none of the names in the certificate, wildcards included, is
the target's host.

## Known limits

Where the certificate could not be fetched again its names are not known, and nothing is said. An
authority that is not trusted is another matter: the names may be right.

## Example

A CNAME record to an API's default host, without a custom domain name at API Gateway.

## Fix

Call the name the certificate is for, or create the custom domain name with a certificate of its
own.

## Fix safety

Verification stays on: without it anybody on the way can answer.

## References

- https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-custom-domains.html
- https://docs.aws.amazon.com/vpc/latest/privatelink/manage-dns-names.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from netprobe.diagnosis.case import Case
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.handshakes import failed_handshakes
from netprobe.model.finding import Evidence, Finding
from netprobe.model.service_names import normalise_host


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per target whose certificate is for other names."""
    for target, found in failed_handshakes(case):
        names = found[0].certificate_names
        if not names or _holds(names, target.host):
            continue
        shown = ", ".join(names[:3]) + (", ..." if names[3:] else "")
        yield FAULT.found_with(
            (Evidence(resource_id=target.id, says=f"shows a certificate for {shown}"),),
            (item.path.key for item in found),
            reason="a certificate proves the names it holds and no other",
            advice=f"call {names[0]}, or give the far end a certificate for {target.host}; never "
            "switch verification off",
        )


def _holds(names: Iterable[str], host: str) -> bool:
    """Tell whether a name fits; a wildcard stands for one label (RFC 6125 section 6.4.3)."""
    host = normalise_host(host)
    parent = host.partition(".")[2]
    return any(name.lower() in {host, f"*.{parent}"} for name in names)


FAULT = Fault(
    code="NP701",
    name="tls-hostname-mismatch",
    title="TLS certificate does not match the name dialled (vpce name for a service without it, CNAME/NLB in front, missing custom domain)",
    phrase="the certificate is for another name",
    since="0.1.0",
    symptoms=("tls-fails",),
    check=check,
    doc=__doc__,
)
