"""Names in sentences: lists that a person is to read to their end, and what was meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence


def first_of(names: Sequence[str], most: int) -> str:
    """Return the names with commas, at the most ``most`` of them: ``a, b and 3 more``."""
    more = len(names) - most
    first = ", ".join(names[:most])
    return f"{first} and {more} more" if more > 0 else first


_ALIKE = 0.85
"""Ids end in random digits, so two that mean different things are half alike by chance."""


def meant_or_known(given: str, known: Iterable[str], which: str) -> str:
    """Return which ids there are, after ``did you mean ID?`` where one is mistyped or cut off."""
    ids = list(known)
    begun = [item for item in ids if given and item.startswith(given)]
    near = begun if len(begun) == 1 else difflib.get_close_matches(given, ids, n=1, cutoff=_ALIKE)
    listed = f"{which}: {first_of(ids, 5) or 'none'}"
    return f"did you mean {near[0]}? {listed}" if near else listed
