"""The egress-only internet gateway is not attached to the VPC.

## What it means

The IPv6 default route leads to an egress-only internet gateway that is gone or belongs to
another VPC.

## Why traffic fails

An egress-only internet gateway serves the VPC it was made in. A route to one that is not there
drops its packets.

## How netprobe knows

`DescribeEgressOnlyInternetGateways` shows no attachment to the VPC, or the winning route to it
is a black hole. Packets: silence.

## Known limits

An internet gateway is another resource and another fault (NP111).

## Example

An egress-only gateway deleted as unused while `::/0` still points at it.

## Fix

Create an egress-only internet gateway in the VPC and replace the route's target. Both are free.

## Fix safety

The route opens IPv6 outbound for every subnet that uses the table; nobody outside can open
connections through an egress-only gateway.

## References

- https://docs.aws.amazon.com/vpc/latest/userguide/egress-only-internet-gateway.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case, Hit, by
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.ways import target_of_entry
from netprobe.model.finding import Finding
from netprobe.model.trace import Component, Reason


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per egress-only gateway that routes lead to and that is not attached."""
    hits = (
        hit for hit in case.hits(Reason.GATEWAY_DETACHED, Reason.BLACKHOLE_ROUTE) if _fits(hit)
    )
    for gateway_id, group in by(hits, target_of_entry):
        vpc_id = case.source(group[0].path).vpc_id
        yield FAULT.found(
            group,
            reason="an egress-only internet gateway serves the VPC it was made in only",
            advice=f"create an egress-only internet gateway in {vpc_id} and point ::/0 at it "
            f"instead of {gateway_id}",
        )


def _fits(hit: Hit) -> bool:
    if hit.blocker.reason is Reason.GATEWAY_DETACHED:
        return hit.blocker.component is Component.EGRESS_ONLY_INTERNET_GATEWAY
    return target_of_entry(hit).startswith("eigw-")


FAULT = Fault(
    code="NP125",
    name="egress-only-gateway-detached",
    title="The egress-only gateway that ::/0 points at is not attached to this VPC",
    phrase="egress-only gateway detached",
    since="0.1.0",
    symptoms=("connect-timeout-ipv6",),
    check=check,
    doc=__doc__,
)
