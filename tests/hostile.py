"""Reports whose names were chosen by somebody who means harm, or who types a lot."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any, TypeVar

from netprobe.model.report import Report
from tests.reports import report_of_step

T = TypeVar("T")

IMAGE = '<img src=x onerror="alert(1)">'
SCRIPT = "</script></style></details><script>alert(1)</script>"
TEMPLATE = "{{ 7 * 7 }}{% raw %}"
REORDERED = "rtb-\u202egnp.exe\u2066"
LONG = "subnet-" + "a1b2c3d4e5" * 30
MARKDOWN = "sg|`@octocat`|[x](https://evil.example)|www.evil.example"
CONTROLS = "\x1b]8;;https://evil.example\x07\x00\n\n# sg"

NAMES = {
    "subnet-c3eb8c3d1646d0309": LONG,
    "subnet-659e7c720b943e05b": CONTROLS,
    "push-prices": SCRIPT,
    "rtb-9ed804852e968a8c6": REORDERED,
    "sg-8668e899e4f8efe9f": MARKDOWN,
    "acl-eeca14e3b3a62391a": TEMPLATE,
    "pzhujlpt": IMAGE,
}
"""What each name of the story's account becomes, everywhere it is spoken of."""


def hostile_report() -> Report:
    """Return the story's first report with these names."""
    return renamed(report_of_step(0), NAMES)


def renamed(value: T, names: dict[str, str]) -> T:
    """Return the value with every name in every text of it replaced."""
    found: Any = _renamed(value, names)
    return found  # type: ignore[no-any-return]


def _renamed(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, str) and not isinstance(value, Enum):
        for name, other in names.items():
            value = value.replace(name, other)
        return value
    if isinstance(value, tuple | list | set | frozenset):
        return type(value)(_renamed(item, names) for item in value)
    if isinstance(value, dict):
        return {_renamed(key, names): _renamed(item, names) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        changed = {
            field.name: _renamed(getattr(value, field.name), names)
            for field in fields(value)
            if field.init
        }
        return replace(value, **changed)
    return value
