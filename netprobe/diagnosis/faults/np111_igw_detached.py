"""The internet gateway is not attached to the VPC.

## What it means

A route leads to an internet gateway that is detached, deleted, or attached to another VPC. The
route itself may be marked `blackhole`.

## Why traffic fails

An internet gateway serves the one VPC that it is attached to, and routes to it are dead
everywhere else. NAT gateways need it too.

## How netprobe knows

`DescribeInternetGateways` shows no attachment to the VPC, or the winning route to the gateway is
a black hole. Packets: silence.

## Known limits

An egress-only internet gateway is another resource and another fault (NP125).

## Example

Terraform replaced the internet gateway and the old route stayed.

## Fix

Attach the internet gateway, or point the route at the one that is attached. For IPv6 out only,
an egress-only internet gateway does without it.

## Fix safety

Everything behind a route to the gateway comes within reach of the internet as far as groups,
network ACLs and public addresses let it.

## References

- https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html
- https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case, Hit, by
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.ways import target_of_entry
from netprobe.model.finding import Finding
from netprobe.model.trace import Component, Reason


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per internet gateway that routes lead to and that is not attached."""
    reasons = (Reason.GATEWAY_DETACHED, Reason.BLACKHOLE_ROUTE, Reason.NAT_WITHOUT_INTERNET)
    hits = (hit for hit in case.hits(*reasons) if _fits(hit))
    for gateway_id, group in by(hits, target_of_entry):
        yield FAULT.found(
            group,
            reason="an internet gateway serves the VPC it is attached to, and routes to it from "
            "elsewhere are dead",
            advice=_advice(gateway_id),
        )


def _advice(gateway_id: str) -> str:
    if gateway_id.startswith("vpc-"):  # the target's, which has none at all
        return f"attach an internet gateway to {gateway_id}"
    return (
        f"attach {gateway_id} to the VPC again, or point the route at an internet gateway that "
        "is attached"
    )


def _fits(hit: Hit) -> bool:
    if hit.blocker.reason is Reason.GATEWAY_DETACHED:
        return hit.blocker.component is Component.INTERNET_GATEWAY
    return target_of_entry(hit).startswith("igw-")


FAULT = Fault(
    code="NP111",
    name="igw-detached",
    title="No internet gateway attached (or public table route to it is blackhole)",
    phrase="internet gateway detached",
    since="0.1.0",
    symptoms=("connect-timeout",),
    check=check,
    doc=__doc__,
)
