"""What a client still waits for after a fix: a family that it tries first, and that stays silent.

A set that opens IPv4 alone does not help a client that tries IPv6 first for longer than its
function runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from netprobe.diagnosis.states import State, state_of
from netprobe.diagnosis.verdict import cost_of
from netprobe.fixes.retrace import World, is_open
from netprobe.model.finding import PathKey
from netprobe.model.report import Path, PathVerdict, Verdict, Witnesses

_NOTICED_SECONDS = 1
"""Clients that try the next address sooner than this do not keep anyone waiting."""


def waits_in_vain(world: World, opened: Iterable[PathKey]) -> bool:
    """Tell whether an opened path is not reached in time for a family tried before it."""
    case = world.case
    return any(
        cost_of(case, case.source(path), State.SILENT) is Verdict.BROKEN
        for path in _waited_for(world, opened)
    )


def waits(world: World, opened: Iterable[PathKey]) -> Iterator[str]:
    """Yield what the client goes on waiting for, as a sentence for each family and target."""
    case = world.case
    for path in _waited_for(world, opened):
        family, target = path.key.family.label, path.key.target
        long = cost_of(case, case.source(path), State.SILENT) is Verdict.BROKEN
        what = "longer than its function may run" if long else "before it comes to this family"
        yield f"{case.client.name} still waits for {family} to {target}, {what}: mend that too"


def _waited_for(world: World, opened: Iterable[PathKey]) -> Iterator[Path]:
    """Yield the silent paths that a client tries before those that are opened."""
    case, meant = world.case, set(opened)
    patience = case.client.fallback_seconds
    if patience is not None and patience < _NOTICED_SECONDS:
        return
    for key in sorted(meant, key=str):
        path = case.path(key)
        if world.leaves(path):
            continue
        paths = case.between(case.source(path), case.target(path))
        for family in case.client.order:
            if family is key.family:
                break
            first = paths.get(family)
            if first is None or first.key in meant or not _is_silent(first):
                continue
            if _is_silent_then(world, first):
                yield first


def _is_silent(path: Path) -> bool:
    """Tell whether a client is known to try a path, which has a record, and hears nothing."""
    resolution = path.trace.resolution if path.trace else None
    known = resolution is None or resolution.exists is True
    return known and state_of(path) is State.SILENT


def _is_silent_then(world: World, path: Path) -> bool:
    """Tell whether a client tries a path after the changes and hears nothing."""
    after = world.trace(path)
    if is_open(after):
        return False
    witnesses = Witnesses.CONFIGURATION_ONLY
    then = Path(key=path.key, verdict=PathVerdict.BLOCKED, witnesses=witnesses, trace=after)
    return state_of(then) is State.SILENT
