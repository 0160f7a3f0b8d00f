"""VPC encryption controls keep the function out of the VPC.

## What it means

The VPC enforces encryption of all traffic inside it, and Lambda may not attach the function to
it.

## Why traffic fails

With VPC encryption controls in enforce mode only what encrypts in transit may be in the VPC;
Lambda needs an exclusion.

## How netprobe knows

Lambda gives the reason with the function's state, or with its last update
(GetFunctionConfiguration).

## Known limits

A check asks for the state of the function it is about, or of one function of each kind in the
VPC; of the others, and where the call is refused, nothing is said. What the probe meets on the same subnets is another matter: it has interfaces of its own. The controls
themselves are not read.

## Example

A VPC that was switched from monitoring to enforcing encryption.

## Fix

Add the exclusion for Lambda to the VPC's encryption control, or attach the function to another
VPC.

## Fix safety

An exclusion lets functions send without encryption inside the VPC.

## References

- https://docs.aws.amazon.com/vpc/latest/userguide/vpc-encryption-controls.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.lifecycle import ENCRYPTION, kept_out, says
from netprobe.model.finding import Evidence, Finding, Role


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per function that Lambda keeps out for this reason."""
    for function, code, keys in kept_out(case, ENCRYPTION):
        yield FAULT.found_with(
            (Evidence(resource_id=function.function_name, says=says(function, code)),),
            keys,
            reason="in enforce mode a VPC admits only what encrypts in transit",
            advice=f"add the exclusion for Lambda to the encryption control of {function.vpc_id}",
        )


FAULT = Fault(
    code="NP817",
    name="vpc-encryption-control",
    title="VPC encryption controls keep the function from attaching",
    phrase="encryption controls keep the function out",
    since="0.1.0",
    symptoms=("function-not-ready",),
    check=check,
    doc=__doc__,
    role=Role.CONTRIBUTING,
    names_cause=False,
)
