"""The gateway endpoint carries IPv4, and the name that is called has IPv6 addresses too.

## What it means

The client calls a dual-stack name of S3 or DynamoDB. Over IPv4 the gateway endpoint carries it;
its address type is `ipv4`, so over IPv6 it does not, and there is no other way.

## Why traffic fails

A gateway endpoint adds routes for the service's prefixes of its address type only. An IPv6
packet finds no such route and is dropped without an answer unless `::/0` leads out.

## How netprobe knows

The host has AAAA records, the endpoint is associated with the subnet's table and of type ipv4,
and no route matches the IPv6 address. Packets: silence over IPv6, while IPv4 connects.

## Known limits

Where `::/0` leads out the flow works, past the endpoint and its policy. Names without AAAA
records are never tried over IPv6.

## Example

`AWS_USE_DUALSTACK_ENDPOINT=true` in a function of an isolated dual-stack subnet with a gateway
endpoint for S3.

## Fix

Switch the endpoint's IP address type to dualstack, or call the IPv4 name.

## Fix safety

Bucket and endpoint policies that list IPv4 ranges will see IPv6 sources.

## References

- https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html
- https://docs.aws.amazon.com/AmazonS3/latest/userguide/dual-stack-endpoints.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case, Hit, by
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.services import GATEWAY_SERVICES, endpoints_for, service_of
from netprobe.model.addresses import Family
from netprobe.model.finding import Evidence, Finding
from netprobe.model.resources import VpcEndpoint
from netprobe.model.service_names import has_record
from netprobe.model.trace import Reason


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per gateway endpoint that leaves IPv6 out."""
    hits = (
        hit
        for hit in case.hits(Reason.NO_ROUTE, Reason.ENDPOINT_FAMILY, family=Family.IPV6)
        if _endpoint(case, hit) is not None and _has_addresses(case, hit)
    )
    for endpoint_id, group in by(hits, lambda hit: str(_id(case, hit))):
        says = "is a gateway endpoint of the address type ipv4, in the subnet's table"
        yield FAULT.found(
            group,
            also=(Evidence(resource_id=endpoint_id, says=says),),
            reason="a gateway endpoint routes the service's prefixes of its own address type only",
            advice=f"switch {endpoint_id} to the address type dualstack, or call the IPv4 name",
        )


def _endpoint(case: Case, hit: Hit) -> VpcEndpoint | None:
    """Return the endpoint that would carry the flow if it were an IPv4 one."""
    service = service_of(case, hit.path)
    table = case.route_table(case.source(hit.path).subnet_id)
    if service not in GATEWAY_SERVICES or table is None:
        return None
    lost = {table.route_table_id} | {i.vpc_endpoint_id for i in case.snapshot.vpc_endpoints}
    for item in endpoints_for(case, hit.path, service):
        is_in_table = table.route_table_id in item.route_table_ids
        fits = item.endpoint_type == "Gateway" and item.ip_address_type == "ipv4"
        if fits and is_in_table and hit.blocker.resource_id in lost:
            return item
    return None


def _id(case: Case, hit: Hit) -> str | None:
    endpoint = _endpoint(case, hit)
    return endpoint.vpc_endpoint_id if endpoint else None


def _has_addresses(case: Case, hit: Hit) -> bool:
    """Tell whether the name has AAAA records: documented, or seen."""
    seen = hit.path.observation.resolved_addresses if hit.path.observation else ()
    host = case.target(hit.path).host
    return bool(seen) or has_record(host, case.snapshot.region, Family.IPV6) is True


FAULT = Fault(
    code="NP401",
    name="gateway-endpoint-ipv6-gap",
    title="Dualstack/IPv6 traffic to S3/DynamoDB is not carried by an IPv4 gateway endpoint",
    phrase="gateway endpoint is IPv4-only",
    since="0.1.0",
    symptoms=("connect-timeout-ipv6", "aws-service-timeout", "access-denied"),
    check=check,
    doc=__doc__,
    # With a way out for everything the endpoint would not be missed.
    explains=frozenset({"route-v6-no-default"}),
)
