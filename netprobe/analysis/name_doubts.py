"""What a trace to a name may claim: no more than the name's answer allows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from netprobe.analysis.api_names import READ_APIS
from netprobe.analysis.places import READ_INTERFACES
from netprobe.analysis.resolvers import resolver_flows
from netprobe.model.flow import UDP, Flow, Source
from netprobe.model.snapshot import Snapshot
from netprobe.model.trace import (
    Blocker,
    Component,
    Disposition,
    Half,
    HalfTrace,
    Hop,
    Reason,
    Resolution,
    Trace,
)

_WHATEVER_THE_ADDRESS = frozenset(
    {Reason.IPV6_NOT_ALLOWED, Reason.NO_IPV6_BLOCK, Reason.NO_IPV4_BLOCK, Reason.NO_RESOLVER}
)
"""Reasons that stop a flow wherever its name leads."""


def settle(trace: Trace) -> Trace:
    """Return the trace as far as its name's answer lets it be told.

    Where a call is missing the walk went where the name leads by all that was read: what blocks
    there is still named, but the whole is unknown. Where configuration tells no address at all,
    what blocks on the way to one that stands for it may not even be met: a warning.
    """
    resolution = trace.resolution
    if resolution is None or _keeps_address(resolution):
        return trace
    sure = tuple(item for item in trace.blockers if item.reason in _WHATEVER_THE_ADDRESS)
    kept = sure if resolution.undecided else trace.blockers
    demoted = tuple(item for item in trace.blockers if item not in kept)
    doubt = (_doubt(trace, resolution.undecided),) if resolution.undecided else ()
    disposition = trace.disposition if _is_first(trace, sure) else Disposition.UNKNOWN
    return replace(
        trace,
        disposition=disposition,
        request=_soften(trace.request, disposition, kept),
        reply=_soften(trace.reply, Disposition.UNKNOWN, kept),
        blockers=kept,
        warnings=(*doubt, *trace.warnings, *demoted),
    )


def judge_resolvers(
    snapshot: Snapshot, source: Source, trace: Callable[[Flow], Trace]
) -> Blocker | None:
    """Return why no name resolves, when none of the VPC's custom resolvers can be reached.

    Questions to them are ordinary traffic, over udp first; tcp follows long answers only.
    """
    traces = [trace(flow) for flow in resolver_flows(snapshot, source) if flow.protocol == UDP]
    if not traces or not all(item.blockers for item in traces):
        return None
    first = traces[0]
    servers = ", ".join(str(item.flow.destination) for item in traces)
    return Blocker(
        component=Component.RESOLVER,
        resource_id=source.vpc_id,
        half=Half.REQUEST,
        reason=Reason.NO_RESOLVER,
        entry=f"domain-name-servers = {servers}",
        detail=f"no resolver can be asked: {first.blockers[0].detail}",
        near_misses=tuple(_why(traces)),
        subnet_id=source.subnet_id,
        behind=tuple(dict.fromkeys(found for item in traces for found in item.blockers)),
    )


def block_first(trace: Trace, blocker: Blocker) -> Trace:
    """Return the trace with a blocker that comes before all others."""
    hop = Hop(
        component=blocker.component,
        resource_id=blocker.resource_id,
        entry=blocker.entry,
        detail=blocker.detail,
        blocks=True,
    )
    hops = (hop, *trace.request.hops)
    return replace(
        trace,
        disposition=Disposition.NO_ROUTE,
        request=HalfTrace(disposition=Disposition.NO_ROUTE, hops=hops),
        blockers=(blocker, *trace.blockers),
    )


def _keeps_address(resolution: Resolution) -> bool:
    """Tell whether the walk went to the right place, whatever else is not known of the name."""
    harmless = {*READ_APIS, *((READ_INTERFACES,) if resolution.endpoint_id else ())}
    return not resolution.undecided and set(resolution.unread) <= harmless


def _is_first(trace: Trace, sure: tuple[Blocker, ...]) -> bool:
    return bool(sure) and sure[0] == trace.blockers[0]


def _soften(half: HalfTrace, disposition: Disposition, kept: tuple[Blocker, ...]) -> HalfTrace:
    """Return a half of another disposition, whose hops block only where a blocker was kept."""
    blocking = {_words(item) for item in kept}
    hops = tuple(replace(hop, blocks=hop.blocks and _words(hop) in blocking) for hop in half.hops)
    return HalfTrace(disposition=disposition, hops=hops)


def _words(item: Blocker | Hop) -> tuple[str, ...]:
    """Return what a blocker and its hop have in common."""
    return (item.component, item.resource_id, item.entry or "", item.detail)


def _doubt(trace: Trace, why: str) -> Blocker:
    return Blocker(
        component=Component.RESOLVER,
        resource_id=trace.flow.source.vpc_id,
        half=Half.REQUEST,
        reason=Reason.ASSUMED_ADDRESS,
        detail=f"the address is not known: {why}",
        subnet_id=trace.flow.source.subnet_id,
    )


def _why(traces: list[Trace]) -> Iterator[str]:
    for item in traces[1:]:
        yield f"{item.flow.destination}: {item.blockers[0].detail}"
