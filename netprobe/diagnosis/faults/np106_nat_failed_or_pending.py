"""The NAT gateway exists and does not work.

## What it means

The route leads to a NAT gateway whose state is `failed`, `pending` or `deleting`. It looks
right in the route table.

## Why traffic fails

Only an `available` NAT gateway carries traffic. A failed one never will: AWS removes it by
itself after about an hour.

## How netprobe knows

The state in `DescribeNatGateways`. Packets: silence.

## Known limits

Why it failed is in `FailureCode` and `FailureMessage`, which are shown by the console. A gateway
that is gone altogether is another fault (NP105).

## Example

A NAT gateway created before the internet gateway was attached: `Gateway.NotAttached`.

## Fix

Wait while it is pending. Otherwise mend what the failure code names, create a new NAT gateway
and point the route at it.

## Fix safety

A new NAT gateway has another public address unless it gets the same Elastic IP: allow-lists at
far ends hold the old one.

## References

- https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-troubleshooting.html
- https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NatGateway.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case, by
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.ways import target_of_entry
from netprobe.model.finding import Finding
from netprobe.model.resources import NatGateway
from netprobe.model.trace import Reason

_DELETED = "deleted"


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per NAT gateway that is there and not available."""
    hits = (
        hit
        for hit in case.hits(Reason.NAT_NOT_AVAILABLE, Reason.BLACKHOLE_ROUTE)
        if _idle(case, target_of_entry(hit)) is not None
    )
    for nat_gateway_id, group in by(hits, target_of_entry):
        gateway = _idle(case, nat_gateway_id)
        state = gateway.state.lower() if gateway else ""
        advice = f"create a NAT gateway in place of {nat_gateway_id} and point the route at it"
        if state == "pending":
            advice = f"wait until {nat_gateway_id} is available"
        yield FAULT.found(
            group,
            reason=f"a NAT gateway carries traffic only while it is available, not {state}",
            advice=advice,
            standing_cost="none beyond the NAT gateway that is wanted already",
        )


def _idle(case: Case, nat_gateway_id: str) -> NatGateway | None:
    gateway = case.snapshot.nat_gateway(nat_gateway_id)
    works = gateway is not None and gateway.state.lower() == "available"
    return None if gateway is None or works or gateway.state.lower() == _DELETED else gateway


FAULT = Fault(
    code="NP106",
    name="nat-failed-or-pending",
    title="NAT gateway exists but State is failed/pending/deleting",
    phrase="NAT gateway not available",
    since="0.1.0",
    symptoms=("connect-timeout-ipv4",),
    check=check,
    doc=__doc__,
    explains=frozenset({"nat-deleted-blackhole"}),
)
