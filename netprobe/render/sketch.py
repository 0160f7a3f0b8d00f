"""What a picture of the way to a target has to show: boxes, what stops packets there, wires.

A wire goes as far as the configuration lets a request of one family go.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from textwrap import wrap

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
_FILTERS = frozenset({Component.SECURITY_GROUP, Component.NETWORK_ACL})
_ENDS = frozenset({Component.NETWORK_INTERFACE, Component.INSTANCE, Component.LOAD_BALANCER})
"""What a target in a VPC is made of."""
_LOCAL = "-> local"
"""How the route ends that leads to what is in the VPC itself."""

Key = tuple[str, str]
"""A kind and a name; ``source`` and ``target`` are kinds too."""
SOURCE, TARGET = "source", "target"
LONGEST = 26
"""Characters that fit into a box."""


@dataclass(slots=True)
class Place:
    """A box that is being filled."""

    kind: str
    column: int = 0
    """How many boxes packets meet before it, at most."""
    beyond: int = 0
    """How far out of the VPC it is: its border is the first thing that is."""
    outside: bool = False
    """It is a target outside the VPC."""
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
    """The boxes and wires on the way to one target; values are added to it one after another."""

    def __init__(self, report: Report, target: Target) -> None:
        """Begin with the target alone."""
        self._report = report
        self._target = target
        self.places: dict[Key, Place] = {}
        self.wires: dict[tuple[Key, Key, Family], set[PathKey]] = defaultdict(set)
        self._end = (TARGET, target.id)
        place = self._place(self._end, kind_of(target.kind))
        place.outside = True
        place.say(target_labels(report)[target.id])

    def add_source(self, source: Source) -> None:
        """Add a subnet, what it stands for, and what the function in it is called."""
        place = self._place((SOURCE, source.id), "function" if source.function_name else "subnet")
        others = len([item for item in source.represents if item != source.subnet_id])
        lines = [source.function_name or "", source.subnet_id, *source.security_group_ids]
        lines.insert(2, f"stands for {others} more alike" if others else "")
        for line in filter(None, lines):
            place.say(line)

    def add_target(self) -> None:
        """Add how the target fares."""
        paths = [path for path in self._report.paths if path.key.target == self._target.id]
        for family in Family:
            mine = [path for path in paths if path.key.family is family]
            if mine:
                self._tell(family, mine, paths)

    def _tell(self, family: Family, mine: list[Path], paths: list[Path]) -> None:
        """Say how one family fares; a family that is not there is no fault of the target's."""
        place = self.places[self._end]
        keys = {path.key for path in mine}
        verdicts = [path.verdict for path in mine]
        works = verdicts.count(PathVerdict.WORKS)
        if works == len(mine):
            place.facts[f"✓ {family.label} works"] = keys
        elif set(verdicts) == {PathVerdict.UNKNOWN}:
            place.facts[f"○ {family.label} is not known"] = keys
        elif works:
            place.stop(keys, f"✗ {family.label}: {works} of {len(mine)} work")
        elif not keys & self._report.felt:
            works = any(path.verdict is PathVerdict.WORKS for path in paths)
            fate = "not needed" if works else "does not work"
            place.facts[f"· {family.label} {fate}"] = keys
        elif all(ends_astray(path) for path in mine):
            place.stop(keys, f"✗ {family.label} does not get here")
        elif set(verdicts) == {PathVerdict.REFUSED}:
            place.stop(keys, f"✗ {family.label} is refused")
        else:
            place.stop(keys, f"✗ {family.label} does not work")

    def add_path(self, path: Path, trace: Trace) -> None:
        """Walk the request as far as it goes, and note what stops either half."""
        walk = _Walk(sketch=self, path=path.key, trace=trace, here=(SOURCE, path.key.source))
        self.places[walk.here].paths.add(path.key)
        hops = trace.request.hops
        own = _of_the_target(hops)
        for hop in hops[:own]:
            if hop.component in NAMING:
                walk.stop(hop, self._end)
            elif walk.is_ahead(hop):
                walk.wait(hop)
            else:
                walk.go(self._next(walk.here, hop))
                walk.stop(hop, walk.here)
                walk.is_routed = hop.component is Component.ROUTE_TABLE
        for hop in hops[own:]:
            self._belongs(hop, walk.here)
            walk.wait(hop)
        walk.end(self._end)
        for hop in trace.reply.hops:
            if hop.blocks:
                self.note(path.key, trace, hop, Half.REPLY, (SOURCE, path.key.source))

    def _belongs(self, hop: Hop, here: Key) -> None:
        """Make a hop a line of the target's box, which is inside the VPC if nothing left it."""
        place = self.places[self._end]
        place.say(hop.resource_id)
        place.outside = self.places[here].beyond > 0

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
        left = self.places[here].beyond
        if key != here and (left or hop.component in _BORDER):
            place.beyond = max(place.beyond, left + 1)
        place.say(hop.resource_id)
        if hop.component is Component.ROUTE_TABLE and hop.entry:
            place.say(hop.entry.replace("->", "→"))
        return key

    def _place(self, key: Key, kind: str = "") -> Place:
        return self.places.setdefault(key, Place(kind))

    def connect(self, path: PathKey, here: Key, there: Key, *, goes_on: bool) -> None:
        """Say that a path is about a box, and draw a wire to it if packets come there."""
        self.places[there].paths.add(path)
        if goes_on:
            self.wires[here, there, path.family].add(path)

    def note(self, path: PathKey, trace: Trace, hop: Hop, half: Half, there: Key) -> None:
        """Say at its own box, or at the one where it stands, what a hop stops."""
        own = (hop.component.value, hop.resource_id)
        place = self.places[own if own in self.places else there]
        why = reasons(trace, hop, half) or kind_of(hop.component)
        of = (f"   {hop.resource_id}",) if hop.component in _NAMED else ()
        reply = "reply " if half is Half.REPLY else ""
        family = "" if why.startswith(path.family.label) else f"{path.family.label} "
        told = wrap(f"✗ {family}{reply}{why}", LONGEST, subsequent_indent="  ")
        place.stop({path}, *told, *of)


@dataclass(slots=True, kw_only=True)
class _Walk:
    """A request under way through the boxes."""

    sketch: Sketch
    path: PathKey
    trace: Trace
    here: Key
    goes_on: bool = True
    at_door: list[Hop] = field(default_factory=list)
    """What stops it on its way into the next box."""
    is_routed: bool = False
    """A table has just said where it goes."""

    def is_ahead(self, hop: Hop) -> bool:
        """Tell whether a filter guards the next box: behind a table, or against what comes in."""
        comes = hop.component is Component.SECURITY_GROUP and "no ingress rule" in hop.detail
        return hop.component in _FILTERS and (comes or self.is_routed)

    def wait(self, hop: Hop) -> None:
        """Keep what stands before the next box until that is known."""
        if hop.blocks:
            self.at_door.append(hop)

    def go(self, there: Key) -> None:
        """Come to a box, which may be the one it is at."""
        if there == self.here:
            return
        self.sketch.connect(self.path, self.here, there, goes_on=self.goes_on)
        waited, self.here, self.at_door = self.at_door, there, []
        for hop in waited:
            self.stop(hop, there)

    def stop(self, hop: Hop, there: Key) -> None:
        """Note that a hop stops it at a box, if it does."""
        if hop.blocks:
            self.sketch.note(self.path, self.trace, hop, Half.REQUEST, there)
            self.goes_on = False

    def end(self, target: Key) -> None:
        """Come to the target, if the walk is known to lead there."""
        delivered = self.trace.request.disposition is Disposition.DELIVERED
        self.goes_on = self.goes_on and (delivered or bool(self.at_door))
        self.go(target)


def _of_the_target(hops: tuple[Hop, ...]) -> int:
    """Return from where on hops are the target itself: the interface that a local route led to."""
    routes = [hop.entry or "" for hop in hops if hop.component is Component.ROUTE_TABLE]
    number = len(hops)
    if routes and not routes[-1].endswith(_LOCAL):
        return number
    while number and hops[number - 1].component in _ENDS:
        number -= 1
    return number
