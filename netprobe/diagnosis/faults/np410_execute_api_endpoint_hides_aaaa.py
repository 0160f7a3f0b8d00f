"""An IPv4 endpoint's private DNS answers for a name, and its AAAA record is gone in the VPC.

## What it means

The service has AAAA records in public DNS. An interface endpoint with private DNS answers for
the name here, and it has IPv4 addresses only.

## Why traffic fails

The endpoint's hidden private zone is the only one asked inside the VPC, and it holds records of
the endpoint's own address type. IPv6 clients find no address.

## How netprobe knows

Private DNS of the endpoint answers for the host and has no AAAA record, and the service, or the
API, has one in public DNS. Packets: no data over IPv6.

## Known limits

Where IPv4 through the endpoint works this harms nobody, and is a note. An API that the endpoint
captures has a fault of its own (NP502, NP503).

## Example

An endpoint for Secrets Manager of the type ipv4, in a VPC whose clients use IPv6 only.

## Fix

Switch the endpoint to the address type dualstack, with DNS records of both families; its
subnets must have IPv6 blocks. Or use IPv4 through the endpoint.

## Fix safety

Clients that prefer IPv6 will use it at once: groups and ACLs must be ready for it.

## References

- https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html
- https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case, Hit, by, resource_of
from netprobe.diagnosis.fault import Fault
from netprobe.model.addresses import Family
from netprobe.model.finding import Finding
from netprobe.model.service_names import has_record
from netprobe.model.trace import Component, Reason


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per endpoint that answers without the AAAA record a name has."""
    hits = (
        hit
        for hit in case.hits(
            Reason.NO_ADDRESS_RECORD, component=Component.RESOLVER, family=Family.IPV6
        )
        if _is_hidden(case, hit)
    )
    for endpoint_id, group in by(hits, resource_of):
        yield FAULT.found(
            group,
            reason="the endpoint's private zone is the only one asked in the VPC, and has records "
            "of the endpoint's own address type only",
            advice=f"switch {endpoint_id} to the address type dualstack (its subnets must be), or "
            "use IPv4 through it",
        )


def _is_hidden(case: Case, hit: Hit) -> bool:
    """Tell whether an endpoint answers for a name that has an AAAA record in public DNS."""
    resolution = hit.path.trace.resolution if hit.path.trace else None
    if resolution is None or resolution.origin != "private-dns":
        return False
    host = case.target(hit.path).host
    api = next((item for item in case.snapshot.apis if item.host == host), None)
    if api is not None:
        return not api.is_private and api.ip_address_type == "dualstack"
    return has_record(host, case.snapshot.region, Family.IPV6) is True


FAULT = Fault(
    code="NP410",
    name="execute-api-endpoint-hides-aaaa",
    title="Interface endpoint of IP type ipv4 with private DNS hides the service's public AAAA",
    phrase="endpoint hides the AAAA record",
    since="0.1.0",
    symptoms=("no-aaaa", "wrong-address"),
    check=check,
    doc=__doc__,
)
