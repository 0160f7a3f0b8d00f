"""Where a function runs: fewer subnets, where some of them lead nowhere and the others do.

"Attaching Lambda functions to a VPC": any subnet of the function may run an invocation.
https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case
from netprobe.diagnosis.verdict import deciding, experience
from netprobe.fixes.goals import Goal
from netprobe.model.changes import LeaveSubnets
from netprobe.model.flow import Source
from netprobe.model.report import Target, Verdict
from netprobe.model.snapshot import Snapshot


def leave_subnets(case: Case, goal: Goal) -> Iterator[LeaveSubnets]:
    """Yield the function without the subnets that fail, where all asked works from the others.

    Not where one of the others was not looked at, or where a second function runs in those that
    fail and may be meant as well.
    """
    names = {item.function_name for item in goal.sources}
    function = case.function(goal.sources[0])
    if function is None or len(names) > 1:
        return
    failing = {subnet for item in goal.sources for subnet in (item.subnet_id, *item.represents)}
    others = [
        item
        for item in case.sources
        if item.function_name == function.function_name and item.subnet_id not in failing
    ]
    left = tuple(item for item in function.subnet_ids if item not in failing)
    known = {subnet for item in others for subnet in (item.subnet_id, *item.represents)}
    shared = any(
        item.function_name != function.function_name and not failing.isdisjoint(item.subnet_ids)
        for item in case.snapshot.functions
    )
    if not left or shared or not known.issuperset(left):
        return
    if all(_works(case, item, deciding(case.targets)) for item in others):
        yield LeaveSubnets(
            function_name=function.function_name,
            leaves=tuple(item for item in function.subnet_ids if item in failing),
            subnet_ids=left,
            group_ids=function.security_group_ids,
            ipv6_allowed=function.ipv6_allowed,
        )


def zones_left(snapshot: Snapshot, change: LeaveSubnets) -> Iterator[str]:
    """Yield the zone that the function depends on afterwards, if it is one."""
    zones = {item.zone for subnet in change.subnet_ids if (item := snapshot.subnet(subnet))}
    if len(zones) == 1:
        yield f"{change.function_name} runs in {zones.pop()} alone afterwards"


def _works(case: Case, source: Source, targets: tuple[Target, ...]) -> bool:
    return all(experience(case, source, item).verdict is Verdict.HEALTHY for item in targets)
