"""The subnet has no IPv4 route to the target.

## What it means

The subnet is isolated for IPv4: its route table has nothing that leads to the target's
address, neither a NAT gateway nor anything more specific.

## Why traffic fails

A packet without a matching route is dropped by the VPC's router without an answer, so the
client waits until its own time-out.

## How netprobe knows

No route of the subnet's effective table matches the target's IPv4 address. Packets: silence
until the time-out.

## Known limits

It does not speak of AWS services that an endpoint could serve: there the missing endpoint is
the cause (NP601, NP602). A route that exists and is dead is another fault (NP105).

## Example

A function in isolated dual-stack subnets that calls `@connections` of an API of type ipv4.

## Fix

Free: IPv6 through an egress-only internet gateway, when the target has AAAA records. Otherwise
a NAT gateway in a public subnet and `0.0.0.0/0` to it in this table.

## Fix safety

A default route in a shared table opens every subnet that uses the table.

## References

- https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html
- https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case, Hit, by, resource_of
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.prices import NAT_GATEWAY_COST, NAT_GATEWAY_PER_GB
from netprobe.diagnosis.services import endpoint_would_serve
from netprobe.diagnosis.ways import is_own_table
from netprobe.model.addresses import Family
from netprobe.model.finding import Finding
from netprobe.model.trace import Component, Reason


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per route table that has no way to public IPv4 targets."""
    hits = (
        hit
        for hit in case.hits(Reason.NO_ROUTE, component=Component.ROUTE_TABLE, family=Family.IPV4)
        if is_own_table(case, hit) and not endpoint_would_serve(case, hit.path)
    )
    for table_id, group in by(hits, resource_of):
        gateway_id = _nat_gateway(case, group[0])
        way = f"0.0.0.0/0 -> {gateway_id}" if gateway_id else "a NAT gateway and 0.0.0.0/0 to it"
        cost = NAT_GATEWAY_PER_GB if gateway_id else f"NAT gateway: {NAT_GATEWAY_COST}"
        yield FAULT.found(
            group,
            reason="a packet that no route matches is dropped without an answer",
            advice="use IPv6 through an egress-only internet gateway where the target is "
            f"dual-stack; or add {way} in {table_id}",
            standing_cost=f"none for IPv6; {cost}",
        )


def _nat_gateway(case: Case, hit: Hit) -> str | None:
    """Return a NAT gateway of the VPC's that leads to the internet."""
    vpc_id = case.source(hit.path).vpc_id
    held = (
        item.nat_gateway_id
        for item in case.snapshot.nat_gateways
        if item.vpc_id == vpc_id and item.state == "available" and item.public_addresses
    )
    return next(held, None)


FAULT = Fault(
    code="NP103",
    name="route-v4-no-default-route",
    title="Isolated/private subnet: no IPv4 default route and no endpoint for the target",
    phrase="no IPv4 route",
    since="0.1.0",
    symptoms=("connect-timeout-ipv4", "task-timed-out"),
    check=check,
    doc=__doc__,
)
