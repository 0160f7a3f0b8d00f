"""Two looks at the same paths: which opened, which closed, and which block came or went."""

from __future__ import annotations

from collections.abc import Iterable

from netprobe.model.finding import PathKey
from netprobe.model.path_change import PathChange, Turn
from netprobe.model.report import Path, PathVerdict
from netprobe.model.trace import Blocker


def path_changes(before: Iterable[Path], now: Iterable[Path]) -> tuple[PathChange, ...]:
    """Return what changed, in the order of ``now``; paths that are gone say nothing."""
    known: dict[PathKey, Path] = {path.key: path for path in before}
    found = (_change(known.get(path.key), path) for path in now)
    return tuple(item for item in found if item is not None)


def _change(before: Path | None, now: Path) -> PathChange | None:
    if before is None:
        return PathChange(turn=Turn.SEEN, path=now, new=_blockers(now))
    gone, new = _missing_in(now, before), _missing_in(before, now)
    if before.verdict is now.verdict and not gone and not new:
        return None
    return PathChange(turn=_turn(before, now), path=now, was=before.verdict, gone=gone, new=new)


def _turn(before: Path, now: Path) -> Turn:
    """Return what happened; a path that was unknown and is blocked was not seen to close."""
    if before.verdict is now.verdict:
        return Turn.CHANGED
    if now.verdict is PathVerdict.WORKS:
        return Turn.OPENED
    if now.verdict is PathVerdict.UNKNOWN:
        return Turn.UNCERTAIN
    return Turn.CLOSED if before.verdict is PathVerdict.WORKS else Turn.CHANGED


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
