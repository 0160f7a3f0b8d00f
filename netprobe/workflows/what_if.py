"""The file that ``--what-if`` names: changes, a fix, or a report whose fix is chosen by its id."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from netprobe.errors import UsageError
from netprobe.fixes.reading import read_changes
from netprobe.model.changes import Change
from netprobe.workflows.saved_reports import require_version
from netprobe.workflows.text_files import read_file, why_no_json


def read_what_if(given: str | None) -> tuple[Change, ...]:
    """Return the changes of ``FILE`` or ``FILE:FIX``, none where none was given.

    Raises NetprobeError where the file cannot be read, UsageError for what it says.
    """
    if given is None:
        return ()
    path, fix_id = _split(given)
    _refuse_no_fix(path)
    document = _parse(path, read_file(path, encoding="utf-8-sig"))
    if _is_report(document):
        require_version(document, str(path))
        document = _choose(path, [*_listed(document, "fixes"), *_savings(document)], fix_id)
    elif fix_id is not None:
        what = f"{path} is no report, so it has no {fix_id}"
        raise UsageError("unreadable-change", what, hint="give the file alone")
    try:
        return read_changes(document)
    except UsageError as error:
        raise UsageError("unreadable-change", f"{path}: {error.what}", hint=error.hint) from None


def _split(given: str) -> tuple[Path, str | None]:
    """Return the file, and the fix after the last colon where no file is called all of it."""
    whole = Path(given)
    name, colon, fix_id = given.rpartition(":")
    if not colon or not name or not fix_id.startswith(("fix-", "saving-")) or whole.exists():
        return whole, None
    return Path(name), fix_id


def _refuse_no_fix(path: Path) -> None:
    """Refuse a report with something after it that is no id of a fix; raises UsageError."""
    name, colon, rest = str(path).rpartition(":")
    if colon and not path.exists() and Path(name).is_file():
        what = f"{rest!r} is no fix of {name}"
        raise UsageError("unreadable-change", what, hint="their ids are fix-1, saving-1 and so on")


def _parse(path: Path, text: str) -> Any:  # noqa: ANN401 # JSON has no type
    try:
        return json.loads(text, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:  # a key twice, endless digits, endless nesting
        why, hint = why_no_json(error), "give what --format json writes"
        raise UsageError("unreadable-change", f"{path} is no JSON", why=why, hint=hint) from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the object; of two values with one name, which one is meant?"""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        message = f"an object has {twice!r} twice"
        raise ValueError(message)
    return found


def _is_report(document: object) -> bool:
    """Tell whether it is a report of some version, and no list of changes or single fix."""
    return isinstance(document, dict) and ("schema" in document or "fixes" in document)


def _savings(report: dict[str, Any]) -> list[Any]:
    """Return the savings of a report that have something to do."""
    listed = _listed(report, "savings")
    return [item for item in listed if isinstance(item, dict) and item.get("changes")]


def _listed(report: dict[str, Any], key: str) -> list[Any]:
    found = report.get(key)
    return found if isinstance(found, list) else []


def _choose(path: Path, fixes: list[Any], fix_id: str | None) -> Any:  # noqa: ANN401 # JSON has no type
    """Return the fix of a report."""
    by_id = {str(item.get("id")): item for item in fixes if isinstance(item, dict)}
    if fix_id in by_id:
        return by_id[fix_id]
    what = f"{path} is a report, and no fix of it was named"
    if fix_id is not None:
        what = f"no {fix_id} in {path}"
    known = ", ".join(list(by_id)[:10])
    hint = f"give {path}:ID with one of {known}" if known else "the report has no fixes"
    raise UsageError("unreadable-change", what, hint=hint)
