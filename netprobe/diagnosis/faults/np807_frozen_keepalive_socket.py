"""A connection died while the environment was frozen.

## What it means

The first call after a pause fails with ECONNRESET or socket hang up, and the next one works.

## Why traffic fails

Lambda freezes the environment between calls. Meanwhile the far end, or a NAT gateway after 350
seconds, closes the idle connection; the pool gives it out all the same.

## How netprobe knows

It cannot: the probe opens a new connection each time. Where some of its attempts were reset and
others answered, this is a note on where to look.

## Known limits

A far end that resets new connections now and then is another fault.

## Example

A keep-alive agent outside of the handler.

## Fix

Retry once on a reset, or limit how long idle connections are kept.

## Fix safety

Nothing is changed in the network.

## References

- https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
- https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-troubleshooting.html
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
    for fact, keys in unsteady(case, (Outcome.RESET,)):
        yield FAULT.found_with(
            (fact,),
            keys,
            reason="an idle connection does not outlive a frozen environment",
            advice="look in the function's log whether only first calls after a pause fail",
        )


FAULT = Fault(
    code="NP807",
    name="frozen-keepalive-socket",
    title="Pooled socket died while the environment was frozen: first request after idle fails with ECONNRESET / socket hang up",
    phrase="a pooled connection may be dead",
    since="0.1.0",
    symptoms=("breaks-after-idle",),
    check=check,
    doc=__doc__,
    names_cause=False,
    decidable=False,
)
