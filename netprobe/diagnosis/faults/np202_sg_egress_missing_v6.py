"""The function's security groups let nothing out to this port over IPv6.

## What it means

The groups allow IPv4 to anywhere, or nothing at all, and have no rule for IPv6. "All outbound"
of many tools means `0.0.0.0/0` only.

## Why traffic fails

A group allows and never denies: what no rule of any attached group admits is dropped without
an answer. IPv4 and IPv6 ranges are separate lists, so `0.0.0.0/0` says nothing about IPv6.

## How netprobe knows

The union of the egress rules of all attached groups admits no packet to the target's IPv6
address and port. Packets: silence. Rules that almost fit are shown.

## Known limits

Connections that were tracked before a rule was removed may live on; the probe opens new ones.
Egress that is restricted in both families is another fault (NP203, NP204, NP209).

## Example

A security group made by infrastructure code with `allowAllOutbound`, in a dual-stack subnet.

## Fix

Allow tcp to the target's port over IPv6 in one of the function's groups.

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
    for group_id, group in by(egress_hits(case, EgressGap.NO_IPV6), resource_of):
        ports = ports_of(group)
        yield FAULT.found(
            group,
            reason="a security group drops what no rule of it admits"
            ", and 0.0.0.0/0 is no rule for IPv6",
            advice=f"allow egress tcp {ports} to ::/0 in {group_id}",
        )


FAULT = Fault(
    code="NP202",
    name="sg-egress-missing-v6",
    title="Security group allows 0.0.0.0/0 but not ::/0: IPv6 is dropped although 'all outbound' was requested",
    phrase="no IPv6 egress rule",
    since="0.1.0",
    symptoms=("connect-timeout-ipv6",),
    check=check,
    doc=__doc__,
)
