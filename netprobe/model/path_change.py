"""What changed on one path between two looks at it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from netprobe.model.finding import PathKey
from netprobe.model.report import Path, PathVerdict
from netprobe.model.trace import Blocker


class Turn(StrEnum):
    """What happened to a path."""

    SEEN = "seen"
    """It was looked at for the first time."""
    OPENED = "opened"
    CLOSED = "closed"
    CHANGED = "changed"
    """It works as little or as well as before, for other reasons."""
    UNCERTAIN = "uncertain"
    """Nobody can tell any more whether it works."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PathChange:
    """One path, what happened to it, and what of the configuration changed with it."""

    turn: Turn
    path: Path
    """As it is now."""
    was: PathVerdict | None = None
    """None where it was not looked at before."""
    gone: tuple[Blocker, ...] = ()
    """What stopped it before and stops it no more."""
    new: tuple[Blocker, ...] = ()
    """What stops it now and did not before."""
    earlier: bool = False
    """The configuration changed in an earlier look; packets can be late to follow."""

    @property
    def key(self) -> PathKey:
        """Return which path it is."""
        return self.path.key
