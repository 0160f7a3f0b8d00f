"""A path as links in a row: what name, request and reply meet, and where each stops."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby

from netprobe.model.report import Path, Report
from netprobe.model.trace import Component, Disposition, Half, Hop, Trace
from netprobe.render.captures import CAPTURES, told_trace
from netprobe.render.labels import target_labels

NAMING = frozenset({Component.API, Component.RESOLVER})
"""What a name meets before there is a packet."""


_SHORT = {"acl": "ACL", "nat": "NAT", "vpn": "VPN", "vpc": "VPC", "odb": "ODB"} | {
    "api": "API", "rest": "REST", "http": "HTTP", "https": "HTTPS", "websocket": "WebSocket",
    "tcp": "TCP", "udp": "UDP", "ntp": "NTP", "dns": "DNS", "aws": "AWS",
}  # fmt: skip


def kind_of(value: str) -> str:
    """Return a kind of thing as people write it: ``nat-gateway`` is a NAT gateway."""
    return " ".join(_SHORT.get(word, word) for word in value.split("-"))


_UNSEEN = frozenset({Disposition.LEFT_VIEW, Disposition.UNKNOWN})
_FATES = {
    Disposition.DELIVERED: "passes",
    Disposition.LEFT_VIEW: "goes on where the account cannot see",
    Disposition.UNKNOWN: "cannot be told",
}


class State(StrEnum):
    """What becomes of the packet at a link."""

    PASSES = "passes"
    STOPS = "stops"
    BEHIND = "behind"
    """It lies behind a stop: no packet comes so far."""
    UNSEEN = "unseen"
    """Whether a packet comes so far cannot be told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One thing on the way."""

    kind: str
    name: str
    state: State
    says: str = ""
    """The rule, entry or route that lets it pass, or why nothing does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """One way through."""

    title: str
    fate: str
    """What becomes of it as a whole: it passes, stops, or cannot be told."""
    links: tuple[Link, ...]


def chains_of(report: Report, path: Path) -> tuple[Chain, ...]:
    """Return the ways of a path that was traced: the name's if it stops, request, reply."""
    trace = told_trace(path)
    if trace is None:
        return ()
    here, there = _source(report, path), _target(report, path)
    hops = trace.request.hops
    names = tuple(hop for hop in hops if hop.component in NAMING)
    way = tuple(hop for hop in hops if hop.component not in NAMING)
    if not way or way[0].component is not Component.FUNCTION:
        way = (here, *way)
    found = [_chain(trace, Half.REQUEST, (*way, there))]
    if any(hop.blocks for hop in names):
        links = tuple(_links(trace, Half.REQUEST, names))
        found.insert(0, Chain(title="name", fate="stops", links=links))
    if trace.reply.hops or trace.reply.disposition is not Disposition.DELIVERED:
        found.append(_chain(trace, Half.REPLY, (there, *trace.reply.hops, here)))
    return tuple(found)


def reasons(trace: Trace, hop: Hop, half: Half) -> str:
    """Return in a few words why a hop stops this half."""
    found = dict.fromkeys(
        item.reason.replace("-", " ").replace("ipv", "IPv")
        for item in trace.blockers
        if item.resource_id == hop.resource_id and item.half is half
    )
    if hop.detail == CAPTURES:
        found[CAPTURES] = None
    return ", ".join(found) or hop.detail


def _source(report: Report, path: Path) -> Hop:
    source = report.source(path.key.source)
    return Hop(component=Component.FUNCTION, resource_id=source.function_name or "a function")


def _target(report: Report, path: Path) -> Hop:
    target = report.target(path.key.target)
    return Hop(component=Component.OTHER, resource_id=target_labels(report)[target.id])


def _chain(trace: Trace, half: Half, hops: Iterable[Hop]) -> Chain:
    """Return one half; its end is reached only where the walk says so.

    Where nothing on the way stops a half that is not delivered, its name did.
    """
    *links, end = _links(trace, half, hops)
    walked = trace.request if half is Half.REQUEST else trace.reply
    stops = any(link.state is State.STOPS for link in (*links, end))
    fate = "stops" if stops else _FATES.get(walked.disposition, "would pass if it had an address")
    if not stops and walked.disposition in _UNSEEN:
        end = replace(end, state=State.UNSEEN)
    return Chain(title=half.value, fate=fate, links=(*links, end))


def _links(trace: Trace, half: Half, hops: Iterable[Hop]) -> Iterator[Link]:
    stopped = False
    for (component, name), met in groupby(hops, key=lambda hop: (hop.component, hop.resource_id)):
        together = tuple(met)
        blocking = next((hop for hop in together if hop.blocks), None)
        state = State.STOPS if blocking else State.BEHIND if stopped else State.PASSES
        why = reasons(trace, blocking, half) if blocking else ""
        entries = ", ".join(dict.fromkeys(hop.entry for hop in together if hop.entry))
        yield Link(
            kind="target" if component is Component.OTHER else kind_of(component),
            name=name,
            state=state,
            says=why or entries,
        )
        stopped = stopped or blocking is not None
