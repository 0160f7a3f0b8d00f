"""The transit gateway attachment has no subnet in the source's zone.

## What it means

The VPC is attached to the transit gateway with subnets in some zones, and the function's subnet
is in another.

## Why traffic fails

A transit gateway takes traffic from a zone only where the attachment has a subnet in that zone.

## How netprobe knows

The zones of the attachment's subnets and that of the source's subnet. Packets: silence, from
this zone only.

## Known limits

It needs the attachment's subnets to be read; where they are not, the answer is unknown.

## Example

A third subnet given to the function, in a zone the network team never attached.

## Fix

Add a subnet of the zone to the attachment, or take the zone out of the function.

## Fix safety

The attachment is billed by the hour whatever its zones; the new subnet should be a small one of
its own.

## References

- https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html
- https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case, by, resource_of
from netprobe.diagnosis.fault import Fault
from netprobe.model.finding import Finding
from netprobe.model.trace import Reason


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per attachment that lacks a source's zone."""
    for attachment_id, group in by(case.hits(Reason.NO_ATTACHMENT_IN_ZONE), resource_of):
        places = [hit.blocker.subnet_id or case.source(hit.path).subnet_id for hit in group]
        subnets = [case.snapshot.subnet(place) for place in places]
        zones = sorted({subnet.availability_zone for subnet in subnets if subnet})
        yield FAULT.found(
            group,
            reason="a transit gateway takes traffic from a zone only where the attachment has a "
            "subnet in it",
            advice=f"add a subnet in {', '.join(zones)} to {attachment_id}, or take the zone out "
            "of the function",
        )


FAULT = Fault(
    code="NP116",
    name="tgw-attachment-missing-az",
    title="Transit gateway attachment has no subnet in the AZ of one function subnet",
    phrase="zone not attached",
    since="0.1.0",
    symptoms=("some-subnets",),
    check=check,
    doc=__doc__,
)
