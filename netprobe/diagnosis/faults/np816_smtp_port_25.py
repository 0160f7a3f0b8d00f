"""Mail is sent to port 25, which AWS blocks or throttles.

## What it means

The target is a mail server's port 25 on the internet. AWS blocks it from functions and restricts
it from instances, whatever the routes and groups say.

## Why traffic fails

Port 25 is how spam leaves. AWS drops it by default; the restriction can be lifted for instances
on request.

## How netprobe knows

The port is 25, the way leads to the internet, and no fault of the configuration blocks it.
Packets: silence.

## Known limits

Where the packets get through, or where the configuration blocks the path anyway, nothing is
said. Without packets it is a note.

## Example

A function that sends mail through a provider's port 25.

## Fix

Use port 587 with STARTTLS or 465 with TLS; Amazon SES also takes 2587 and 2465, or its API.

## Fix safety

The mail server wants a login on the other ports.

## References

- https://docs.aws.amazon.com/ses/latest/dg/smtp-connect.html
- https://repost.aws/knowledge-center/ec2-port-25-throttle
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case
from netprobe.diagnosis.fault import Fault
from netprobe.model.finding import Evidence, Finding
from netprobe.model.observation import Outcome
from netprobe.model.report import Path
from netprobe.model.trace import Component, Disposition

_SMTP = 25


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per mail server that is called on port 25."""
    for target in case.targets:
        if target.port != _SMTP:
            continue
        keys = [
            path.key
            for path in case.paths
            if path.key.target == target.id and case.is_in_play(path) and _is_dropped(path)
        ]
        if keys:
            yield FAULT.found_with(
                (Evidence(resource_id=target.id, says="is called on tcp/25 over the internet"),),
                keys,
                reason="AWS blocks or throttles tcp/25 to the internet",
                advice=f"use port 587 or 465 of {target.host}",
            )


def _is_dropped(path: Path) -> bool:
    """Tell whether configuration lets it out and no packet came back, or none was sent."""
    trace, seen = path.trace, path.observation
    if trace is None or trace.disposition is not Disposition.DELIVERED:
        return False
    if all(hop.component is not Component.INTERNET for hop in trace.request.hops):
        return False
    return seen is None or seen.outcome in {Outcome.NOT_PROBED, Outcome.TIMEOUT}


FAULT = Fault(
    code="NP816",
    name="smtp-port-25",
    title="Outbound tcp/25 is blocked or throttled by AWS: use 587/465/2587",
    phrase="AWS blocks tcp/25",
    since="0.1.0",
    symptoms=("one-target-timeout",),
    check=check,
    doc=__doc__,
)
