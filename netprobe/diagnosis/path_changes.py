"""Two looks at the same paths: which opened, which closed, and which block came or went."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from netprobe.model.finding import PathKey
from netprobe.model.path_change import PathChange, Turn
from netprobe.model.report import Path, PathVerdict
from netprobe.model.trace import Blocker


def path_changes(before: Iterable[Path], now: Iterable[Path]) -> tuple[PathChange, ...]:
    """Return what changed, in the order of ``now``; paths that are gone say nothing."""
    known: dict[PathKey, Path] = {path.key: path for path in before}
    found = (_change(known.get(path.key), path) for path in now)
    return tuple(item for item in found if item is not None)


def kept(before: Path | None, now: Path) -> Path:
    """Return what to compare the next look with.

    Where this one could not read all it needed, the last walk that could still stands.
    """
    if before is None or not _unread(now) or _unread(before):
        return now
    return replace(now, trace=before.trace)


def is_unexplained(change: PathChange) -> bool:
    """Tell whether packets fare otherwise and nothing in the configuration says why."""
    return change.was not in {None, change.path.verdict} and not change.gone and not change.new


def explained(change: PathChange, earlier: PathChange | None) -> PathChange:
    """Return the change with what ``earlier``, the last change of the path, told of facts.

    A route works seconds after it is shown, and a name's old answer is kept for its time to live.
    """
    if earlier is None or not is_unexplained(change):
        return change
    if change.turn is Turn.OPENED:
        return replace(change, gone=earlier.gone, earlier=True)
    return replace(change, new=earlier.new, earlier=True)


def _change(before: Path | None, now: Path) -> PathChange | None:
    if before is None:
        return PathChange(turn=Turn.SEEN, path=now, new=_blockers(now))
    # What was not read is not gone, and what was not read before is not new.
    gone = () if _unread(now) else _missing_in(now, before)
    new = () if _unread(before) else _missing_in(before, now)
    if before.verdict is now.verdict and not gone and not new:
        return None
    return PathChange(turn=_turn(before, now), path=now, was=before.verdict, gone=gone, new=new)


def _turn(before: Path, now: Path) -> Turn:
    """Return what happened; from or to the unknown, nothing was seen to open or close."""
    if now.verdict is PathVerdict.UNKNOWN and before.verdict is not now.verdict:
        return Turn.UNCERTAIN
    if PathVerdict.UNKNOWN in {before.verdict, now.verdict}:
        return Turn.CHANGED
    if PathVerdict.WORKS not in {before.verdict, now.verdict} or before.verdict is now.verdict:
        return Turn.CHANGED
    return Turn.OPENED if now.verdict is PathVerdict.WORKS else Turn.CLOSED


def _unread(path: Path) -> bool:
    return path.trace is not None and bool(path.trace.unread)


def _blockers(path: Path) -> tuple[Blocker, ...]:
    return path.trace.blockers if path.trace else ()


def _missing_in(there: Path, here: Path) -> tuple[Blocker, ...]:
    """Return the blockers of ``here`` that ``there`` does not have."""
    known = {_identity(item) for item in _blockers(there)}
    return tuple(item for item in _blockers(here) if _identity(item) not in known)


def _identity(blocker: Blocker) -> tuple[object, ...]:
    """Return what makes two blockers the same one: words may tell addresses, which change."""
    return (
        blocker.component,
        blocker.resource_id,
        blocker.half,
        blocker.reason,
        blocker.entry,
        blocker.subnet_id,
    )
