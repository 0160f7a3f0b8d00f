"""Some of the function's subnets lead to the target and others do not.

## What it means

Each execution environment of a function lives in one of its subnets. Those in a subnet without
a way out fail, the others work, so calls fail at random.

## Why traffic fails

Lambda picks the subnet of each execution environment itself. A retry may land in a working
one, a redeployment may shuffle them, which is why it seems to heal by itself.

## How netprobe knows

For one function, one target and one family, at least one subnet works and at least one is
stopped by its route. Both are shown.

## Known limits

Subnets that differ in their network ACL alone are named by the ACL's own fault.

## Example

A function in two subnets, of which one uses the main table without a default route.

## Fix

Give the failing subnet the route table of the working one, or take the subnet out of the
function.

## Fix safety

Taking a subnet out costs redundancy across availability zones; sharing one NAT gateway across
zones costs 0.01 USD per GB.

## References

- https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
- https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case, by
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.routes import ROUTE_REASONS
from netprobe.model.finding import Evidence, Finding
from netprobe.model.flow import Source
from netprobe.model.report import Path


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per function and failing subnet, with a working sibling beside it."""
    hits = (hit for hit in case.hits(*ROUTE_REASONS) if working_sibling(case, hit.path))
    for _, group in by(hits, lambda hit: case.source(hit.path).id):
        source = case.source(group[0].path)
        sibling = working_sibling(case, group[0].path)
        if sibling is None:
            continue
        broken, working = (case.route_table(i.subnet_id) for i in (source, sibling))
        table = working.route_table_id if working else "the working subnet's table"
        yield FAULT.found_with(
            (
                Evidence(
                    resource_id=source.subnet_id,
                    says=f"uses {broken.route_table_id if broken else 'no table'}: "
                    f"{group[0].blocker.detail}",
                ),
                Evidence(resource_id=sibling.subnet_id, says=f"uses {table} and works"),
            ),
            (hit.path.key for hit in group),
            reason="each execution environment lives in one of the function's subnets, so calls "
            "fail whenever Lambda picks this one",
            advice=f"associate {source.subnet_id} with {table}, or take it out of the function",
        )


def working_sibling(case: Case, path: Path) -> Source | None:
    """Return another subnet of the same function from which the same target works."""
    mine = case.source(path)
    if mine.function_name is None:
        return None
    others = map(case.source, case.working(path.key.target, path.key.family))
    return next((item for item in others if item.function_name == mine.function_name), None)


FAULT = Fault(
    code="NP109",
    name="route-mixed-subnets-intermittent",
    title="Function spans several subnets and only some have egress: intermittent, per execution environment",
    phrase="some subnets have no way out",
    since="0.1.0",
    symptoms=("some-subnets",),
    check=check,
    doc=__doc__,
    explains=frozenset(
        {
            "route-table-main-implicit",
            "route-v4-no-default-route",
            "route-v4-public-subnet-no-public-ip",
            "route-v6-no-default",
            "service-endpoint-absent",
            "gateway-endpoint-absent",
        }
    ),
)
