"""Lists of names in sentences that a person is to read to their end."""

from __future__ import annotations

from collections.abc import Sequence


def first_of(names: Sequence[str], most: int) -> str:
    """Return the names with commas, at the most ``most`` of them: ``a, b and 3 more``."""
    more = len(names) - most
    first = ", ".join(names[:most])
    return f"{first} and {more} more" if more > 0 else first
