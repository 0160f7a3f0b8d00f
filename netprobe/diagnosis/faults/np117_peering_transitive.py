"""A peering connection is expected to lead beyond the peer VPC.

## What it means

A route sends addresses that are not the peer's own to a peering connection, to use the peer's
NAT gateway, internet gateway, VPN or gateway endpoint.

## Why traffic fails

VPC peering is not transitive and supports no edge-to-edge routing: a connection carries what is
between the blocks of the two VPCs and nothing else.

## How netprobe knows

The winning route's target is a peering connection and the destination is outside the peer's
blocks. Packets: silence.

## Known limits

Interface endpoints of the peer are inside its blocks and can be reached.

## Example

`0.0.0.0/0` to a peering connection with the VPC that has the NAT gateway.

## Fix

Give the VPC a way of its own: IPv6 through an egress-only internet gateway, a NAT gateway,
endpoints; or join the VPCs by a transit gateway, which can share a way out.

## Fix safety

Replace the route rather than add another: two defaults cannot stand in one table.

## References

- https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html
- https://docs.aws.amazon.com/whitepapers/latest/aws-vpc-connectivity-options/vpc-peering.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case, Hit, by
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.prices import NAT_GATEWAY_COST
from netprobe.diagnosis.ways import is_default, is_for_public, taken_route, target_of_entry
from netprobe.model.finding import Finding
from netprobe.model.trace import Reason


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per peering connection that is used to get beyond the peer."""
    hits = (
        hit
        for hit in case.hits(Reason.NOT_IN_PEER_VPC, Reason.BLACKHOLE_ROUTE)
        if hit.blocker.reason is Reason.NOT_IN_PEER_VPC or _is_dead_default(case, hit)
    )
    for peering_id, group in by(hits, target_of_entry):
        entries = dict.fromkeys(hit.blocker.entry or peering_id for hit in group)
        yield FAULT.found(
            group,
            reason="peering is not transitive: a connection carries what is between the blocks of "
            "its two VPCs",
            advice=f"replace {', '.join(entries)} with a way of the VPC's own: IPv6, a NAT "
            "gateway, an endpoint, or a transit gateway",
            standing_cost="none for IPv6; NAT gateway: " + NAT_GATEWAY_COST,
        )


def _is_dead_default(case: Case, hit: Hit) -> bool:
    """Tell whether the way out was to be a peering connection that is not even there any more."""
    route = taken_route(case, hit.path)
    dead = target_of_entry(hit).startswith("pcx-")
    return dead and is_for_public(hit.path) and route is not None and is_default(route)


FAULT = Fault(
    code="NP117",
    name="peering-transitive",
    title="Trying to use a peer VPC's NAT, internet gateway, VPN or gateway endpoint over peering",
    phrase="peering leads no further",
    since="0.1.0",
    symptoms=("connect-timeout",),
    check=check,
    doc=__doc__,
)
