"""One thing that stops one path, as whatever may remove it is told of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from netprobe.model.changes import Change
from netprobe.model.finding import PathKey
from netprobe.model.flow import Source
from netprobe.model.report import Target
from netprobe.model.snapshot import Snapshot
from netprobe.model.trace import Blocker, Trace

Set = tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One thing that stops one path, in the configuration as it is by now."""

    snapshot: Snapshot
    key: PathKey
    source: Source
    target: Target
    trace: Trace
    blocker: Blocker | None = None
    """None where the packets pass, to the wrong far end."""
    siblings: tuple[str, ...] = ()
    """Subnets from which the same target is reached in the same family."""

    @property
    def stopped_at(self) -> str:
        """Return the id of what blocks."""
        return self.blocker.resource_id if self.blocker else ""


Opener = Callable[[Block], "Set | None"]
"""What a strategy does where there is no usable route; None where it has nothing to add."""
