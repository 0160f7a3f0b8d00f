"""The subnet has no route table of its own and fell back to the VPC's main table.

## What it means

Nobody associated this subnet with the table that leads out, so it uses the VPC's main table,
which does not.

## Why traffic fails

A subnet without an explicit association uses the main route table. The console does not show
such subnets in any table's list, so the slip is easy to miss.

## How netprobe knows

The failing subnet is in no table's explicit associations, the main table has no way to the
target, and another table of the VPC has a default route of the same family that works.

## Known limits

Where no table of the VPC leads out, the main table is not the mistake and this fault is
silent.

## Example

A function in two subnets, one associated with the private table, the other forgotten.

## Fix

Associate the subnet with the table that leads out.

## Fix safety

Only the associated subnet changes. Swapping the main table instead would move every subnet
that relies on it.

## References

- https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case, by
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.routes import ROUTE_REASONS, is_implicit, table_with_a_way
from netprobe.diagnosis.ways import is_at_source
from netprobe.model.finding import Evidence, Finding


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per subnet that lacks an association another table would reward."""
    hits = (
        hit
        for hit in case.hits(*ROUTE_REASONS)
        if is_at_source(case, hit) and is_implicit(case, case.source(hit.path).subnet_id)
    )
    for subnet_id, group in by(hits, lambda hit: case.source(hit.path).subnet_id):
        table = case.route_table(subnet_id)
        family = group[0].path.key.family
        better = table_with_a_way(case, subnet_id, family)
        if table is None or better is None:
            continue
        yield FAULT.found_with(
            (
                Evidence(
                    resource_id=subnet_id,
                    says=f"has no association of its own, so {table.route_table_id}, the main "
                    "table, applies",
                ),
                *(hit.evidence for hit in group[:1]),
                Evidence(
                    resource_id=better.route_table_id,
                    says=f"leads out over {family.label} and is not associated with {subnet_id}",
                ),
            ),
            (hit.path.key for hit in group),
            reason="a subnet without an explicit association uses the VPC's main route table",
            advice=f"associate {subnet_id} with {better.route_table_id}",
        )


FAULT = Fault(
    code="NP108",
    name="route-table-main-implicit",
    title="Subnet is not explicitly associated with the intended table and falls back to the VPC main table",
    phrase="subnet on the main route table",
    since="0.1.0",
    symptoms=("connect-timeout",),
    check=check,
    doc=__doc__,
    explains=frozenset({"route-v4-no-default-route"}),
)
