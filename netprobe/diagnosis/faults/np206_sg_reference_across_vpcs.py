"""The target's rule names the function's group, which means nothing in another VPC.

## What it means

The target is in another VPC, and an ingress rule for the port names the function's security
group. On this way the reference stands for nobody.

## Why traffic fails

A reference to a group is honoured inside its VPC, and over an active peering connection of
the same region; over a transit gateway only where both it and the attachments support it; never
between regions, and never behind a NAT gateway or an appliance.

## How netprobe knows

The target's interface is in another VPC, its groups admit the port from the function's group,
and the walk finds that the way there does not keep the reference. Packets: silence.

## Known limits

A target whose groups have no such rule is another fault (NP208). A rule that is honoured and
fails for another reason does not show here.

## Example

A database in a shared VPC behind a transit gateway, which admits the function's group.

## Fix

Replace the reference by the function's subnet block, or a prefix list. On a transit gateway,
switch on security group referencing for the gateway and both attachments.

## Fix safety

A block admits everything in the subnet, and not only the members of the group.

## References

- https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
- https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-security-groups.html
- https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.admission import foreign_reference, seen_as
from netprobe.diagnosis.case import Case, by, resource_of
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.filters import ports_of
from netprobe.model.finding import Evidence, Finding
from netprobe.model.trace import Reason


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per group of a target whose reference stands for nobody."""
    hits = (
        hit
        for hit in case.hits(Reason.INGRESS_NOT_ALLOWED)
        if foreign_reference(case, hit) is not None
    )
    for group_id, group in by(hits, resource_of):
        names = dict.fromkeys(foreign_reference(case, hit) for hit in group)
        blocks = dict.fromkeys(seen_as(case, hit) for hit in group)
        port = ports_of(group)
        yield FAULT.found(
            group,
            also=(
                Evidence(resource_id=group_id, says=f"admits {name}, a group of another VPC")
                for name in names
            ),
            reason="a reference to a group of another VPC is kept over peering in one region and "
            "over transit gateways that support it, and nowhere else",
            advice=f"allow ingress tcp {port} from {', '.join(blocks)} in {group_id}",
        )


FAULT = Fault(
    code="NP206",
    name="sg-reference-across-vpcs",
    title="Ingress rule references the function's SG from another VPC where such references are not honoured",
    phrase="group reference across VPCs",
    since="0.1.0",
    symptoms=("private-target-timeout",),
    check=check,
    doc=__doc__,
)
