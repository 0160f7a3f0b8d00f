"""Walks as people are told them: a request that private DNS led astray ends where it was led.

The trace calls it delivered, which it is, to an endpoint that cannot serve it; the target behind
the name was never come to, and no drawing may lead there.
"""

from __future__ import annotations

from dataclasses import replace

from netprobe.model.report import Path, PathVerdict
from netprobe.model.trace import Component, Disposition, HalfTrace, Hop, Trace

CAPTURES = "private DNS captures the name"


def told_trace(path: Path) -> Trace | None:
    """Return a path's trace; one that ends at an endpoint it was led to is stopped there.

    What answers then is that endpoint: there is no reply of the target's.
    """
    trace = path.trace
    if trace is None or not ends_astray(path):
        return trace
    hops = trace.request.hops
    last = max(number for number, hop in enumerate(hops) if _captures(trace, hop))
    end = replace(hops[last], blocks=True, detail=CAPTURES)
    request = replace(trace.request, hops=(*hops[:last], end))
    return replace(trace, request=request, reply=HalfTrace(disposition=Disposition.DELIVERED))


def ends_astray(path: Path) -> bool:
    """Tell whether a request gets to an endpoint that answers in the target's place."""
    trace = path.trace
    if trace is None or path.verdict is PathVerdict.WORKS:
        return False
    return any(_captures(trace, hop) for hop in trace.request.hops)


def _captures(trace: Trace, hop: Hop) -> bool:
    resolution = trace.resolution
    return (
        resolution is not None
        and resolution.captured
        and hop.component is Component.VPC_ENDPOINT
        and hop.resource_id == resolution.endpoint_id
    )
