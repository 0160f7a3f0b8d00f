"""The resolver drops questions of an interface that asks too much.

## What it means

Under load names now and then do not resolve: EAI_AGAIN, or a timeout of the resolver. A single
question is always answered.

## Why traffic fails

The VPC's resolver takes 1,024 packets a second from each network interface and drops the rest.
Many environments of a function share one interface, and ask for A and AAAA.

## How netprobe knows

It cannot: the load is in the function's metrics. Where some attempts of the probe failed to
resolve and others did not, this is a note on where to look.

## Known limits

A broken resolver of one's own can be as unsteady.

## Example

A function with a thousand environments that opens a connection for each call.

## Fix

Keep connections open, cache names, or spread the function over more subnets.

## Fix safety

Nothing is changed in the network.

## References

- https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html
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
    for fact, keys in unsteady(case, (Outcome.DNS_TIMEOUT, Outcome.DNS_SERVFAIL)):
        yield FAULT.found_with(
            (fact,),
            keys,
            reason="the resolver takes 1,024 packets a second from one interface",
            advice="compare the failures with the function's concurrency, and cache names",
        )


FAULT = Fault(
    code="NP802",
    name="dns-eni-throttle",
    title="More than 1024 DNS packets/s per network interface: intermittent resolution failures under load",
    phrase="the resolver may drop questions under load",
    since="0.1.0",
    symptoms=("under-load", "name-fails"),
    check=check,
    doc=__doc__,
    names_cause=False,
    decidable=False,
)
