"""Everything a fault may look at: configuration, traces, observations, and who feels what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from heapq import merge
from itertools import count
from operator import itemgetter

from netprobe.diagnosis.clients import Client
from netprobe.model.addresses import Family
from netprobe.model.finding import Evidence, PathKey
from netprobe.model.flow import Source
from netprobe.model.observation import NameAnswer, Sandbox
from netprobe.model.report import Path, PathVerdict, Target
from netprobe.model.resources import RouteTable
from netprobe.model.snapshot import Snapshot
from netprobe.model.trace import Blocker, Component, Reason
from netprobe.model.workloads import Function


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One blocker on one path."""

    path: Path
    blocker: Blocker

    @property
    def evidence(self) -> Evidence:
        """Return the blocker as a fact."""
        entry = f"{self.blocker.entry}: " if self.blocker.entry else ""
        detail = self.blocker.detail.removeprefix(f"{self.blocker.resource_id}: ")
        return Evidence(resource_id=self.blocker.resource_id, says=entry + detail)


class _Index:
    """What the faults of one case look up again and again, found once for all of them."""

    def __init__(self, case: Case) -> None:
        self.case = case

    def is_of(self, case: Case) -> bool:
        """Tell whether it was made of the same paths, between the same ends."""
        return (
            self.case.paths is case.paths
            and self.case.sources is case.sources
            and self.case.targets is case.targets
            and self.case.snapshot is case.snapshot
        )

    @cached_property
    def sources(self) -> dict[str, Source]:
        return {item.id: item for item in self.case.sources}

    @cached_property
    def targets(self) -> dict[str, Target]:
        return {item.id: item for item in self.case.targets}

    @cached_property
    def paths(self) -> dict[PathKey, Path]:
        return {item.key: item for item in self.case.paths}

    @cached_property
    def pairs(self) -> dict[tuple[str, str], dict[Family, Path]]:
        found: dict[tuple[str, str], dict[Family, Path]] = defaultdict(dict)
        for item in self.case.paths:
            found[item.key.source, item.key.target][item.key.family] = item
        return found

    @cached_property
    def working(self) -> dict[tuple[str, Family], list[Path]]:
        found: dict[tuple[str, Family], list[Path]] = defaultdict(list)
        for item in self.case.paths:
            if item.verdict is PathVerdict.WORKS:
                found[item.key.target, item.key.family].append(item)
        return found

    @cached_property
    def speakers(self) -> frozenset[str]:
        """The ids of sources where IPv6 is meant to be in use."""
        return frozenset(item.id for item in self.case.sources if self._speaks_ipv6(item))

    def _speaks_ipv6(self, source: Source) -> bool:
        function = self.case.function(source)
        subnet_ids = function.subnet_ids if function else ()
        subnets = map(self.case.snapshot.subnet, (source.subnet_id, *subnet_ids))
        return any(subnet is not None and subnet.ipv6_blocks for subnet in subnets)

    @cached_property
    def hits(self) -> dict[Reason, list[tuple[int, Hit]]]:
        """Blockers of failing paths in play by their reason, numbered as they were met."""
        found: dict[Reason, list[tuple[int, Hit]]] = defaultdict(list)
        number = count()
        for path in self.case.failing():
            # A family absent by design: nothing on its way is a fault.
            if path.trace is not None and self.case.is_in_play(path):
                for item in path.trace.blockers:
                    found[item.reason].append((next(number), Hit(path=path, blocker=item)))
        return found


@dataclass(frozen=True, kw_only=True)
class Case:
    """One check, as its faults see it."""

    snapshot: Snapshot
    sources: tuple[Source, ...]
    targets: tuple[Target, ...]
    paths: tuple[Path, ...]
    client: Client
    sandboxes: tuple[Sandbox, ...] = ()
    """What each probe saw of its own execution environment."""
    explained: frozenset[PathKey] = field(default_factory=frozenset)
    """Paths that a fault examined earlier explains."""
    index: _Index | None = field(default=None, repr=False, compare=False)
    """Made from the fields above; a case replaced with other ``explained`` paths keeps it."""

    def __post_init__(self) -> None:
        """Make the index, unless the one given fits."""
        if self.index is None or not self.index.is_of(self):
            object.__setattr__(self, "index", _Index(self))

    @property
    def _index(self) -> _Index:
        return self.index or _Index(self)

    def source(self, path: Path) -> Source:
        """Return where the path starts."""
        return self._index.sources[path.key.source]

    def other_answers(self, path: Path) -> tuple[NameAnswer, ...]:
        """Return what resolvers that the path's source does not use say of its target's name."""
        host = self.target(path).host
        return tuple(
            answer
            for sandbox in self.sandboxes
            if sandbox.source_id == path.key.source
            for name in sandbox.names
            if name.host == host
            for answer in name.answers
            if answer.family is path.key.family
        )

    def source_of(self, key: PathKey) -> Source:
        """Return where the path with this key starts."""
        return self._index.sources[key.source]

    def target(self, path: Path) -> Target:
        """Return what the path leads to."""
        return self._index.targets[path.key.target]

    def path(self, key: PathKey) -> Path:
        """Return the path with this key."""
        return self._index.paths[key]

    def between(self, source: Source, target: Target) -> dict[Family, Path]:
        """Return the paths from a source to a target by family."""
        return self._index.pairs.get((source.id, target.id), {})

    def working(self, target_id: str, family: Family) -> list[Path]:
        """Return the paths to a target that work in a family."""
        return self._index.working.get((target_id, family), [])

    def function(self, source: Source) -> Function | None:
        """Return the function a source stands for."""
        return self.snapshot.function(source.function_name) if source.function_name else None

    def failing(self) -> Iterator[Path]:
        """Yield the paths that packets, or else configuration, say do not work."""
        return (item for item in self.paths if item.verdict is PathVerdict.BLOCKED)

    def hits(
        self,
        *reasons: Reason,
        component: Component | None = None,
        family: Family | None = None,
    ) -> Iterator[Hit]:
        """Yield the blockers of failing paths that fit, in the order they were met."""
        numbered = (self._index.hits.get(reason, ()) for reason in dict.fromkeys(reasons))
        for _, hit in merge(*numbered, key=itemgetter(0)):
            fits = component in {None, hit.blocker.component}
            if fits and family in {None, hit.path.key.family}:
                yield hit

    def speaks_ipv6(self, source: Source) -> bool:
        """Tell whether IPv6 is meant to be in use: a subnet of the function has a block."""
        return source.id in self._index.speakers

    def has_ipv6(self, source: Source) -> bool:
        """Tell whether the source's own subnet has an IPv6 block."""
        subnet = self.snapshot.subnet(source.subnet_id)
        return subnet is not None and bool(subnet.ipv6_blocks)

    def is_in_play(self, path: Path) -> bool:
        """Tell whether the path's family is meant to be in use where the path starts."""
        return path.key.family is Family.IPV4 or path.key.source in self._index.speakers

    def route_table(self, subnet_id: str) -> RouteTable | None:
        """Return the subnet's table: its explicit association, else the VPC's main table."""
        explicit = self.snapshot.associated_route_table(subnet_id)
        subnet = self.snapshot.subnet(subnet_id)
        if explicit is not None or subnet is None:
            return explicit
        return self.snapshot.main_route_table(subnet.vpc_id)


def by(hits: Iterator[Hit], key: Callable[[Hit], str]) -> Iterator[tuple[str, list[Hit]]]:
    """Yield the hits in groups, in the order they were met: one finding per resource."""
    groups: dict[str, list[Hit]] = defaultdict(list)
    for hit in hits:
        groups[key(hit)].append(hit)
    yield from groups.items()


def resource_of(hit: Hit) -> str:
    """Return the id of the resource that blocks."""
    return hit.blocker.resource_id
