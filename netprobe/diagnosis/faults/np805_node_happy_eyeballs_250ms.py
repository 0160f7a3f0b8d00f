"""Node gives each address 250 ms, and this path needs more.

## What it means

The path works, but a connect takes longer than Node 20 and later wait for one address by
default. Node gives up each address and fails with AggregateError ETIMEDOUT.

## Why traffic fails

`autoSelectFamily` tries one address after another, each for 250 ms, unless told otherwise. A far
target or a slow first packet needs more.

## How netprobe knows

The client is node20, chosen or by the function's runtime, and a connect that went well took the
probe longer than 250 ms.

## Known limits

Names with a single address are tried without that limit. A slow connect can have been an
exception: with `--attempts` the median is shown.

## Example

A function in Sydney that calls a host in Europe.

## Fix

Raise `net.setDefaultAutoSelectFamilyAttemptTimeout`, or
`--network-family-autoselection-attempt-timeout` in NODE_OPTIONS.

## Fix safety

A family that is dead costs the longer time before the other is tried.

## References

- https://nodejs.org/api/net.html
- https://github.com/nodejs/node/issues/54359
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case
from netprobe.diagnosis.clients import client_for_runtime
from netprobe.diagnosis.fault import Fault
from netprobe.model.finding import Evidence, Finding, PathKey, Role
from netprobe.model.observation import Outcome, StageName
from netprobe.model.report import Path

_PATIENCE = 250
"""Milliseconds for each address: https://nodejs.org/api/net.html"""
_NODE = "node20"


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per target that connects too slowly for Node."""
    for target in case.targets:
        slow: list[tuple[float, PathKey]] = []
        for path in case.paths:
            spent = _connect_milliseconds(path)
            if path.key.target == target.id and spent > _PATIENCE and _is_node(case, path):
                slow.append((spent, path.key))
        if slow:
            yield FAULT.found_with(
                (Evidence(resource_id=target.id, says=f"connects in {max(slow)[0]:.0f} ms"),),
                (key for _, key in slow),
                reason="Node 20 and later give each address 250 ms to connect",
                advice="raise net.setDefaultAutoSelectFamilyAttemptTimeout above "
                f"{max(slow)[0] * 2:.0f} ms",
            )


def _is_node(case: Case, path: Path) -> bool:
    function = case.function(case.source(path))
    by_runtime = function is not None and client_for_runtime(function.runtime).name == _NODE
    return case.client.name == _NODE or by_runtime


def _connect_milliseconds(path: Path) -> float:
    stage = path.observation.stage(StageName.CONNECT) if path.observation else None
    return stage.milliseconds if stage and stage.outcome is Outcome.REACHABLE else 0.0


FAULT = Fault(
    code="NP805",
    name="node-happy-eyeballs-250ms",
    title="Node 20+ autoSelectFamily aborts each address after 250 ms: far or slow targets fail with AggregateError ETIMEDOUT",
    phrase="Node gives up after 250 ms",
    since="0.1.0",
    symptoms=("one-target-timeout",),
    check=check,
    doc=__doc__,
    role=Role.CONTRIBUTING,
    names_cause=False,
)
