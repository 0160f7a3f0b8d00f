"""Finding the smallest set of changes that opens paths: trace, remove what blocks, trace again.

Every blocker alone stops its path, so each has to go and nothing else needs to: a set grows by
one removal per blocker, what leads the packets before what filters them. The trace after it shows
what stood behind, until all is delivered or nothing is known to help. Where a removal turns out
not to help, the next alternative is taken, and what was not needed is dropped in the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from netprobe.fixes.apply import apply_all
from netprobe.fixes.block import Block, Opener, Set
from netprobe.fixes.proposals import propose
from netprobe.fixes.retrace import World
from netprobe.model.changes import AddAttachmentSubnet, AllowInAcl, Change
from netprobe.model.report import Path
from netprobe.model.trace import Blocker, Disposition, Reason, Trace

MOST_ROUNDS = 14
"""A set needs two rounds per layer of faults, for the way and for its filters, and three more for
alternatives that do not help."""
MOST_DROPPED = 24
"""Sets with more changes are not tried for what they do not need: they are of many subnets."""

_LED_ASTRAY = frozenset({Disposition.DELIVERED, Disposition.UNKNOWN, Disposition.LEFT_VIEW})
"""Fates of packets that nothing blocks: to a wrong far end, their name has no answer, or they are
lost in a network of others."""
_FILTERS = frozenset(
    {
        Reason.EGRESS_NOT_ALLOWED,
        Reason.INGRESS_NOT_ALLOWED,
        Reason.ENTRY_DENIES,
        Reason.NO_ENTRY_ALLOWS,
    }
)
_Signature = tuple[object, ...]


@dataclass(slots=True)
class _Growth:
    """A set while it grows."""

    world: World
    paths: tuple[Path, ...]
    opener: Opener | None
    siblings: tuple[str, ...]
    tried: dict[_Signature, int] = field(default_factory=dict)
    """How many alternatives each blocker has had."""


def find_set(
    start: World, paths: Iterable[Path], opener: Opener | None, siblings: tuple[str, ...] = ()
) -> World | None:
    """Return the world in which all paths are open, made by the fewest changes; None for none."""
    growth = _Growth(world=start, paths=tuple(paths), opener=opener, siblings=siblings)
    for _ in range(MOST_ROUNDS):
        still = (path for path in growth.paths if not growth.world.reaches(path))
        closed = [(path, growth.world.trace(path)) for path in still]
        if not closed:
            return _smallest(start, growth)
        added = _remove(growth, closed)
        if not added:
            return None
        growth.world = growth.world.after(added)
    return None


def opens_all(world: World, paths: Iterable[Path]) -> bool:
    """Tell whether every path is delivered, as far as anybody can tell."""
    return all(world.reaches(path) for path in paths)


def _remove(growth: _Growth, closed: list[tuple[Path, Trace | None]]) -> tuple[Change, ...]:
    """Return the next changes: for each blocker of each path the next thing that may help.

    What leads the packets elsewhere comes first, by itself: which filters they meet then, and
    under which addresses, the next trace tells.
    """
    removals: dict[_Signature, _Removal] = {}
    for path, trace in closed:
        mine = list(_removals(growth, path, trace)) if trace is not None else []
        if not mine:
            return ()
        for removal in mine:
            removals.setdefault(removal.signature, removal)
    ways = [item for item in removals.values() if not item.is_filter]
    found = _next_of(ways)
    if found is None or found:
        return found or ()
    return _next_of([item for item in removals.values() if item.is_filter]) or ()


def _removals(growth: _Growth, path: Path, trace: Trace) -> Iterator[_Removal]:
    """Yield one removal for each blocker; one without where the packets are led astray.

    What stands on the way to an address that is only assumed is a blocker too.
    """
    blockers = trace.blockers or _perhaps_met(trace)
    for blocker in blockers:
        yield _Removal(growth, path, trace, blocker)
    if not blockers and trace.disposition in _LED_ASTRAY:
        yield _Removal(growth, path, trace, None)


def _perhaps_met(trace: Trace) -> tuple[Blocker, ...]:
    resolution = trace.resolution
    if resolution is None or not resolution.undecided:
        return ()
    return tuple(item for item in trace.warnings if item.reason is not Reason.ASSUMED_ADDRESS)


def _next_of(removals: Iterable[_Removal]) -> tuple[Change, ...] | None:
    """Return the next alternative of each; None where one has none left."""
    added: list[Change] = []
    for removal in removals:
        found = removal.next(added)
        if found is None:
            return None
        added.extend(found)
    return tuple(added)


@dataclass(slots=True)
class _Removal:
    growth: _Growth
    path: Path
    trace: Trace
    blocker: Blocker | None

    @property
    def is_filter(self) -> bool:
        """Tell whether it is a group or a network ACL that stands in the way."""
        return self.blocker is not None and self.blocker.reason in _FILTERS

    @property
    def signature(self) -> _Signature:
        """Return what makes two blockers of two paths the same."""
        item = self.blocker
        if item is None:
            resolution = self.trace.resolution
            if resolution is None:
                return (None,)
            return (resolution.endpoint_id, resolution.authority_id)
        return (
            item.component,
            item.resource_id,
            item.reason,
            item.half,
            item.subnet_id,
            self.trace.flow.family,
            (item.dropped.egress, item.dropped.protocol, item.dropped.ports)
            if item.dropped
            else None,
            item.dropped.remote if item.dropped and self._is_exact else None,
        )

    @property
    def _is_exact(self) -> bool:
        """Tell whether the other end is one address, and not a name's."""
        dropped = self.blocker.dropped if self.blocker else None
        remote, resolution = dropped.remote if dropped else None, self.trace.resolution
        public = resolution is not None and resolution.origin in {"public", "observed"}
        return not (public and remote == self.trace.flow.destination)

    def next(self, added: list[Change]) -> Set | None:
        """Return the next alternative, empty where an earlier change did it; None for no more."""
        block = _block(self.growth, self.path, self.trace, self.blocker, added)
        number = self.growth.tried.get(self.signature, 0)
        alternatives = list(propose(block, self.growth.opener))
        if number >= len(alternatives):
            return () if added else None  # what was added may have done it: the next trace tells
        self.growth.tried[self.signature] = number + 1
        held = (*self.growth.world.changes, *added)
        return tuple(item for item in alternatives[number] if not _is_among(item, held))


def _block(
    growth: _Growth,
    path: Path,
    trace: Trace,
    blocker: Blocker | None,
    added: list[Change],
) -> Block:
    case = growth.world.case
    return Block(
        snapshot=apply_all(growth.world.tracer.snapshot, added),
        key=path.key,
        source=case.source(path),
        target=case.target(path),
        trace=trace,
        blocker=blocker,
        siblings=growth.siblings,
    )


def _is_among(change: Change, held: Iterable[Change]) -> bool:
    """Tell whether a set has the change already, an entry of an ACL under whatever number."""
    if not isinstance(change, AllowInAcl):
        return change in held
    return any(
        isinstance(item, AllowInAcl) and _without_number(item) == _without_number(change)
        for item in held
    )


def _without_number(item: AllowInAcl) -> tuple[object, ...]:
    return (item.network_acl_id, item.egress, item.protocol, item.ports, item.cidr)


def _smallest(start: World, growth: _Growth) -> World:
    """Return the world without the changes that turned out not to be needed."""
    made = list(growth.world.changes[len(start.changes) :])
    past = any(isinstance(item, AddAttachmentSubnet) for item in made)  # a hub gone round then
    retried = any(count > 1 for count in growth.tried.values())
    if len(made) > MOST_DROPPED or not (retried or past):
        return growth.world
    world = growth.world
    for change in reversed(made):
        fewer = [item for item in world.changes[len(start.changes) :] if item is not change]
        smaller = start.after(fewer)
        if opens_all(smaller, growth.paths):
            world = smaller
    return world
