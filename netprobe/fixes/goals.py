"""What has to be opened: the paths a client needs and the configuration blocks, by target."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from netprobe.diagnosis.case import Case
from netprobe.diagnosis.verdict import deciding, experience
from netprobe.fixes.policies import is_refused_by_policy
from netprobe.fixes.retrace import World, is_open, is_proved
from netprobe.model.addresses import Family
from netprobe.model.flow import Source
from netprobe.model.report import Path, PathVerdict, Target, Verdict
from netprobe.model.trace import Trace

_FAILS = frozenset({PathVerdict.BLOCKED, PathVerdict.REFUSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """The paths to one target in one family that have to be opened together."""

    target: Target
    family: Family
    paths: tuple[Path, ...]
    sources: tuple[Source, ...]
    siblings: tuple[str, ...]
    """Subnets from which this target is reached already."""

    @property
    def is_refusal(self) -> bool:
        """Tell whether the network is open already, and only a policy stands in the way."""
        return all(
            item.verdict is PathVerdict.REFUSED and is_open(item.trace) for item in self.paths
        )

    @property
    def trace(self) -> Trace:
        """Return the trace of the first path, which always has one."""
        trace = self.paths[0].trace
        if trace is None:
            message = f"{self.paths[0].key} was not traced"
            raise ValueError(message)
        return trace


def goals(case: Case) -> Iterator[Goal]:
    """Yield what is to be opened for each target whose failure a client feels.

    Where a family works, only the other one's paths that are felt count; where none works, the
    client is content with either, so that both are ways out.
    """
    world = World(case=case)
    for target in deciding(case.targets):
        wanted: dict[Family, list[Path]] = {family: [] for family in case.client.order}
        working: dict[Family, list[str]] = {family: [] for family in case.client.order}
        for source in case.sources:
            for path in _wanted(world, source, target):
                wanted[path.key.family].append(path)
            for family, path in case.between(source, target).items():
                if family in working and path.verdict is PathVerdict.WORKS:
                    working[family].append(source.subnet_id)
        for family, paths in wanted.items():
            if paths:
                yield Goal(
                    target=target,
                    family=family,
                    paths=tuple(paths),
                    sources=tuple(map(case.source, paths)),
                    siblings=tuple(working[family]),
                )


def _wanted(world: World, source: Source, target: Target) -> Iterator[Path]:
    case = world.case
    found = experience(case, source, target)
    if found.verdict is Verdict.HEALTHY:
        return
    paths = case.between(source, target)
    works = any(item.verdict is PathVerdict.WORKS for item in paths.values())
    for family in case.client.order:
        path = paths.get(family)
        if path is None or path.trace is None:
            continue
        # A far end that was reached refuses by whichever way it is reached, but for its policy.
        refused = path.verdict is PathVerdict.REFUSED and is_refused_by_policy(world, path)
        reached = is_proved(path.trace) or found.verdict is Verdict.APPLICATION_ERROR
        if reached and not refused:
            continue
        if path.verdict in _FAILS and (not works or path.key in found.felt):
            yield path
