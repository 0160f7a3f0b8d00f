"""What ``netprobe diff`` is given: a file or folder becomes a report or a snapshot."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from netprobe.aws.archives import MARK
from netprobe.aws.dump_files import parse
from netprobe.aws.evidence import load_evidence
from netprobe.aws.saved import load_snapshot
from netprobe.cli.check_options import CheckOptions
from netprobe.cli.check_run import read_request
from netprobe.cli.evidence_run import asked_again, capabilities_of_evidence
from netprobe.errors import NetprobeError, UsageError
from netprobe.model.snapshot import Snapshot
from netprobe.render.json_v1 import to_document
from netprobe.workflows.capabilities import Silence
from netprobe.workflows.check import run_check
from netprobe.workflows.saved_reports import read_report
from netprobe.workflows.text_files import unreadable, why_no_json

_HINT = "give a report of netprobe check --format json, or a snapshot"

Report = Mapping[str, Any]
"""JSON version 1."""


class Reports(NamedTuple):
    """Two reports to compare."""

    before: Report
    now: Report


class Snapshots(NamedTuple):
    """Two snapshots to compare."""

    before: Snapshot
    now: Snapshot


def read_both(before: Path, now: Path) -> Reports | Snapshots:
    """Return two reports or two snapshots; raises NetprobeError for anything else."""
    first, second = read_one(before), read_one(now)
    if isinstance(first, Snapshot):
        if isinstance(second, Snapshot):
            return Snapshots(first, second)
        kinds = ("a snapshot", "a report")
    else:
        if not isinstance(second, Snapshot):
            return Reports(first, second)
        kinds = ("a report", "a snapshot")
    raise UsageError(
        "two-kinds-to-compare",
        f"{before} is {kinds[0]}, and {now} is {kinds[1]}",
        hint="give two reports, or two snapshots",
    )


def read_one(path: Path) -> Report | Snapshot:
    """Return the report or the snapshot at the path; raises NetprobeError.

    Evidence becomes the report of what it is judged to be now.
    """
    if path.suffix.lower() == ".zip" or (path / MARK).is_file():
        return _report_of_evidence(path)
    if path.is_dir():
        return load_snapshot(path)
    content = _content(path)
    document = _document(path, content)
    if isinstance(document, dict) and "schema" in document:
        return read_report(content, str(path))
    return load_snapshot(path)


def _report_of_evidence(path: Path) -> Report:
    evidence, answers = load_evidence(path)
    request = read_request(asked_again(CheckOptions(evidence=path), evidence, answers))
    capabilities = capabilities_of_evidence(evidence, answers, str(path), Silence())
    return to_document(run_check(request, capabilities))


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise unreadable(path, error, _HINT) from error


def _document(path: Path, content: bytes) -> Any:  # noqa: ANN401 # JSON has no type
    try:
        return parse(content)
    except ValueError as error:
        raise NetprobeError(
            "unreadable-file", f"{path} is no JSON", why=why_no_json(error), hint=_HINT
        ) from error
