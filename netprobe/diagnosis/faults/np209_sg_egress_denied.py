"""No egress rule of the function's groups admits this flow.

## What it means

Egress rules for the port and the family exist, and none of them covers the target's address.

## Why traffic fails

A group allows and never denies: what no rule of any attached group admits is dropped without
an answer.

## How netprobe knows

The union of the egress rules of all attached groups admits the port to some addresses or
groups, and the target is none of them. Packets: silence. Rules that almost fit are shown.

## Known limits

The cases with names of their own are left to them: no rule for IPv4 (NP201) or IPv6 (NP202),
rules for the inside only (NP203), a gateway endpoint's prefixes (NP204).

## Example

A group that lets tcp 443 out to a partner's addresses, and a call to another host.

## Fix

Add an egress rule for the target's address, prefix list or group and its port.

## Fix safety

The rule opens the port to that target for everything that uses the group.

## References

- https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case, Hit, by, resource_of
from netprobe.diagnosis.egress_rules import EgressGap, egress_hits, moot_beside, rule_evidence
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.filters import ports_of
from netprobe.model.finding import Finding


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per group, or set of groups, whose rules are for other targets."""
    for group_id, group in by(egress_hits(case, EgressGap.OTHER), resource_of):
        targets = dict.fromkeys(_target(case, hit) for hit in group)
        yield FAULT.found(
            group,
            moot_beside=moot_beside(case, group),
            also=dict.fromkeys(rule_evidence(case, group)),
            reason="a security group drops what no rule of it admits, without an answer",
            advice=f"allow egress tcp {ports_of(group)} to {', '.join(targets)} in {group_id}",
        )


def _target(case: Case, hit: Hit) -> str:
    """Return the address to admit; the host where an address only stands for it."""
    trace = hit.path.trace
    if trace is None or (trace.resolution is not None and trace.resolution.assumed):
        return f"the addresses of {case.target(hit.path).host}"
    return str(trace.flow.destination)


FAULT = Fault(
    code="NP209",
    name="sg-egress-denied",
    title="No egress rule of the attached groups admits this flow (other cases than the named ones)",
    phrase="no egress rule for the target",
    since="0.1.0",
    symptoms=("connect-timeout",),
    check=check,
    doc=__doc__,
)
