"""A private NAT gateway is used to reach the internet.

## What it means

The default route leads to a NAT gateway of connectivity type `private`. Such a gateway has no
public address; it is made for on-premises networks and other VPCs.

## Why traffic fails

A private NAT gateway gives packets its private address, and an internet gateway drops packets
from private addresses.

## How netprobe knows

`ConnectivityType` of the NAT gateway on the way is `private` and the destination is public.
Packets: silence.

## Known limits

A private NAT gateway towards a transit gateway or a VPN gateway is healthy: what happens behind
that is judged by itself.

## Example

A NAT gateway created without an Elastic IP, because the form let it be.

## Fix

Create a public NAT gateway in a public subnet and point the default route at it; or use IPv6
through an egress-only internet gateway where targets are dual-stack.

## Fix safety

Keep the private gateway if routes to private networks use it: change the default route only.

## References

- https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html
- https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case, Hit, by, resource_of
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.prices import NAT_GATEWAY_COST
from netprobe.diagnosis.ways import is_for_public, is_private_nat
from netprobe.model.finding import Finding
from netprobe.model.trace import Reason


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per private NAT gateway that public destinations are sent to."""
    reasons = (Reason.NAT_PRIVATE, Reason.NAT_WITHOUT_INTERNET)
    hits = (hit for hit in case.hits(*reasons) if _fits(case, hit))
    for nat_gateway_id, group in by(hits, resource_of):
        yield FAULT.found(
            group,
            reason="a private NAT gateway has no public address, so an internet gateway drops "
            "what it sends",
            advice=f"send public destinations to a public NAT gateway instead of {nat_gateway_id}; "
            "or use IPv6 where targets are dual-stack",
            standing_cost="none for IPv6; NAT gateway: " + NAT_GATEWAY_COST,
        )


def _fits(case: Case, hit: Hit) -> bool:
    return is_private_nat(case, hit.blocker.resource_id) and is_for_public(hit.path)


FAULT = Fault(
    code="NP107",
    name="nat-private-connectivity",
    title="Private NAT gateway used for internet egress",
    phrase="private NAT gateway",
    since="0.1.0",
    symptoms=("connect-timeout-ipv4",),
    check=check,
    doc=__doc__,
)
