"""The NAT gateway forgot a connection on which nothing was said for 350 seconds.

## What it means

A pooled connection that was idle, or a call whose answer takes six minutes, hangs or ends in a
reset. New connections work.

## Why traffic fails

A NAT gateway drops a connection after 350 seconds without a packet and tells neither end; what is
sent on it later is answered with RST.

## How netprobe knows

It cannot: the probe's connections are never idle, and the gateway's metric is
``IdleTimeoutCount``. Where some attempts through a NAT gateway were reset and others were not,
this is a note on where to look.

## Known limits

A far end that closes idle connections sooner looks the same.

## Example

A function that invokes another one through a NAT gateway and waits ten minutes for the result.

## Fix

Send TCP keep-alives more often than every 350 seconds, or do not wait on an open connection.

## Fix safety

Nothing is changed in the network.

## References

- https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-troubleshooting.html
- https://github.com/aws/aws-sdk-js-v3/issues/3710
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
    for fact, keys in unsteady(case, (Outcome.RESET,)):
        translated = [key for key in keys if through_nat_gateway(case.path(key))]
        if translated:
            yield FAULT.found_with(
                (fact,),
                translated,
                reason="a NAT gateway drops what was idle for 350 seconds",
                advice="look at the gateway's metric IdleTimeoutCount, and send keep-alives",
            )


FAULT = Fault(
    code="NP124",
    name="nat-idle-350s",
    title="Connection idle more than 350 s through NAT is dropped; next write gets RST or hangs",
    phrase="the NAT gateway may have dropped an idle connection",
    since="0.1.0",
    symptoms=("stalls", "breaks-after-idle"),
    check=check,
    doc=__doc__,
    names_cause=False,
    decidable=False,
)
