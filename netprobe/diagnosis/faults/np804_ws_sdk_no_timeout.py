"""The client for @connections has no deadline of its own.

## What it means

A call of postToConnection that gets no answer does not end: the SDK has no overall deadline by
default, and the function dies with it.

## Why traffic fails

Connect, socket and request timeouts are apart, and some versions of the SDK ignore one of them.
Any silent loss of packets then looks like a slow function.

## How netprobe knows

It cannot: the client's settings are in the code. Where the way to `@connections` is silent this
is a note, beside the finding that says why.

## Known limits

It is never why packets are lost.

## Example

The SDK for JavaScript with a requestTimeout that is not honoured.

## Fix

Give the call an abort signal or timeouts well below the function's timeout.

## Fix safety

Nothing is changed in the network.

## References

- https://github.com/aws/aws-sdk-js-v3/issues/7632
- https://docs.aws.amazon.com/sdkref/latest/guide/feature-smart-config-defaults.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.states import State, state_of
from netprobe.diagnosis.verdict import felt_paths
from netprobe.model.finding import Evidence, Finding
from netprobe.model.observation import Outcome
from netprobe.model.report import Path


def check(case: Case) -> Iterator[Finding]:
    """Yield a note per WebSocket API whose management calls get no answer in JavaScript."""
    if not case.client.name.startswith("node"):
        return
    felt = felt_paths(case)
    for target in case.targets:
        keys = [
            path.key
            for path in case.paths
            if path.key.target == target.id
            and "@connections" in (target.path or "")
            and path.key in felt
            and _is_silent(path)
        ]
        if keys:
            yield FAULT.found_with(
                (
                    Evidence(
                        resource_id=target.id,
                        says="gives no answer, for which postToConnection waits",
                    ),
                ),
                keys,
                reason="the SDK for JavaScript has no overall deadline by default",
                advice="give the call a deadline well below the function's timeout",
            )


def _is_silent(path: Path) -> bool:
    seen = path.observation
    return seen is not None and seen.outcome is Outcome.TIMEOUT and state_of(path) is State.SILENT


FAULT = Fault(
    code="NP804",
    name="ws-sdk-no-timeout",
    title="postToConnection hangs past requestTimeout, so the Lambda dies silently",
    phrase="the client has no deadline",
    since="0.1.0",
    symptoms=("task-timed-out",),
    check=check,
    doc=__doc__,
    names_cause=False,
    decidable=False,
)
