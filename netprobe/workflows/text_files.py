"""Text that users keep in files, and the error that says why one cannot be read."""

from __future__ import annotations

import json
from pathlib import Path

from netprobe.errors import NetprobeError


def read_file(path: Path, encoding: str = "utf-8") -> str:
    """Return the text of a file; raises NetprobeError."""
    try:
        return path.read_text(encoding=encoding)
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from error


_NEXT_STEPS: dict[type[Exception], str] = {
    FileNotFoundError: "give the path of a file that exists",
    PermissionError: "give a file that you may read",
    IsADirectoryError: "give a file, not a folder",
}


def unreadable(place: object, error: Exception, hint: str = "") -> NetprobeError:
    """Return the error for a file that cannot be read."""
    why = (error.strerror if isinstance(error, OSError) else None) or str(error)
    hint = hint or _NEXT_STEPS.get(type(error), "give the path of a text file")
    return NetprobeError("unreadable-file", f"cannot read {place}", why=why, hint=hint)


def why_no_json(error: Exception) -> str:
    """Return why a text is no JSON, and where."""
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} in line {error.lineno}, column {error.colno}"
    return str(error)
