"""The function may not use IPv6, although its subnet could.

## What it means

`Ipv6AllowedForDualStack` is off, which is the default. The function has no IPv6 address,
whatever subnet, routes and groups allow.

## Why traffic fails

Lambda gives a function's sandbox an IPv6 address only when the flag is on. Without it, opening
an IPv6 socket fails at once.

## How netprobe knows

The function's VpcConfig has the flag off and the subnet has an IPv6 block. Packets: no local
address, at once rather than after a time-out.

## Known limits

In a subnet without an IPv6 block the flag cannot be switched on: there the subnet is the fault
(NP403).

## Example

A function in dual-stack subnets whose template never mentions the flag.

## Fix

`aws lambda update-function-configuration --vpc-config Ipv6AllowedForDualStack=true,...` with
the same subnets and groups; every subnet must be dual-stack.

## Fix safety

Clients that prefer IPv6 will use it at once: routes, groups and ACLs must be ready for it.

## References

- https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
- https://docs.aws.amazon.com/lambda/latest/api/API_VpcConfig.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case, by, resource_of
from netprobe.diagnosis.fault import Fault
from netprobe.model.finding import Finding
from netprobe.model.trace import Reason


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per function whose flag is off in a dual-stack subnet."""
    hits = (
        hit for hit in case.hits(Reason.IPV6_NOT_ALLOWED) if case.has_ipv6(case.source(hit.path))
    )
    for name, group in by(hits, resource_of):
        yield FAULT.found(
            group,
            reason="a function gets no IPv6 address unless Ipv6AllowedForDualStack is on, and the "
            "default is off",
            advice=f"set Ipv6AllowedForDualStack=true for {name} (all its subnets must be "
            "dual-stack)",
        )


FAULT = Fault(
    code="NP402",
    name="lambda-ipv6-not-allowed",
    title="VpcConfig.Ipv6AllowedForDualStack is false (default): the function has no IPv6 even in a dual-stack subnet",
    phrase="IPv6 not allowed for the function",
    since="0.1.0",
    symptoms=("no-local-ipv6",),
    check=check,
    doc=__doc__,
)
