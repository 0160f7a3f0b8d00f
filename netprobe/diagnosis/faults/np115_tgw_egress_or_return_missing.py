"""Behind the transit gateway there is no way on, or no way back.

## What it means

The route leads to a transit gateway. Its route tables, or the tables of the VPC behind it, lack
a route to the destination or back to the function's VPC.

## Why traffic fails

A transit gateway forwards by the route table of the attachment that a packet comes from, so the
request and the reply need a route each; so do the tables in the hub.

## How netprobe knows

The walk crosses the transit gateway and is lost there or behind it, or the reply is. Packets:
silence. Where the hub is outside the visible account, only silence is left: the finding says so
and stays unsure.

## Known limits

A hub in another account shows nothing of its tables, gateways and firewalls: its owner has to
look. An attachment without a subnet in the zone is another fault (NP116).

## Example

A spoke's default route to a hub whose transit gateway table never learned the spoke's block.

## Fix

Add or propagate the route for the destination in the table of the spoke's attachment, and the
spoke's block in the hub's; then look at the hub's own subnet tables. Or use IPv6 out of the spoke.

## Fix safety

Routes in a transit gateway table serve every attachment associated with it.

## References

- https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html
- https://docs.aws.amazon.com/vpc/latest/tgw/transit-gateway-nat-igw.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from netprobe.diagnosis.case import Case, Hit, by, resource_of
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.hubs import silent_hubs
from netprobe.diagnosis.ways import (
    central_endpoint,
    goes_by_transit_gateway,
    is_own_table,
    silence,
    target_of_entry,
)
from netprobe.model.finding import Confidence, Evidence, Finding
from netprobe.model.trace import Component, Half, Reason

_LOST = frozenset(
    {
        Reason.NO_ROUTE,
        Reason.BLACKHOLE_ROUTE,
        Reason.REPLY_ELSEWHERE,
        Reason.NO_ATTACHMENT,
        Reason.NOT_ASSOCIATED,
        Reason.ATTACHMENT_NOT_AVAILABLE,
        Reason.ENDPOINT_FROM_OUTSIDE,
        Reason.NO_PUBLIC_IPV4,
        Reason.FORWARDING_LOOP,
    }
)
_STEPS = {
    Reason.NO_ATTACHMENT: "attach the VPC to {}",
    Reason.NOT_ASSOCIATED: "associate {} with a transit gateway route table",
    Reason.ATTACHMENT_NOT_AVAILABLE: "have {} accepted, or create it again",
    Reason.ENDPOINT_FROM_OUTSIDE: "use an endpoint of the function's own VPC instead of {}",
    Reason.NO_PUBLIC_IPV4: "send the hub's default route to a NAT gateway instead of {}",
}
_WHY = "a transit gateway and the VPC behind it need a route to the destination and one back"


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per table or attachment that loses flows, and one per silent hub."""
    hits = (hit for hit in case.hits(*_LOST) if _fits(case, hit))
    for resource_id, group in by(hits, resource_of):
        yield FAULT.found(group, reason=_WHY, advice=_advice(case, resource_id, group))
    yield from _hidden(case)


def _fits(case: Case, hit: Hit) -> bool:
    if hit.blocker.reason is Reason.BLACKHOLE_ROUTE and is_own_table(case, hit):
        return target_of_entry(hit).startswith("tgw-")
    if not goes_by_transit_gateway(hit.path):
        return False
    if hit.blocker.half is Half.REPLY:
        return central_endpoint(case, hit.path) is None
    if hit.blocker.reason is Reason.FORWARDING_LOOP:
        return True
    return not (hit.blocker.component is Component.ROUTE_TABLE and is_own_table(case, hit))


def _advice(case: Case, resource_id: str, group: list[Hit]) -> str:
    if any(hit.blocker.reason is Reason.FORWARDING_LOOP for hit in group):
        if all(is_own_table(case, hit) for hit in group):
            return f"lead the destination on in the transit gateway's table, not back to {resource_id}"
        return f"lead the destination to a way out in {resource_id}, not back to the hub"
    for reason, advice in _STEPS.items():
        if any(hit.blocker.reason is reason for hit in group):
            return advice.format(resource_id)
    if any(hit.blocker.half is Half.REPLY for hit in group):
        return f"add or propagate the route back to {_blocks(case, group)} in {resource_id}"
    return f"add the route to the destination in {resource_id}"


def _blocks(case: Case, group: list[Hit]) -> str:
    vpcs = [case.snapshot.vpc(case.source(hit.path).vpc_id) for hit in group]
    blocks = [str(block) for vpc in vpcs if vpc for block in vpc.ipv4_cidrs]
    return ", ".join(dict.fromkeys(blocks)) or "the function's VPC"


def _hidden(case: Case) -> Iterator[Finding]:
    """Yield what is lost behind a transit gateway where nothing can be read."""
    for gateway_id, paths in silent_hubs(case).items():
        says = "leads to a hub outside the visible account, and nothing comes back from there"
        finding = FAULT.found_with(
            (Evidence(resource_id=gateway_id, says=says), *map(silence, paths)),
            (path.key for path in paths),
            reason=_WHY,
            advice="have the hub's owner check the way out and the route back to the function's "
            f"VPC behind {gateway_id}, and firewalls there",
        )
        yield replace(finding, confidence=Confidence.LOW)


FAULT = Fault(
    code="NP115",
    name="tgw-egress-or-return-missing",
    title="Default route goes to a transit gateway; hub has no egress, or the return route to the function's VPC is missing",
    phrase="no way behind the transit gateway",
    since="0.1.0",
    symptoms=("connect-timeout",),
    check=check,
    doc=__doc__,
)
