"""What every change of the change language has."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, ClassVar

NEW = "new-"
"""How ids of what does not exist yet begin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseChange:
    """What all changes have: a name, and a sentence for people."""

    action: ClassVar[str] = ""

    def __str__(self) -> str:
        """Return the change as one imperative."""
        raise NotImplementedError

    def values(self) -> dict[str, Any]:
        """Return its fields as JSON values."""
        return {item.name: _plain(getattr(self, item.name)) for item in fields(self)}


def _plain(value: object) -> Any:  # noqa: ANN401 # JSON has no type
    if isinstance(value, bool | int | None):
        return value
    return [_plain(item) for item in value] if isinstance(value, tuple) else str(value)
