"""The function sits in a public subnet, where IPv4 ends at the internet gateway.

## What it means

The subnet's default route leads to an internet gateway. That serves machines with a public
IPv4 address, and a function never gets one, whatever the subnet's auto-assign setting says.

## Why traffic fails

An internet gateway translates a private address to the public one paired with it, and drops
packets from interfaces that have none. Lambda's interfaces have none, and an Elastic IP put on
one by hand goes away with it.

## How netprobe knows

The route that wins for the target's address is an internet gateway and the source has no
public IPv4. Packets: silence until the time-out, on every attempt.

## Known limits

It is silent about IPv6, which needs no translation at an internet gateway.

## Example

A function in two public subnets that calls back to its WebSocket API.

## Fix

Move the function to a subnet whose default route is a NAT gateway, or give it IPv6: dual-stack
subnets, `::/0` to an egress-only internet gateway, the group's IPv6 rule,
`Ipv6AllowedForDualStack`, and a target with AAAA records, which costs nothing while it stands.

## Fix safety

Moving the function changes its addresses: databases that admit it by CIDR must admit the new
subnets.

## References

- https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc-internet.html
- https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case, Hit, by
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.prices import NAT_GATEWAY_COST
from netprobe.diagnosis.routes import route_evidence
from netprobe.diagnosis.ways import is_at_source
from netprobe.model.addresses import Family
from netprobe.model.finding import Finding
from netprobe.model.trace import Reason


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per route table whose IPv4 ends at an internet gateway."""
    hits = (
        hit
        for hit in case.hits(Reason.NO_PUBLIC_IPV4, family=Family.IPV4)
        if is_at_source(case, hit)
    )
    for _, group in by(hits, lambda hit: _table_of(case, hit)):
        subnet_ids = dict.fromkeys(case.source(hit.path).subnet_id for hit in group)
        yield FAULT.found(
            group,
            also=[fact for item in subnet_ids for fact in route_evidence(case, item)],
            reason="an internet gateway drops IPv4 from interfaces without a public address, and "
            "Lambda's never have one",
            advice=f"use IPv6, which needs no NAT (dual-stack subnet, ::/0 to {_gateways(group)}); "
            f"or move the function from {', '.join(subnet_ids)} to subnets behind a NAT gateway",
            standing_cost="none for IPv6; NAT gateway: " + NAT_GATEWAY_COST,
        )


def _gateways(group: list[Hit]) -> str:
    """Return what may carry IPv6; the gateway that is there lets connections in as well."""
    there = ", ".join(dict.fromkeys(hit.blocker.resource_id for hit in group))
    return f"{there} or, if nothing may come in, to an egress-only internet gateway"


def _table_of(case: Case, hit: Hit) -> str:
    subnet_id = case.source(hit.path).subnet_id
    table = case.route_table(subnet_id)
    return table.route_table_id if table else subnet_id


FAULT = Fault(
    code="NP101",
    name="route-v4-public-subnet-no-public-ip",
    title="Function attached to a public subnet: IPv4 default route is an internet gateway, but Lambda ENIs never get a public IPv4",
    phrase="public subnet, no public IPv4",
    since="0.1.0",
    symptoms=("connect-timeout-ipv4", "task-timed-out"),
    check=check,
    doc=__doc__,
)
