"""The function's role may not make network interfaces.

## What it means

Lambda makes a function's interfaces with the function's own role, and that role lacks the
permission, or an organisation's policy takes it away.

## Why traffic fails

`ec2:CreateNetworkInterface`, `ec2:DescribeNetworkInterfaces`, `ec2:DescribeSubnets`,
`ec2:DeleteNetworkInterface` and the two for addresses are needed while the function is attached.

## How netprobe knows

Lambda gives the reason with the function's state, or with its last update
(GetFunctionConfiguration).

## Known limits

A check asks for the state of the function it is about, or of one function of each kind in the
VPC; of the others, and where the call is refused, nothing is said. What the probe meets on the same subnets is another matter: it has interfaces of its own.

## Example

A role made for functions without a VPC.

## Fix

Attach the managed policy AWSLambdaVPCAccessExecutionRole to the role.

## Fix safety

The function's code gets the permissions too; a deny on `lambda:SourceFunctionArn` keeps it from
them.

## References

- https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.lifecycle import PERMISSIONS, kept_out, says
from netprobe.model.finding import Evidence, Finding, Role


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per function that Lambda keeps out for this reason."""
    for function, code, keys in kept_out(case, PERMISSIONS):
        yield FAULT.found_with(
            (Evidence(resource_id=function.function_name, says=says(function, code)),),
            keys,
            reason="Lambda makes and deletes the interfaces with the function's own role",
            advice=f"attach AWSLambdaVPCAccessExecutionRole to the role of {function.function_name}",
        )


FAULT = Fault(
    code="NP811",
    name="role-lacks-eni-permissions",
    title="Execution role (or SCP) lacks ec2:CreateNetworkInterface and friends",
    phrase="the role may not make interfaces",
    since="0.1.0",
    symptoms=("function-not-ready",),
    check=check,
    doc=__doc__,
    role=Role.CONTRIBUTING,
    names_cause=False,
)
