"""The packets get through although the configuration says they cannot.

## What it means

netprobe's reading of the configuration and the packets it sent contradict each other. The
packets are right about this moment; the reading, or the moment it was made, is not.

## Why traffic fails

A change made seconds ago, something the account cannot show, or a rule that netprobe models
wrongly.

## How netprobe knows

The probe got past the connect while the trace names at least one blocker. The blockers are
shown as evidence. Before that is said, the configuration is read once more, and where that
settles nothing, the probe is asked once more: a change made seconds ago ends there, as a remark.

## Known limits

A snapshot that is judged later is not read again. A change that goes on while both are asked
twice looks the same.

## Example

A route added while the check was running.

## Fix

Run the check again. If it stays, send us two files, this is how the model gets better: the
report of `netprobe check --format json`, and the configuration it read, as `netprobe snapshot`
with the same VPC writes it. Say which resource of the evidence you know better.

## Fix safety

Nothing is changed.

## References

- https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case, Hit
from netprobe.diagnosis.fault import Fault
from netprobe.model.finding import Finding, Role
from netprobe.model.report import PathVerdict, Witnesses


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per blocker that packets passed."""
    for path in case.paths:
        passed = path.verdict in {PathVerdict.WORKS, PathVerdict.REFUSED}
        if path.witnesses is not Witnesses.DISAGREE or not passed or path.trace is None:
            continue
        hits = [Hit(path=path, blocker=blocker) for blocker in path.trace.blockers]
        if hits:
            yield FAULT.found(
                hits,
                reason="packets passed what the configuration, as netprobe reads it, blocks",
                advice="run the check again; if it stays, send us its JSON report and the file of "
                f"netprobe snapshot --vpc {case.source(path).vpc_id}",
            )


FAULT = Fault(
    code="NP901",
    name="model-disagreement",
    title="Configuration says one thing and the packets say another",
    phrase="the witnesses disagree",
    since="0.1.0",
    symptoms=("unexplained",),
    check=check,
    doc=__doc__,
    role=Role.CONTRIBUTING,
)
