"""Everything a fault may look at: configuration, traces, observations, and who feels what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from netprobe.diagnosis.clients import Client
from netprobe.model.addresses import Family
from netprobe.model.finding import Evidence, PathKey
from netprobe.model.flow import Source
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


@dataclass(frozen=True, kw_only=True)
class Case:
    """One check, as its faults see it."""

    snapshot: Snapshot
    sources: tuple[Source, ...]
    targets: tuple[Target, ...]
    paths: tuple[Path, ...]
    client: Client
    explained: frozenset[PathKey] = field(default_factory=frozenset)
    """Paths that a fault examined earlier explains."""

    def source(self, path: Path) -> Source:
        """Return where the path starts."""
        return next(item for item in self.sources if item.id == path.key.source)

    def target(self, path: Path) -> Target:
        """Return what the path leads to."""
        return next(item for item in self.targets if item.id == path.key.target)

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
        """Yield the blockers of failing paths that fit."""
        for path in self.failing():
            if path.trace is None or family not in {None, path.key.family}:
                continue
            if not self.is_in_play(path):  # absent by design: nothing there is a fault
                continue
            for blocker in path.trace.blockers:
                if blocker.reason in reasons and component in {None, blocker.component}:
                    yield Hit(path=path, blocker=blocker)

    def speaks_ipv6(self, source: Source) -> bool:
        """Tell whether IPv6 is meant to be in use: a subnet of the function has a block."""
        function = self.function(source)
        subnet_ids = function.subnet_ids if function else (source.subnet_id,)
        subnets = (self.snapshot.subnet(item) for item in (source.subnet_id, *subnet_ids))
        return any(subnet is not None and subnet.ipv6_blocks for subnet in subnets)

    def has_ipv6(self, source: Source) -> bool:
        """Tell whether the source's own subnet has an IPv6 block."""
        subnet = self.snapshot.subnet(source.subnet_id)
        return subnet is not None and bool(subnet.ipv6_blocks)

    def is_in_play(self, path: Path) -> bool:
        """Tell whether the path's family is meant to be in use where the path starts."""
        return path.key.family is Family.IPV4 or self.speaks_ipv6(self.source(path))

    def route_table(self, subnet_id: str) -> RouteTable | None:
        """Return the subnet's table: its explicit association, else the VPC's main table."""
        subnet = self.snapshot.subnet(subnet_id)
        tables = self.snapshot.route_tables
        explicit = (item for item in tables if subnet_id in item.subnet_ids)
        main = (i for i in tables if subnet is not None and i.main and i.vpc_id == subnet.vpc_id)
        return next(explicit, None) or next(main, None)


def by(hits: Iterator[Hit], key: Callable[[Hit], str]) -> Iterator[tuple[str, list[Hit]]]:
    """Yield the hits in groups, in the order they were met: one finding per resource."""
    groups: dict[str, list[Hit]] = defaultdict(list)
    for hit in hits:
        groups[key(hit)].append(hit)
    yield from groups.items()


def resource_of(hit: Hit) -> str:
    """Return the id of the resource that blocks."""
    return hit.blocker.resource_id
