"""Part of the configuration could not be read, so the answer is unknown.

## What it means

A call that this path's answer needs was denied or failed. netprobe does not guess what it
would have said.

## Why traffic fails

Nothing need be wrong with the network: the caller lacks a permission, or AWS did not answer.

## How netprobe knows

The call, what it answered, and the IAM action that would allow it are named. It counts only
for paths whose answer depends on it.

## Known limits

What could be read is judged all the same: a fault that is certain is named beside the gap.

## Example

A role without `ec2:DescribeNetworkAcls`.

## Fix

Allow the named read-only action and run the check again.

## Fix safety

Describe actions change nothing.

## References

- https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from netprobe.diagnosis.case import Case
from netprobe.diagnosis.fault import Fault
from netprobe.model.finding import Evidence, Finding
from netprobe.model.report import Path


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per call whose answer a path needed."""
    needed: dict[str, list[Path]] = defaultdict(list)
    for path in case.paths:
        for call in path.trace.unread if path.trace else ():
            needed[call].append(path)
    for call, paths in needed.items():
        gap = case.snapshot.gap(call)
        action = gap.iam_action if gap else call
        yield FAULT.found_with(
            (Evidence(resource_id=call, says=gap.error if gap else "was not read"),),
            (path.key for path in paths),
            reason="what a denied call would have shown is unknown, not absent",
            advice=f"allow {action} and run the check again",
        )


FAULT = Fault(
    code="NP902",
    name="unread-configuration",
    title="Part of the configuration on this path could not be read, so the answer is unknown",
    phrase="configuration not readable",
    since="0.1.0",
    symptoms=("unexplained",),
    check=check,
    doc=__doc__,
)
