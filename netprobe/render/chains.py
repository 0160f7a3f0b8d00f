"""A path as links in a row: what name, request and reply meet, and where each stops."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from netprobe.model.report import Path, Report
from netprobe.model.trace import Component, Half, Hop, Trace
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


class State(StrEnum):
    """What becomes of the packet at a link."""

    PASSES = "passes"
    STOPS = "stops"
    BEHIND = "behind"
    """It lies behind a stop: no packet comes so far."""


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
    stops: bool
    links: tuple[Link, ...]


def chains_of(report: Report, path: Path) -> tuple[Chain, ...]:
    """Return the ways of a path that was traced: the name's if it stops, request, reply."""
    if path.trace is None:
        return ()
    trace, here, there = path.trace, _source(report, path), _target(report, path)
    hops = trace.request.hops
    names = tuple(hop for hop in hops if hop.component in NAMING)
    way = tuple(hop for hop in hops if hop.component not in NAMING)
    if not way or way[0].component is not Component.FUNCTION:
        way = (here, *way)
    found = [("request", Half.REQUEST, (*way, there))]
    if any(hop.blocks for hop in names):
        found.insert(0, ("name", Half.REQUEST, names))
    if trace.reply.hops:
        found.append(("reply", Half.REPLY, (there, *trace.reply.hops, here)))
    return tuple(_chain(trace, title, half, hops) for title, half, hops in found)


def reasons(trace: Trace, resource_id: str, half: Half) -> str:
    """Return in a few words why a resource stops this half."""
    found = dict.fromkeys(
        item.reason.replace("-", " ").replace("ipv", "IPv")
        for item in trace.blockers
        if item.resource_id == resource_id and item.half is half
    )
    return ", ".join(found)


def _source(report: Report, path: Path) -> Hop:
    source = report.source(path.key.source)
    return Hop(component=Component.FUNCTION, resource_id=source.function_name or "a function")


def _target(report: Report, path: Path) -> Hop:
    target = report.target(path.key.target)
    return Hop(component=Component.OTHER, resource_id=target_labels(report)[target.id])


def _chain(trace: Trace, title: str, half: Half, hops: Iterable[Hop]) -> Chain:
    links = tuple(_links(trace, half, hops))
    return Chain(title=title, stops=any(i.state is State.STOPS for i in links), links=links)


def _links(trace: Trace, half: Half, hops: Iterable[Hop]) -> Iterator[Link]:
    stopped = False
    for (component, name), met in groupby(hops, key=lambda hop: (hop.component, hop.resource_id)):
        together = tuple(met)
        blocking = next((hop for hop in together if hop.blocks), None)
        state = State.STOPS if blocking else State.BEHIND if stopped else State.PASSES
        why = reasons(trace, name, half) or (blocking.detail if blocking else "")
        entries = ", ".join(dict.fromkeys(hop.entry for hop in together if hop.entry))
        yield Link(
            kind="target" if component is Component.OTHER else kind_of(component),
            name=name,
            state=state,
            says=why if blocking else entries,
        )
        stopped = stopped or blocking is not None
