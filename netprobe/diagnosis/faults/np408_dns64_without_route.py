"""The resolver makes IPv6 addresses up for IPv4-only names, and nothing carries them.

## What it means

DNS64 is on for the subnet: names without an AAAA record get one inside `64:ff9b::/96`. That
prefix means something to a NAT gateway only, and no route leads it there.

## Why traffic fails

Without a route for `64:ff9b::/96` the packet is dropped, or falls into `::/0` to an internet or
egress-only gateway, which drops it too. Clients that try IPv6 first wait for it.

## How netprobe knows

The address that DNS64 makes, or that the probe was given, is in `64:ff9b::/96`, and the subnet's
table has no route for it to a NAT gateway. Packets: silence over IPv6 to this target, while
targets with real AAAA records connect.

## Known limits

A subnet without any IPv6 route has a fault of its own for real AAAA records (NP404).

## Example

A dual-stack subnet where DNS64 was switched on beside an egress-only gateway.

## Fix

Route `64:ff9b::/96` to a NAT gateway, or switch DNS64 off where IPv4 has a way of its own. A
target that becomes dual-stack needs neither.

## Fix safety

With DNS64 off, an IPv6-only subnet loses its way to IPv4-only names.

## References

- https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-nat64-dns64.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case, Hit, by
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.prices import NAT_GATEWAY_COST
from netprobe.diagnosis.ways import is_synthesised
from netprobe.model.addresses import NAT64_PREFIX, Family
from netprobe.model.finding import Evidence, Finding
from netprobe.model.trace import Component, Reason

_DROPPED = (Reason.NO_ROUTE, Reason.PRIVATE_DESTINATION)
_WHERE = frozenset(
    {
        Component.ROUTE_TABLE,
        Component.INTERNET_GATEWAY,
        Component.EGRESS_ONLY_INTERNET_GATEWAY,
    }
)


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per subnet whose made addresses lead nowhere."""
    hits = (
        hit
        for hit in case.hits(*_DROPPED, family=Family.IPV6)
        if is_synthesised(hit.path) and hit.blocker.component in _WHERE
    )
    for subnet_id, group in by(hits, lambda hit: case.source(hit.path).subnet_id):
        table = case.route_table(subnet_id)
        where = table.route_table_id if table else f"the table of {subnet_id}"
        nat_id = _nat(case, group[0])
        yield FAULT.found(
            group,
            also=_maker(case, subnet_id),
            reason=f"DNS64 makes addresses in {NAT64_PREFIX}, which only a NAT gateway carries",
            advice=f"route {NAT64_PREFIX} to {nat_id or 'a NAT gateway'} in {where}, or switch "
            f"DNS64 off for {subnet_id}",
            standing_cost="none" if nat_id else NAT_GATEWAY_COST,
        )


def _maker(case: Case, subnet_id: str) -> Iterator[Evidence]:
    """Yield what makes the addresses, where that is the subnet's own option."""
    subnet = case.snapshot.subnet(subnet_id)
    if subnet is not None and subnet.enable_dns64:
        yield Evidence(resource_id=subnet_id, says="has DNS64 on: EnableDns64")


def _nat(case: Case, hit: Hit) -> str | None:
    """Return a public NAT gateway of the VPC that could carry them."""
    vpc_id = case.source(hit.path).vpc_id
    return next(
        (
            item.nat_gateway_id
            for item in case.snapshot.nat_gateways
            if item.vpc_id == vpc_id
            and item.connectivity_type == "public"
            and item.state == "available"
        ),
        None,
    )


FAULT = Fault(
    code="NP408",
    name="dns64-without-route",
    title="Subnet has DNS64 on but no 64:ff9b::/96 route to a NAT gateway: synthesized AAAA addresses go nowhere",
    phrase="DNS64 without a NAT64 route",
    since="0.1.0",
    symptoms=("connect-timeout-ipv6",),
    check=check,
    doc=__doc__,
)
