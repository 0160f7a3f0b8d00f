"""The regional NAT gateway does not serve the zone of the source.

## What it means

The route leads to a regional NAT gateway whose zones are chosen by hand, and the source's zone
is not among them.

## Why traffic fails

A regional NAT gateway carries traffic in the zones where it has addresses. One that does not
expand by itself serves no other.

## How netprobe knows

The gateway's addresses by zone, `AutoProvisionZones`, and the subnet's zone. Packets: silence,
from this zone only.

## Known limits

A gateway that expands by itself serves a new zone after a while, by way of another until then;
that is no fault.

## Example

A function that was given a subnet in a third zone.

## Fix

Add an Elastic IP for the zone to the regional NAT gateway, or let it expand by itself.

## Fix safety

Traffic from the zone leaves with the new address: allow-lists at far ends must hold it.

## References

- https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateways-regional.html
- https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case, by
from netprobe.diagnosis.fault import Fault
from netprobe.model.finding import Finding
from netprobe.model.trace import Reason


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per regional NAT gateway that lacks a source's zone."""
    hits = case.hits(Reason.ZONE_NOT_SERVED)
    for nat_gateway_id, group in by(hits, lambda hit: hit.blocker.resource_id):
        subnets = [case.snapshot.subnet(case.source(hit.path).subnet_id) for hit in group]
        zones = sorted({subnet.availability_zone for subnet in subnets if subnet})
        yield FAULT.found(
            group,
            reason="a regional NAT gateway with zones of its own choosing carries traffic in these "
            "zones only",
            advice=f"add an Elastic IP for {', '.join(zones)} to {nat_gateway_id}",
            standing_cost="about 3.65 USD a month for the public IPv4, and the gateway's hours in the zone",
        )


FAULT = Fault(
    code="NP127",
    name="regional-nat-az-missing",
    title="The regional NAT gateway does not serve the source availability zone",
    phrase="zone without NAT",
    since="0.1.0",
    symptoms=("connect-timeout-ipv4", "some-subnets"),
    check=check,
    doc=__doc__,
)
