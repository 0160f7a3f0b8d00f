"""No address is left in a subnet of the function.

## What it means

Lambda needs an address in each subnet for the function's interface, and a subnet has none left.
New or updated functions cannot be attached there.

## Why traffic fails

One interface serves all functions with the same subnet and security groups, whatever their
number of environments: addresses run out by the number of combinations, and by other things in
the subnet.

## How netprobe knows

Lambda gives the reason with the function's state, or with its last update
(GetFunctionConfiguration). Or the subnet's count of free addresses is zero and no interface of
Lambda's with these groups is in it.

## Known limits

A subnet without free addresses in which the function's interface is already is no fault, and
nothing is said.

## Example

A /28 subnet with eleven endpoints and a new function.

## Fix

Use larger subnets, or let functions share security groups and so interfaces.

## Fix safety

A function that is moved gets new interfaces: allow-lists of addresses change.

## References

- https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
- https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.lifecycle import NO_ADDRESSES, functions, reason_of, says
from netprobe.model.finding import Evidence, Finding, Role
from netprobe.model.workloads import Function

_INTERFACES = "ec2:DescribeNetworkInterfaces"


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per function that has no room in a subnet."""
    for function, keys in functions(case):
        facts = tuple(_facts(case, function))
        if facts:
            yield FAULT.found_with(
                facts,
                keys,
                reason="Lambda needs a free address in each of the function's subnets",
                advice=f"give {function.function_name} larger subnets, or let it share security "
                "groups, and so an interface, with other functions",
            )


def _facts(case: Case, function: Function) -> Iterator[Evidence]:
    code = reason_of(function)
    if code in NO_ADDRESSES:
        yield Evidence(resource_id=function.function_name, says=says(function, str(code)))
    if case.snapshot.gap(_INTERFACES):
        return
    for subnet_id in function.subnet_ids:
        subnet = case.snapshot.subnet(subnet_id)
        shared = case.snapshot.lambda_interface(subnet_id, function.security_group_ids)
        if subnet is not None and subnet.available_ip_address_count == 0 and shared is None:
            yield Evidence(resource_id=subnet_id, says="has no free IPv4 address")


FAULT = Fault(
    code="NP808",
    name="subnet-ip-exhausted",
    title="Function subnets have no free IPv4 addresses for Hyperplane ENIs",
    phrase="a subnet has no free address",
    since="0.1.0",
    symptoms=("function-not-ready",),
    check=check,
    doc=__doc__,
    role=Role.CONTRIBUTING,
    names_cause=False,
)
