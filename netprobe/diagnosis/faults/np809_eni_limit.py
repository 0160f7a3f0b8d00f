"""Lambda may not make more network interfaces.

## What it means

Lambda could not make the interfaces the function needs: the quota for interfaces is used up, or
EC2 throttles the calls.

## Why traffic fails

Lambda makes one shared interface for each pair of a subnet and a set of security groups.
Interfaces count against a quota of the account and region.

## How netprobe knows

Lambda gives the reason with the function's state, or with its last update
(GetFunctionConfiguration).

## Known limits

A check asks for the state of the function it is about, or of one function of each kind in the
VPC; of the others, and where the call is refused, nothing is said. What the probe meets on the same subnets is another matter: it has interfaces of its own.

## Example

Many functions, each with security groups of its own.

## Fix

Let functions share sets of security groups and subnets, delete interfaces nobody uses, or have
the quota raised.

## Fix safety

Functions that share an interface share its security groups too.

## References

- https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
- https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.lifecycle import LIMITS, kept_out, says
from netprobe.model.finding import Evidence, Finding, Role


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per function that Lambda keeps out for this reason."""
    for function, code, keys in kept_out(case, LIMITS):
        yield FAULT.found_with(
            (Evidence(resource_id=function.function_name, says=says(function, code)),),
            keys,
            reason="one interface per subnet and set of security groups counts against the account's quota",
            advice=f"let {function.function_name} share security groups with others, or raise the quota",
        )


FAULT = Fault(
    code="NP809",
    name="eni-limit",
    title="ENI quota reached / EC2 throttled while Lambda creates interfaces",
    phrase="the quota of network interfaces is used up",
    since="0.1.0",
    symptoms=("function-not-ready",),
    check=check,
    doc=__doc__,
    role=Role.CONTRIBUTING,
    names_cause=False,
)
