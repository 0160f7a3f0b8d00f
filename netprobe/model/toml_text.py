"""TOML that people write: where a mistake is, in every case."""

from __future__ import annotations

import tomllib
from typing import Any

_AT_THE_END = " (at end of document)"


def read_toml(text: str) -> dict[str, Any]:
    """Return the document; raises ValueError that names the line and column of a mistake.

    A byte order mark, which editors on Windows write, is no mistake.
    """
    try:
        return tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        raise ValueError(_placed(str(error), text)) from error
    except RecursionError as error:
        message = "arrays or tables are nested too deep"
        raise ValueError(message) from error


def _placed(says: str, text: str) -> str:
    """Return what the reader says, with a place where it saw the end only."""
    if not says.endswith(_AT_THE_END):
        return says
    lines = text.splitlines() or [""]
    place = f"line {len(lines)}, column {len(lines[-1]) + 1}"
    return f"{says.removesuffix(_AT_THE_END)} (at {place}, the end of the document)"
