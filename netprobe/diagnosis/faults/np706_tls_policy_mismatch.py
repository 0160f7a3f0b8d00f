"""The far end and the client have no TLS version or cipher in common.

## What it means

The connection is made and the handshake fails at once: what the client offers is below what the
server's security policy takes, or above what an old server knows.

## Why traffic fails

A domain name's security policy sets the lowest TLS version and the ciphers. A client that offers
less gets the alert protocol_version or handshake_failure.

## How netprobe knows

Packets: the server's alert is about the version or about security; or it is handshake_failure
from a domain name whose security policy is known.

## Known limits

The probe speaks for a current Python. An older runtime can fail where the probe succeeds, and
this is then not seen. handshake_failure from any other host can have other reasons and is left
unexplained.

## Example

A domain name with a policy for TLS 1.3 only, and a library that ends at 1.2.

## Fix

Update the runtime or its TLS library.

## Fix safety

Lowering the security policy opens the domain name to old clients everywhere.

## References

- https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-custom-domain-tls-version.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.handshakes import FailedHandshake, failed_handshakes
from netprobe.model.finding import Evidence, Finding
from netprobe.model.names import DomainName

_OF_POLICY = ("PROTOCOL_VERSION", "INSUFFICIENT_SECURITY", "UNSUPPORTED_PROTOCOL", "NO_CIPHERS")
"""What alerts and OpenSSL's own errors say when nothing is in common (RFC 8446 section 6.2)."""


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per target that refuses the client's TLS."""
    for target, found in failed_handshakes(case):
        domain = next(
            (i for i in case.snapshot.domain_names if i.domain_name == target.host), None
        )
        if not any(_is_of_policy(item, domain) for item in found):
            continue
        policy = domain.security_policy if domain else None
        known = f"; its security policy is {policy}" if policy else ""
        yield FAULT.found_with(
            (Evidence(resource_id=target.id, says=f"{found[0].said}{known}"),),
            (item.path.key for item in found),
            reason="client and server have no TLS version or cipher in common",
            advice=f"update the client's TLS library, or lower the security policy of {target.host}",
        )


def _is_of_policy(item: FailedHandshake, domain: DomainName | None) -> bool:
    said = f"{item.alert} {item.error}".upper()
    if any(word in said for word in _OF_POLICY):
        return True
    known = domain is not None and domain.security_policy is not None and not domain.mutual_tls
    return known and "HANDSHAKE_FAILURE" in said


FAULT = Fault(
    code="NP706",
    name="tls-policy-mismatch",
    title="TLS security policy rejects the client's protocol/ciphers (old runtime vs TLS_1_2 or enhanced policy)",
    phrase="no TLS version or cipher in common",
    since="0.1.0",
    symptoms=("tls-fails",),
    check=check,
    doc=__doc__,
)
