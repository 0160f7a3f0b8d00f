"""The few ways in which the judge draws; hypothesis decides every one of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, TypeVar

from hypothesis import strategies as st

T = TypeVar("T")


@cache
def _numbers(low: int, high: int) -> st.SearchStrategy[int]:
    return st.integers(low, high)


class Dice:
    """Draws through hypothesis; the simplest answer of each draw is its first."""

    def __init__(self, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
        self._draw = draw

    def number(self, low: int, high: int) -> int:
        """Return a number from ``low`` to ``high``."""
        return low if low == high else int(self._draw(_numbers(low, high)))

    def chance(self, percent: int) -> bool:
        """Tell whether something happens that does so in so many cases of a hundred."""
        return self.number(0, 99) >= 100 - percent

    def choice(self, options: Sequence[T]) -> T:
        """Return one of several."""
        return options[self.number(0, len(options) - 1)]

    def weighted(self, options: Sequence[tuple[int, T]]) -> T:
        """Return one of several, each as often as its weight says."""
        left = self.number(0, sum(weight for weight, _ in options) - 1)
        for weight, option in options:
            if left < weight:
                return option
            left -= weight
        raise AssertionError

    def some(self, options: Sequence[T], least: int, most: int) -> list[T]:
        """Return several different ones, in their order."""
        wanted = min(self.number(least, most), len(options))
        left = list(range(len(options)))
        taken = sorted(left.pop(self.number(0, len(left) - 1)) for _ in range(wanted))
        return [options[index] for index in taken]
