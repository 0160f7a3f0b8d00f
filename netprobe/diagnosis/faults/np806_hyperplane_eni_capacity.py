"""Bursts of new connections are more than the function's interfaces take.

## What it means

In a load test some connects time out, and a single one never does. NAT gateway metrics are
clean.

## Why traffic fails

Environments with the same subnet and security groups share an interface of Lambda's, which
scales more slowly than a burst of new connections.

## How netprobe knows

It cannot: it depends on the load. Where some attempts of the probe timed out and others were
answered, this is a note on where to look.

## Known limits

A far end or an appliance under load looks the same.

## Example

A queue that starts five hundred environments at once.

## Fix

Reuse connections, raise the concurrency step by step, or use more subnets and sets of groups.

## Fix safety

More sets of groups need more interfaces, which count against a quota.

## References

- https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
- https://www.gomomento.com/blog/how-to-fix-connection-timeout-issues-with-aws-lambda-in-vpcs/
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.unsteady import unsteady
from netprobe.model.finding import Finding
from netprobe.model.observation import Outcome


def check(case: Case) -> Iterator[Finding]:
    """Yield a note per target whose attempts now and then end so."""
    for fact, keys in unsteady(case, (Outcome.TIMEOUT,)):
        yield FAULT.found_with(
            (fact,),
            keys,
            reason="environments share interfaces that scale more slowly than a burst",
            advice="compare the failures with the function's concurrency and with ErrorPortAllocation of the NAT gateway",
        )


FAULT = Fault(
    code="NP806",
    name="hyperplane-eni-capacity",
    title="Burst of new connections exceeds what the function's Hyperplane ENIs accept: connect timeouts only in load tests",
    phrase="the interfaces may be out of capacity",
    since="0.1.0",
    symptoms=("under-load",),
    check=check,
    doc=__doc__,
    names_cause=False,
    decidable=False,
)
