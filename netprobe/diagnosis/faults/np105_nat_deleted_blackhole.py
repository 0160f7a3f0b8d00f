"""The route that wins leads to something that no longer exists.

## What it means

The default route still points at a NAT gateway or NAT instance that was deleted. The route is
a black hole.

## Why traffic fails

A route that wins and whose target is gone drops its packets. It never falls through to a less
specific route.

## How netprobe knows

The winning IPv4 route has state `blackhole` and its target is a NAT gateway, an interface or
an instance. Packets: silence.

## Known limits

A blackhole route that does not win for the target is not a fault. A NAT gateway that exists
and failed is another one (NP106).

## Example

A NAT gateway deleted to save money while the private table still points at it.

## Fix

Replace the route's target with a NAT gateway that exists; or delete the route and use IPv6
through an egress-only internet gateway where targets are dual-stack.

## Fix safety

The table may serve other subnets: they fail the same way now and are mended with it.

## References

- https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-working-with.html
- https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case, Hit, by
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.prices import NAT_GATEWAY_COST
from netprobe.diagnosis.ways import target_of_entry
from netprobe.model.addresses import Family
from netprobe.model.finding import Finding
from netprobe.model.trace import Reason

_PREFIXES = ("nat-", "eni-", "i-")


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per dead route to a NAT gateway, interface or instance."""
    reasons = (Reason.BLACKHOLE_ROUTE, Reason.NAT_NOT_AVAILABLE)
    hits = (hit for hit in case.hits(*reasons, family=Family.IPV4) if _fits(case, hit))
    for _, group in by(hits, lambda hit: f"{hit.blocker.resource_id} {hit.blocker.entry}"):
        blocker = group[0].blocker
        yield FAULT.found(
            group,
            reason="a route that wins and whose target is gone drops packets; less specific "
            "routes are not tried",
            advice=f"replace the target of {blocker.entry} in {blocker.resource_id} with a NAT "
            "gateway that exists; or delete the route and use IPv6 where targets are dual-stack",
            standing_cost="none for IPv6; NAT gateway: " + NAT_GATEWAY_COST,
        )


def _fits(case: Case, hit: Hit) -> bool:
    """Tell whether the route's target is gone; it may not be marked as a black hole yet."""
    target = target_of_entry(hit)
    if hit.blocker.reason is Reason.BLACKHOLE_ROUTE:
        return target.startswith(_PREFIXES)
    gateway = case.snapshot.nat_gateway(target)
    return gateway is None or gateway.state.lower() == "deleted"


FAULT = Fault(
    code="NP105",
    name="nat-deleted-blackhole",
    title="Default route still points to a deleted NAT gateway / terminated NAT instance (State=blackhole)",
    phrase="route to a deleted NAT",
    since="0.1.0",
    symptoms=("connect-timeout-ipv4",),
    check=check,
    doc=__doc__,
)
