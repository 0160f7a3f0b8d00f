"""The function sits in the account's default VPC, which has public subnets only.

## What it means

A default VPC is made with one public subnet in every zone and nothing else. IPv4 of a function
ends at its internet gateway, and there is no private subnet to move the function to.

## Why traffic fails

The internet gateway serves interfaces with a public IPv4 address, and a function's never have
one, although `MapPublicIpOnLaunch` is on in every default subnet.

## How netprobe knows

The VPC is the default one, the winning route is an internet gateway, and no table of the VPC
leads out by a NAT or transit gateway. Packets: silence until the time-out.

## Known limits

Where the default VPC has got a private subnet with a way out, the fault is the function's
choice of subnet (NP101).

## Example

A function attached to "the VPC" of a new account to reach a database, which then cannot reach
an API.

## Fix

Take the function out of the VPC if it needs nothing private there, which is free; or use IPv6;
or add private subnets with a table of their own and a NAT gateway in one of the public ones.

## Fix safety

Never point the main table of a default VPC at a NAT gateway: everything in it that is reached
from outside would be cut off.

## References

- https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc.html
- https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc-internet.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case, Hit, by
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.prices import NAT_GATEWAY_COST
from netprobe.diagnosis.routes import route_evidence, table_with_a_way
from netprobe.diagnosis.ways import is_at_source
from netprobe.model.addresses import Family
from netprobe.model.finding import Evidence, Finding
from netprobe.model.trace import Reason


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per default VPC without a private subnet that leads out."""
    hits = (
        hit for hit in case.hits(Reason.NO_PUBLIC_IPV4, family=Family.IPV4) if _fits(case, hit)
    )
    for vpc_id, group in by(hits, lambda hit: case.source(hit.path).vpc_id):
        subnets = dict.fromkeys(case.source(hit.path).subnet_id for hit in group)
        tables = [fact for subnet_id in subnets for fact in route_evidence(case, subnet_id)]
        yield FAULT.found_with(
            (
                Evidence(resource_id=vpc_id, says="is the default VPC, with public subnets only"),
                *dict.fromkeys(hit.evidence for hit in group),
                *dict.fromkeys(tables),
            ),
            (hit.path.key for hit in group),
            reason="an internet gateway drops IPv4 from interfaces without a public address, and "
            "a default VPC has no other way out",
            advice=f"take the function out of {vpc_id} if it needs nothing there; or use IPv6; or "
            "add a private subnet behind a NAT gateway and move the function to it",
            standing_cost="none outside the VPC or for IPv6; NAT gateway: " + NAT_GATEWAY_COST,
        )


def _fits(case: Case, hit: Hit) -> bool:
    source = case.source(hit.path)
    vpc = case.snapshot.vpc(source.vpc_id)
    has_a_way = table_with_a_way(case, source.subnet_id, Family.IPV4)
    alone = vpc is not None and vpc.is_default and has_a_way is None
    return alone and is_at_source(case, hit)


FAULT = Fault(
    code="NP102",
    name="route-v4-default-vpc",
    title="Function placed in the account's default VPC, whose subnets are all public",
    phrase="default VPC, all public",
    since="0.1.0",
    symptoms=("connect-timeout-ipv4", "task-timed-out"),
    check=check,
    doc=__doc__,
    explains=frozenset({"route-v4-public-subnet-no-public-ip"}),
)
