"""The function is not active: it is being made, or was put to rest.

## What it means

The function is Pending, while Lambda makes its interfaces, or Inactive, after weeks without a
call. Calls wait or fail until it is Active.

## Why traffic fails

Lambda takes back the interfaces of a function that is not called for a while. The first call
then fails, starts their making and turns the state to Pending.

## How netprobe knows

The function's state, as GetFunctionConfiguration gives it, is not Active and the reason has no
finding of its own.

## Known limits

A check asks for the state of the function it is about, or of one function of each kind in the
VPC; of the others, and where the call is refused, nothing is said. What the probe meets on the same subnets is another matter: it has interfaces of its own.

## Example

The first call of a nightly function in a new account.

## Fix

Wait for the state Active and call again; call it now and then where the first call matters.

## Fix safety

Nothing is changed in the network.

## References

- https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.lifecycle import NAMED, functions, reason_of
from netprobe.model.finding import Evidence, Finding, Role

_WORKING = frozenset({"Active", "ActiveNonInvocable"})


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per function that cannot be called right now."""
    for function, keys in functions(case):
        if function.state is None or function.state in _WORKING or reason_of(function) in NAMED:
            continue
        because = f", reason {reason_of(function)}" if reason_of(function) else ""
        because += f": {function.state_reason}" if function.state_reason else ""
        yield FAULT.found_with(
            (
                Evidence(
                    resource_id=function.function_name,
                    says=f"is in state {function.state}{because}",
                ),
            ),
            keys,
            reason="a function takes calls when it is Active",
            advice=f"wait until {function.function_name} is Active, then call it again",
        )


FAULT = Fault(
    code="NP810",
    name="function-pending-or-inactive",
    title="Function is Pending (ENI being created) or Inactive (resources reclaimed after idle)",
    phrase="the function is not active",
    since="0.1.0",
    symptoms=("function-not-ready",),
    check=check,
    doc=__doc__,
    role=Role.CONTRIBUTING,
    names_cause=False,
)
