"""The peer VPC has no route back.

## What it means

The function's table leads to the peer, and the table of the target's subnet does not lead back.

## Why traffic fails

Each side of a peering connection needs a route to the other: the target answers, and the answer
is lost.

## How netprobe knows

The request crosses the peering connection and arrives, and no route of the target's subnet
leads the reply to the source. Packets: silence.

## Known limits

A peer in another account shows no tables; then the walk leaves the view and nothing is claimed.

## Example

A second table for the data subnets, which nobody gave the route that the first one has.

## Fix

Add a route for the function's blocks to the peering connection in every table that the target's
subnets use.

## Fix safety

The route lets the peer's machines open connections too, as far as groups admit them.

## References

- https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-routing.html
- https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case, Hit, by, resource_of
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.ways import central_endpoint, goes_by_peering, hops, source_block
from netprobe.model.finding import Finding
from netprobe.model.trace import Component, Reason


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per table of a peer that does not lead back."""
    hits = (hit for hit in case.hits(Reason.REPLY_ELSEWHERE) if _fits(case, hit))
    for table_id, group in by(hits, resource_of):
        peerings = dict.fromkeys(
            hop.resource_id
            for h in group
            for hop in hops(h.path, Component.VPC_PEERING_CONNECTION)
        )
        blocks = dict.fromkeys(source_block(case, hit.path) for hit in group)
        routes = ", ".join(f"{block} -> {peering}" for block in blocks for peering in peerings)
        yield FAULT.found(
            group,
            reason="each side of a peering connection needs a route to the other",
            advice=f"add {routes} in {table_id}",
        )


def _fits(case: Case, hit: Hit) -> bool:
    return goes_by_peering(hit.path) and central_endpoint(case, hit.path) is None


FAULT = Fault(
    code="NP118",
    name="peering-return-route",
    title="Route to the peer exists but the peer's table has no route back",
    phrase="no route back from the peer",
    since="0.1.0",
    symptoms=("private-target-timeout",),
    check=check,
    doc=__doc__,
)
