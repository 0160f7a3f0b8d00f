"""Draws cases: a base, one to three faults that fit each other, and now and then an oddity."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from random import Random

from tests.judge_diagnosis.bases import BASES
from tests.judge_diagnosis.kinds import Kind
from tests.judge_diagnosis.kinds_of_filters import FILTERS
from tests.judge_diagnosis.kinds_of_names import NAMES
from tests.judge_diagnosis.kinds_of_ways import WAYS

KINDS: dict[str, Kind] = {kind.name: kind for kind in (*WAYS, *FILTERS, *NAMES)}
_MOST_FAULTS, _MOST_ODDITIES = 3, 2
_HEALTHY = 0.06
"""The share of cases without any fault: oddities alone."""


@dataclass(frozen=True, slots=True)
class Case:
    """One broken site, which its base and kinds say all about."""

    base: str
    kinds: tuple[Kind, ...]

    @property
    def title(self) -> str:
        return " + ".join((self.base, *(kind.name for kind in self.kinds)))


def draw(number: int, seed: int) -> list[Case]:
    """Return so many cases; each kind of fault comes about as often as the others."""
    dice = Random(seed)  # noqa: S311 # the same cases for the same seed
    used: Counter[str] = Counter()
    return [_case(dice, used) for _ in range(number)]


def _case(dice: Random, used: Counter[str]) -> Case:
    faults = [kind for kind in KINDS.values() if not kind.harmless]
    if dice.random() < _HEALTHY:
        base = dice.choice(sorted(BASES))
        return Case(base, _more(dice, base, (), _oddities(), _MOST_ODDITIES))
    least = min(used[kind.name] for kind in faults)
    first = dice.choice([kind for kind in faults if used[kind.name] == least])
    base = dice.choice(sorted(first.bases))
    taken = _more(dice, base, (first,), faults, dice.randint(1, _MOST_FAULTS))
    used.update(kind.name for kind in taken)
    return Case(base, _more(dice, base, taken, _oddities(), len(taken) + dice.randint(0, 2)))


def _oddities() -> list[Kind]:
    return [kind for kind in KINDS.values() if kind.harmless]


def _more(
    dice: Random, base: str, taken: tuple[Kind, ...], pool: list[Kind], most: int
) -> tuple[Kind, ...]:
    """Return what was taken, and more of the pool that fits the base and each other."""
    while len(taken) < most:
        fitting = [i for i in pool if base in i.bases and all(i.fits(o) for o in taken)]
        if not fitting:
            break
        taken = (*taken, dice.choice(fitting))
    return taken
