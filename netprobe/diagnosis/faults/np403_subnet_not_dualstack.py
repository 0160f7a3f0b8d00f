"""The subnet has no IPv6 block, although IPv6 is in use around it.

## What it means

The VPC, or other subnets of the function, speak IPv6. This subnet has no IPv6 block, so
nothing in it has an IPv6 address.

## Why traffic fails

An address comes from the subnet's block. Lambda moreover allows IPv6 only when every subnet of
the function has one.

## How netprobe knows

The subnet has no associated IPv6 block and the VPC has one. Packets: no local address.

## Known limits

In a VPC without any IPv6 the family is absent by design and this fault is silent.

## Example

A function in two subnets, one dual-stack, the other older than the VPC's IPv6 block.

## Fix

Associate a /64 of the VPC's block with the subnet; then routes, ACL and group need their IPv6
parts too.

## Fix safety

Adding a block changes nothing for machines that do not ask for IPv6 addresses.

## References

- https://docs.aws.amazon.com/vpc/latest/userguide/vpc-migrate-ipv6.html
- https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case, Hit, by, resource_of
from netprobe.diagnosis.fault import Fault
from netprobe.model.finding import Finding
from netprobe.model.trace import Reason


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per IPv4-only subnet in a VPC that speaks IPv6."""
    hits = (hit for hit in case.hits(Reason.NO_IPV6_BLOCK) if _vpc_speaks_ipv6(case, hit))
    for subnet_id, group in by(hits, resource_of):
        yield FAULT.found(
            group,
            reason="nothing in a subnet without an IPv6 block has an IPv6 address",
            advice=f"associate a /64 of the VPC's IPv6 block with {subnet_id}",
        )


def _vpc_speaks_ipv6(case: Case, hit: Hit) -> bool:
    vpc = case.snapshot.vpc(case.source(hit.path).vpc_id)
    return vpc is not None and bool(vpc.ipv6_blocks)


FAULT = Fault(
    code="NP403",
    name="subnet-not-dualstack",
    title="One or more function subnets have no IPv6 CIDR (or VPC has none)",
    phrase="subnet without IPv6",
    since="0.1.0",
    symptoms=("no-local-ipv6",),
    check=check,
    doc=__doc__,
)
