"""How one part of moto is replaced: what, by what, and why."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Correct = Callable[..., Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """One attribute of moto and how its corrected form is made from the original."""

    owner: Any
    """The class or module of moto."""
    name: str
    make: Callable[[Any], Any]
    """Takes the original attribute (None when there is none) and returns the corrected one."""
    why: str
    """What moto does, where AWS differs."""

    def apply(self) -> None:
        """Put the corrected attribute in the original's place."""
        setattr(self.owner, self.name, self.make(getattr(self.owner, self.name, None)))


def around(owner: Any, name: str, correct: Correct, why: str) -> Patch:
    """Return a patch of a method or function; ``correct`` gets the original first."""

    def make(original: Any) -> Any:
        @functools.wraps(original)
        def corrected(*arguments: Any, **named: Any) -> Any:
            return correct(original, *arguments, **named)

        return corrected

    return Patch(owner=owner, name=name, make=make, why=why)


def around_static(owner: Any, name: str, correct: Correct, why: str) -> Patch:
    """Return a patch of a static method; ``correct`` gets the original first."""
    inner = around(owner, name, correct, why)
    return Patch(
        owner=owner, name=name, make=lambda original: staticmethod(inner.make(original)), why=why
    )


def computed(owner: Any, name: str, compute: Correct, why: str) -> Patch:
    """Return a patch that makes an attribute a property of the object."""
    return Patch(owner=owner, name=name, make=lambda _: property(compute), why=why)


def added(owner: Any, name: str, value: Any, why: str) -> Patch:
    """Return a patch that adds a method or a default that moto lacks."""
    return Patch(owner=owner, name=name, make=lambda _: value, why=why)
