"""How moto is corrected: methods wrapped in place, each once."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

_MARK = "__netprobe_original__"


def wrap(owner: Any, name: str, around: Callable[..., Any]) -> None:
    """Replace ``owner.name`` by ``around``, which gets the original as its first argument."""
    original = getattr(owner, name)
    if hasattr(original, _MARK):
        return

    @functools.wraps(original)
    def replacement(*arguments: Any, **keywords: Any) -> Any:
        return around(original, *arguments, **keywords)

    setattr(replacement, _MARK, original)
    setattr(owner, name, replacement)


def add(owner: Any, name: str, value: Any) -> None:
    """Give ``owner`` an attribute it lacks, or replace one outright."""
    setattr(owner, name, value)
