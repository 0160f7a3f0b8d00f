"""Lists of names in sentences."""

from __future__ import annotations

import pytest

from netprobe.model.words import first_of


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ((), ""),
        (("a",), "a"),
        (("a", "b"), "a, b"),
        (("a", "b", "c"), "a, b and 1 more"),
        (("a", "b", "c", "d"), "a, b and 2 more"),
    ],
)
def test_what_is_too_many_is_counted(names: tuple[str, ...], expected: str) -> None:
    assert first_of(names, 2) == expected
