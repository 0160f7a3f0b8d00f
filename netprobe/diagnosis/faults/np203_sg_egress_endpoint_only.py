"""The function's security groups let the port out to the VPC only.

## What it means

Egress rules for the port exist, and all of them lead to other security groups, to the VPC's own
blocks or to private addresses. The target is public.

## Why traffic fails

A reference to a group stands for the private addresses of its members. Interface endpoints
are reached by it; a public API has an address that no such rule covers, and what no rule of any
attached group admits is dropped without an answer.

## How netprobe knows

Of all egress rules of all attached groups, those that admit the port are for groups and for
private or the VPC's own blocks, and the target's address is outside of them. Packets: silence,
while endpoints in the VPC connect.

## Known limits

A target in the VPC that the rules leave out is another fault (NP209), unless the same group keeps
a public one in too; a missing rule for a gateway endpoint's prefixes is NP204.

## Example

A group that lets tcp 443 out to the endpoints' group only, in front of a public WebSocket API.

## Fix

Allow tcp to the target's port in one of the function's groups: to the target's prefix list
where it has one, else to `0.0.0.0/0` and `::/0`.

## Fix safety

The rule opens the port to the internet for everything that uses the group; whether a route
leads there is decided by the route table.

## References

- https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case, by, resource_of
from netprobe.diagnosis.egress_rules import EgressGap, egress_hits, moot_beside, rule_evidence
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.filters import ports_of
from netprobe.model.finding import Finding


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per group, or set of groups, that is open to the inside only."""
    for group_id, group in by(egress_hits(case, EgressGap.INSIDE_ONLY), resource_of):
        families = dict.fromkeys(str(hit.path.key.family.everything) for hit in group)
        yield FAULT.found(
            group,
            moot_beside=moot_beside(case, group),
            also=dict.fromkeys(rule_evidence(case, group)),
            reason="a rule for a group or for the VPC's blocks covers private addresses only, and "
            "the target's is none of them",
            advice=f"allow egress tcp {ports_of(group)} to {' and '.join(families)} (or the "
            f"target) in {group_id}",
        )


FAULT = Fault(
    code="NP203",
    name="sg-egress-endpoint-only",
    title="Egress restricted to the endpoint security group or VPC CIDR, so public APIs are unreachable",
    phrase="egress for inside the VPC only",
    since="0.1.0",
    symptoms=("connect-timeout",),
    check=check,
    doc=__doc__,
)
