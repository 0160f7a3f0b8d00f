"""What a drawing of the VPC has to show: the boxes packets meet, what stops them there, the wires.

A wire goes as far as the configuration lets a request of one family go.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from netprobe.model.addresses import Family
from netprobe.model.finding import PathKey
from netprobe.model.flow import Source
from netprobe.model.report import Path, PathVerdict, Report, Target
from netprobe.model.trace import Component, Disposition, Half, Hop, Trace
from netprobe.render.captures import ends_astray
from netprobe.render.chains import NAMING, kind_of, reasons
from netprobe.render.labels import target_labels

_BORDER = frozenset(
    {
        Component.INTERNET_GATEWAY,
        Component.EGRESS_ONLY_INTERNET_GATEWAY,
        Component.TRANSIT_GATEWAY,
        Component.VPC_PEERING_CONNECTION,
        Component.VPN_GATEWAY,
        Component.CARRIER_GATEWAY,
        Component.LOCAL_GATEWAY,
        Component.CORE_NETWORK,
        Component.ODB_NETWORK,
    }
)
_WITHIN = frozenset(
    {
        Component.FUNCTION,
        Component.SUBNET,
        Component.SECURITY_GROUP,
        Component.NETWORK_ACL,
        Component.BLOCK_PUBLIC_ACCESS,
        Component.VPC,
        Component.INTERNET,
        Component.TRANSIT_GATEWAY_ATTACHMENT,
        Component.TRANSIT_GATEWAY_ROUTE_TABLE,
    }
)
"""No boxes of their own: where they stop something, the box they stand at says so."""
_NAMED = _WITHIN - {Component.FUNCTION, Component.INTERNET}

Key = tuple[str, str]
"""A kind and a name; ``source`` and ``target`` are kinds too."""
SOURCE, TARGET = "source", "target"


@dataclass(slots=True)
class Place:
    """A box that is being filled."""

    kind: str
    column: int = 0
    """How many boxes packets meet before it, at most."""
    border: bool = False
    """It stands between the VPC and what is outside."""
    paths: set[PathKey] = field(default_factory=set)
    facts: dict[str, set[PathKey]] = field(default_factory=dict)
    """Lines of the box, and the paths they are about; none for those about all of it."""
    stops: dict[tuple[str, ...], set[PathKey]] = field(default_factory=dict)
    """What does not get past here: one or two lines, and the paths they are about."""

    def say(self, text: str) -> None:
        """Add a line about all of it."""
        self.facts.setdefault(text, set())

    def stop(self, paths: Iterable[PathKey], *lines: str) -> None:
        """Add lines about what does not get past here."""
        self.stops.setdefault(lines, set()).update(paths)


class Sketch:
    """The boxes and wires; values are added to it one after another."""

    def __init__(self, report: Report) -> None:
        """Begin with nothing."""
        self._report = report
        self.places: dict[Key, Place] = {}
        self.wires: dict[tuple[Key, Key, Family], set[PathKey]] = defaultdict(set)

    def add_source(self, source: Source) -> None:
        """Add a subnet, what it stands for, and what the function in it is called."""
        place = self._place((SOURCE, source.id), "function" if source.function_name else "subnet")
        others = len([item for item in source.represents if item != source.subnet_id])
        lines = [source.function_name or "", source.subnet_id, *source.security_group_ids]
        lines.insert(2, f"stands for {others} more alike" if others else "")
        for line in filter(None, lines):
            place.say(line)

    def add_target(self, target: Target) -> None:
        """Add a target and how it fares."""
        place = self._place((TARGET, target.id), kind_of(target.kind))
        place.say(target_labels(self._report)[target.id])
        paths = [path for path in self._report.paths if path.key.target == target.id]
        for family in Family:
            mine = [path for path in paths if path.key.family is family]
            if mine:
                self._tell(place, family, mine, paths)

    def _tell(self, place: Place, family: Family, mine: list[Path], paths: list[Path]) -> None:
        """Say how one family fares; a family that is not there is no fault of the target's."""
        keys = {path.key for path in mine}
        works = sum(path.verdict is PathVerdict.WORKS for path in mine)
        unfelt = not works and not keys & self._report.felt
        if works == len(mine):
            place.facts[f"✓ {family.label} works"] = keys
        elif works:
            place.stop(keys, f"✗ {family.label}: {works} of {len(mine)} work")
        elif unfelt:
            works = any(path.verdict is PathVerdict.WORKS for path in paths)
            fate = "not needed" if works else "does not work"
            place.facts[f"· {family.label} {fate}"] = keys
        elif all(ends_astray(path) for path in mine):
            place.stop(keys, f"✗ {family.label} does not get here")
        elif all(path.verdict is PathVerdict.REFUSED for path in mine):
            place.stop(keys, f"✗ {family.label} is refused")
        else:
            place.stop(keys, f"✗ {family.label} does not work")

    def add_path(self, path: Path, trace: Trace) -> None:
        """Walk the request as far as it goes, and note what stops either half."""
        source, target = (SOURCE, path.key.source), (TARGET, path.key.target)
        self.places[source].paths.add(path.key)
        here, goes_on = source, True
        for hop in trace.request.hops:
            there = target if hop.component in NAMING else self._next(here, hop)
            if there not in {here, target}:
                self._connect(path.key, here, there, goes_on=goes_on)
                here = there
            if hop.blocks:
                self._note(path.key, trace, hop, Half.REQUEST, there)
                goes_on = False
        for hop in trace.reply.hops:
            if hop.blocks:
                self._note(path.key, trace, hop, Half.REPLY, source)
        arrives = goes_on and trace.request.disposition is Disposition.DELIVERED
        self._connect(path.key, here, target, goes_on=arrives)

    def _next(self, here: Key, hop: Hop) -> Key:
        """Return the box of a hop; a route table behind a gateway is a line of the gateway's."""
        if hop.component in _WITHIN:
            return here
        if hop.component is Component.ROUTE_TABLE and here[0] != SOURCE:
            self.places[here].say(hop.resource_id)
            return here
        key = (hop.component.value, hop.resource_id)
        place = self._place(key, kind_of(hop.component))
        place.column = max(place.column, self.places[here].column + 1)
        place.border = hop.component in _BORDER
        place.say(hop.resource_id)
        if hop.component is Component.ROUTE_TABLE and hop.entry:
            place.say(hop.entry.replace("->", "→"))
        return key

    def _place(self, key: Key, kind: str = "") -> Place:
        return self.places.setdefault(key, Place(kind))

    def _connect(self, path: PathKey, here: Key, there: Key, *, goes_on: bool) -> None:
        self.places[there].paths.add(path)
        if goes_on:
            self.wires[here, there, path.family].add(path)

    def _note(self, path: PathKey, trace: Trace, hop: Hop, half: Half, there: Key) -> None:
        own = (hop.component.value, hop.resource_id)
        place = self.places[own if own in self.places else there]
        why = reasons(trace, hop, half) or kind_of(hop.component)
        of = (f"   {hop.resource_id}",) if hop.component in _NAMED else ()
        reply = "reply " if half is Half.REPLY else ""
        family = "" if why.startswith(path.family.label) else f"{path.family.label} "
        place.stop({path}, f"✗ {family}{reply}{why}", *of)
