"""The function's timeout is shorter than its client's patience.

## What it means

Packets are lost in silence on this path, and the client would wait longer for them than the
function may run. The log ends in Task timed out and no network error is ever written.

## Why traffic fails

A client that gets no answer waits: boto3 60 seconds for each address and several times, plain
sockets about two minutes. Lambda ends the invocation first.

## How netprobe knows

Packets of a path that the client uses are lost in silence, or the configuration drops them where
none were sent, and the connect timeout of the client, chosen or guessed from the runtime, is not
below the function's timeout. The evidence counts: seconds for each address, addresses that were
resolved, calls the SDK makes by default.

## Known limits

The client's settings in the code are not seen: where it has a short timeout of its own, this is
wrong. It is never why a path fails, only why nobody sees it.

## Example

boto3 with its defaults in a function that may run for three seconds.

## Fix

Set the client's connect timeout to a second or three, with few retries, below the function's
timeout.

## Fix safety

A connect takes milliseconds inside a region; far targets need more.

## References

- https://repost.aws/knowledge-center/lambda-function-retry-timeout-sdk
- https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
- https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.lifecycle import functions
from netprobe.diagnosis.states import State, state_of
from netprobe.diagnosis.verdict import felt_paths
from netprobe.model.finding import Evidence, Finding, PathKey, Role
from netprobe.model.observation import Outcome
from netprobe.model.report import Path


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per function that ends before its client gives up."""
    patience = case.client.connect_seconds
    felt = felt_paths(case)
    for function, keys in functions(case):
        if patience is None or patience < function.timeout_seconds:
            continue
        families = [
            key
            for key in keys
            if key in felt and _is_silent(case.path(key)) and not _has_another_way(case, key)
        ]
        if families:
            yield FAULT.found_with(
                (
                    Evidence(
                        resource_id=function.function_name,
                        says=f"ends after {function.timeout_seconds} s, before "
                        f"{_hang(case, patience, families)}",
                    ),
                ),
                families,
                reason="Lambda ends the invocation before the client reports a network error",
                advice=f"set a connect timeout well below {function.timeout_seconds} s in the code",
            )


def _hang(case: Case, patience: float, families: list[PathKey]) -> str:
    """Return how long a call of the client hangs, with the numbers of this client and path."""
    client = case.client
    each = "" if client.fallback_seconds is None or client.races else " for each silent address"
    tries = f", and its SDK tries {client.calls} times by default" if client.calls > 1 else ""
    says = f"{client.name} gives up: it waits {patience:g} s{each}{tries}"
    first = families[0]
    asked = [key for key in families if (key.source, key.target) == (first.source, first.target)]
    known = [seen.resolved_addresses for key in asked if (seen := case.path(key).observation)]
    addresses = max(1, sum(len(item) for item in known)) if each else 1
    total = patience * addresses * client.calls
    if total == patience:
        return says
    plural = "es" * (addresses > 1)
    count = f", which has {addresses} such address{plural}" if each else ""
    return f"{says}: {total:g} s in all for {first.target}{count}"


def _has_another_way(case: Case, key: PathKey) -> bool:
    """Tell whether the client goes on in time to the family that works."""
    path, function = case.path(key), case.function(case.source_of(key))
    others = case.between(case.source_of(key), case.target(path)).values()
    patience = case.client.fallback_seconds
    if patience is None or function is None or patience >= function.timeout_seconds:
        return False
    return any(state_of(item) is State.WORKS for item in others)


def _is_silent(path: Path) -> bool:
    """Tell whether packets were lost in silence, or would be by a configuration nobody tested."""
    seen = path.observation
    if seen is not None and seen.outcome is not Outcome.NOT_PROBED:
        return seen.outcome is Outcome.TIMEOUT
    return state_of(path) is State.SILENT


FAULT = Fault(
    code="NP813",
    name="function-timeout-masks-error",
    title="Function timeout shorter than SDK connect timeout: only 'Task timed out', no network error in logs",
    phrase="the function's timeout hides the error",
    since="0.1.0",
    symptoms=("task-timed-out",),
    check=check,
    doc=__doc__,
    role=Role.CONTRIBUTING,
    names_cause=False,
)
