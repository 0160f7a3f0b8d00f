"""What was read of the account, kept until a function is invoked again."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

_Read = TypeVar("_Read")


class Readings:
    """Remembers what was read, so that a name asked for ten times is looked up once."""

    def __init__(self) -> None:
        self._held: dict[Hashable, Any] = {}

    def forget(self) -> None:
        """Read everything anew from now on: whatever was changed, was changed before."""
        self._held = {}

    def once(self, key: Hashable, read: Callable[[], _Read]) -> _Read:
        """Return what was read under a key, reading it the first time."""
        held = self._held
        if key not in held:
            held[key] = read()
        found: _Read = held[key]
        return found
