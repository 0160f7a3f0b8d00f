"""The function's security groups let nothing out to this port over IPv4.

## What it means

No egress rule of any attached group is for this port over IPv4.

## Why traffic fails

A group allows and never denies: what no rule of any attached group admits is dropped without
an answer. IPv4 and IPv6 ranges are separate lists.

## How netprobe knows

The union of the egress rules of all attached groups admits no packet to the target's IPv4
address and port. Packets: silence. Rules that almost fit are shown.

## Known limits

Connections that were tracked before a rule was removed may live on; the probe opens new ones.
Rules for the port that do not cover the target are other faults (NP203, NP204, NP209).

## Example

A function whose group had its egress rules revoked.

## Fix

Allow tcp to the target's port over IPv4 in one of the function's groups.

## Fix safety

The rule opens the port for everything that uses the group.

## References

- https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case, by, resource_of
from netprobe.diagnosis.egress_rules import EgressGap, egress_hits
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.filters import ports_of
from netprobe.model.finding import Finding


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per group, or set of groups, that lets the flow out nowhere."""
    for group_id, group in by(egress_hits(case, EgressGap.NO_IPV4), resource_of):
        ports = ports_of(group)
        yield FAULT.found(
            group,
            reason="a security group drops what no rule of it admits, without an answer",
            advice=f"allow egress tcp {ports} to 0.0.0.0/0 (or the target) in {group_id}",
        )


FAULT = Fault(
    code="NP201",
    name="sg-egress-missing-v4",
    title="Function's security groups have no IPv4 egress rule for the destination port",
    phrase="no IPv4 egress rule",
    since="0.1.0",
    symptoms=("connect-timeout-ipv4",),
    check=check,
    doc=__doc__,
)
