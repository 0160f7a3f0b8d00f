"""The NAT gateway has no source port left for one destination.

## What it means

At peak hours connections to one far end now and then time out, and to others they do not. A
single attempt nearly always works.

## Why traffic fails

Each address of a NAT gateway carries 55,000 connections at once to one destination address, port
and protocol; what comes on top is dropped. Short connections count until they have timed out.

## How netprobe knows

It cannot: the count is the gateway's metric ``ErrorPortAllocation``. Where some attempts of the
probe through a NAT gateway timed out and others did not, this is a note on where to look.

## Known limits

A far end that is overloaded, and packets lost anywhere else, look the same to the probe.

## Example

A thousand environments that each open a new connection for every call to one partner's address.

## Fix

Keep connections open, give the gateway more addresses, or reach the target over IPv6 or by an
endpoint, which need no ports of the gateway.

## Fix safety

More addresses change nothing for what works; each costs about 3.65 USD a month.

## References

- https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html
- https://repost.aws/knowledge-center/vpc-resolve-port-allocation-errors
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.unsteady import through_nat_gateway, unsteady
from netprobe.model.finding import Finding
from netprobe.model.observation import Outcome


def check(case: Case) -> Iterator[Finding]:
    """Yield a note per target whose attempts through a NAT gateway now and then end so."""
    for fact, keys in unsteady(case, (Outcome.TIMEOUT,)):
        translated = [key for key in keys if through_nat_gateway(case.path(key))]
        if translated:
            yield FAULT.found_with(
                (fact,),
                translated,
                reason="a NAT gateway has 55,000 ports per address for one destination",
                advice="look at the gateway's metric ErrorPortAllocation at the times of the failures",
            )


FAULT = Fault(
    code="NP123",
    name="nat-port-exhaustion",
    title="NAT gateway out of source ports to one destination (55,000 per address)",
    phrase="the NAT gateway may be out of ports",
    since="0.1.0",
    symptoms=("under-load",),
    check=check,
    doc=__doc__,
    names_cause=False,
    decidable=False,
)
