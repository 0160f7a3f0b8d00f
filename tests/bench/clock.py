"""The machine's clock, for benches: reports carry when they were made."""

from __future__ import annotations

from datetime import UTC, datetime


class WallClock:
    """The current time."""

    def now(self) -> datetime:
        """Return the current UTC time."""
        return datetime.now(UTC)
