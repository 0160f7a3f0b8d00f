"""The VPC's own block covers public addresses, which it hides.

## What it means

A block of the VPC is not private address space. Targets on the internet whose addresses are in
it are looked for inside the VPC.

## Why traffic fails

The local route of every table leads addresses of the VPC's blocks to its own interfaces, and no
interface has this one.

## How netprobe knows

The destination is public, in a block of the VPC, and no interface has it. Packets: silence.

## Known limits

Where an interface inside does have the address, that one answers, and nothing tells that another
was meant.

## Example

A VPC with the block `100.20.0.0/16`, which belongs to a region of AWS.

## Fix

Use IPv6 where the target has it, or reach it by a proxy in another VPC; in the long run give the
VPC a private block and move.

## Fix safety

A block can be taken off only when nothing in it is in use any more.

## References

- https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
- https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case, Hit, by
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.ways import is_for_public
from netprobe.model.addresses import Family, contains
from netprobe.model.finding import Evidence, Finding
from netprobe.model.trace import Reason

_PRIVATELY_ANSWERED = frozenset({"private-dns", "private-zone"})
"""Whoever puts an address into such a zone means something inside."""


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per public block of a VPC that hides a target."""
    hits = (
        hit
        for hit in case.hits(Reason.NO_SUCH_ADDRESS, family=Family.IPV4)
        if _block_of(case, hit) and is_for_public(hit.path) and not _is_meant_inside(hit)
    )
    for block, group in by(hits, lambda hit: str(_block_of(case, hit))):
        vpc_id = case.source(group[0].path).vpc_id
        yield FAULT.found_with(
            (
                Evidence(resource_id=vpc_id, says=f"has the block {block}, which is not private"),
                *dict.fromkeys(hit.evidence for hit in group),
            ),
            (hit.path.key for hit in group),
            reason="the local route takes every address of the VPC's blocks, and nothing inside "
            "has this one",
            advice=f"reach the target over IPv6 or by a proxy outside {vpc_id}, and move out of "
            f"{block}",
            standing_cost="none for IPv6; otherwise what the proxy costs",
        )


def _block_of(case: Case, hit: Hit) -> str | None:
    vpc = case.snapshot.vpc(case.source(hit.path).vpc_id)
    trace = hit.path.trace
    blocks = vpc.ipv4_cidrs if vpc else ()
    return next((str(i) for i in blocks if trace and contains(i, trace.flow.destination)), None)


def _is_meant_inside(hit: Hit) -> bool:
    resolution = hit.path.trace.resolution if hit.path.trace else None
    return resolution is not None and resolution.origin in _PRIVATELY_ANSWERED


FAULT = Fault(
    code="NP113",
    name="vpc-cidr-public-range",
    title="VPC (or secondary) CIDR uses publicly routed space, so some internet targets match the local route",
    phrase="VPC block hides the target",
    since="0.1.0",
    symptoms=("one-target-timeout", "refused"),
    check=check,
    doc=__doc__,
)
