"""A file or folder becomes a report or a snapshot."""

from __future__ import annotations

from pathlib import Path

from netprobe.cli.diff_inputs import Reports, Snapshots, read_both, read_one
from netprobe.model.snapshot import Snapshot

ROOT = Path(__file__).parents[2]
REPORT = ROOT / "golden/S01.json"
FOLDER = ROOT / "dumps/every-kind"


def test_kinds_are_told_by_what_is_in_them() -> None:
    """A report by its schema, a folder of answers by being one."""
    assert isinstance(read_both(REPORT, REPORT), Reports)
    assert isinstance(read_both(FOLDER, FOLDER), Snapshots)


def test_report_may_begin_with_a_mark(tmp_path: Path) -> None:
    """Editors of Windows write one before UTF-8."""
    marked = tmp_path / "marked.json"
    marked.write_bytes(b"\xef\xbb\xbf" + REPORT.read_bytes())
    found = read_one(marked)
    assert not isinstance(found, Snapshot)
    assert found["schema"] == "netprobe.report/1"
