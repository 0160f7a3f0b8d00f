"""A saved report of JSON version 1: the one check that every reader of one goes through."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from netprobe.errors import NetprobeError
from netprobe.render.report_v1 import SCHEMA_ID

_NEEDED = ("sources", "targets", "paths")


def read_report(text: str | bytes, name: str) -> Mapping[str, Any]:
    """Return the report of JSON version 1 in the file ``name``; raises NetprobeError."""
    try:
        document = json.loads(text)
    except (RecursionError, ValueError) as error:
        raise unreadable_report(name, "is not JSON", str(error)) from error
    require_version(document, name)
    for key in _NEEDED:
        if not isinstance(document.get(key), list):
            raise unreadable_report(name, "is no whole report", f"it has no {key}")
    return document  # type: ignore[no-any-return] # an object, or it had no version


def require_version(document: object, name: str) -> None:
    """Raise NetprobeError for a document that is no report, or one of another version.

    The same keys may mean something else there, so nothing of it is read.
    """
    found = document.get("schema") if isinstance(document, Mapping) else None
    if found != SCHEMA_ID:
        raise unreadable_report(name, f"is no {SCHEMA_ID}", f"its schema is {found!r}")


def unreadable_report(name: str, what: str, why: str) -> NetprobeError:
    """Return the error for a file that should be a report."""
    hint = "write one with netprobe check --format json"
    return NetprobeError("unreadable-report", f"{name} {what}", why=why, hint=hint)
