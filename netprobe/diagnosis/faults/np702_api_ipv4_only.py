"""The API answers over IPv4 only.

## What it means

The API's IP address type is `ipv4`, the default. Its name has no AAAA record, so no client can
reach it over IPv6.

## Why traffic fails

The same host name serves both families; the API's setting alone decides whether it has an AAAA
record. Nothing in the VPC can add one, DNS64 apart.

## How netprobe knows

API Gateway says the API's address type is ipv4. Packets: the resolver answers AAAA with no
data.

## Known limits

In subnets that do not speak IPv6, or where IPv4 works, this is no fault. An address type that
the API does not state is taken for ipv4, AWS's default, and said to be assumed.

## Example

An IPv6-only way out of a VPC, and a WebSocket API nobody switched to dualstack.

## Fix

Switch the API to dualstack; it takes effect at once, without a deployment, and costs nothing.

## Fix safety

Resource policies and allow-lists written for IPv4 will see IPv6 callers: extend them first.

## References

- https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-ip-address-type.html
- https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-ip-address-type.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case, Hit, by, resource_of
from netprobe.diagnosis.designs import leads_to_nat64
from netprobe.diagnosis.fault import Fault
from netprobe.model.addresses import Family
from netprobe.model.finding import Finding
from netprobe.model.trace import Component, Reason


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per API without AAAA that dual-stack subnets ask for."""
    hits = (
        hit
        for hit in case.hits(Reason.NO_ADDRESS_RECORD, component=Component.API, family=Family.IPV6)
        if case.speaks_ipv6(case.source(hit.path))
    )
    for api_id, group in by(hits, resource_of):
        yield FAULT.found(
            group,
            moot_beside=_MADE_UP if all(_has_dns64(case, hit) for hit in group) else frozenset(),
            reason="an API of type ipv4 has no AAAA record, and nothing in the VPC can add one",
            advice=f"set the IP address type of {api_id} to dualstack",
        )


def _has_dns64(case: Case, hit: Hit) -> bool:
    """Tell whether the VPC's resolver makes the record, and a route takes its packets."""
    subnet_id = case.source(hit.path).subnet_id
    subnet = case.snapshot.subnet(subnet_id)
    return bool(subnet and subnet.enable_dns64) and leads_to_nat64(case.route_table(subnet_id))


_MADE_UP = frozenset({"dhcp-dns-unaware", "resolver-rule-hijack", "sg-blocks-custom-dns"})
"""Faults that keep the question from the resolver that would make a record by DNS64."""

FAULT = Fault(
    code="NP702",
    name="api-ipv4-only",
    title="API's IP address type is ipv4 (the default): no AAAA, so an IPv6-only egress design cannot reach it",
    phrase="API is IPv4-only",
    since="0.1.0",
    symptoms=("connect-timeout-ipv4", "no-aaaa"),
    check=check,
    doc=__doc__,
)
