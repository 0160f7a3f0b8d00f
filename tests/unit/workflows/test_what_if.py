"""The file of proposed changes: what it may be, and one line for what it may not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from netprobe.errors import NetprobeError, UsageError
from netprobe.workflows.what_if import read_what_if
from tests.unit.fixes.every_change import EVERY_CHANGE

CHANGE = EVERY_CHANGE[0]
CHANGES = [{"action": CHANGE.action, "values": CHANGE.values()}]
VERSION = {"schema": "netprobe.report/1"}
REPORT = VERSION | {
    "fixes": [{"id": "fix-1", "changes": CHANGES}, {"id": "fix-2", "changes": []}],
}


def saved(folder: Path, document: object, name: str = "file.json") -> str:
    path = folder / name
    path.write_text(document if isinstance(document, str) else json.dumps(document))
    return str(path)


@pytest.mark.parametrize("document", [CHANGES, {"changes": CHANGES}, REPORT["fixes"][0]])
def test_list_object_and_fix_are_read(document: object, tmp_path: Path) -> None:
    """What a report has can be saved as it is."""
    assert read_what_if(saved(tmp_path, document)) == (CHANGE,)


def test_nothing_is_assumed_without_a_file() -> None:
    """The option is for hypotheses only."""
    assert read_what_if(None) == ()


def test_fix_of_a_report_is_chosen_by_its_id(tmp_path: Path) -> None:
    """No copying at all."""
    assert read_what_if(saved(tmp_path, REPORT) + ":fix-1") == (CHANGE,)


def test_saving_of_a_report_is_chosen_like_a_fix(tmp_path: Path) -> None:
    """A saving has changes too, unless its free way is open."""
    report = REPORT | {"savings": [{"id": "saving-1", "changes": CHANGES}, {"id": "saving-2"}]}

    assert read_what_if(saved(tmp_path, report) + ":saving-1") == (CHANGE,)
    with pytest.raises(UsageError, match="no saving-2 in"):
        read_what_if(saved(tmp_path, report) + ":saving-2")


def test_file_that_has_a_colon_is_a_file(tmp_path: Path) -> None:
    """A name is a name."""
    assert read_what_if(saved(tmp_path, CHANGES, "a:fix-1")) == (CHANGE,)


@pytest.mark.parametrize(
    ("document", "after", "line"),
    [
        (REPORT, "", "is a report, and no fix of it was named; give"),
        (REPORT, ":fix-7", "no fix-7 in"),
        (REPORT, ":fx-1", "'fx-1' is no fix of"),
        (VERSION | {"fixes": []}, ":fix-1", "the report has no fixes"),
        (CHANGES, ":fix-1", "is no report, so it has no fix-1; give the file alone"),
        ('{"changes": [\n{"action" 1}]}', "", "Expecting ':' delimiter in line 2, column 11"),
        ("", "", "is no JSON (Expecting value in line 1, column 1)"),
        ('{"a": 1, "a": 2}', "", "is no JSON (an object has 'a' twice)"),
        ("[" * 100_000, "", "is no JSON"),
        ("9" * 5000, "", "is no JSON"),
        ([{"action": "x"}], "", "file.json: change 1: no action 'x'"),
    ],
)
def test_file_that_says_something_else_is_one_line(
    document: object, after: str, line: str, tmp_path: Path
) -> None:
    """The line names the file, the place and the next step."""
    with pytest.raises(UsageError) as raised:
        read_what_if(saved(tmp_path, document) + after)

    assert line in str(raised.value)
    assert str(tmp_path) in str(raised.value)


@pytest.mark.parametrize("version", [{"schema": "netprobe.report/2"}, {}])
@pytest.mark.parametrize("after", [":fix-1", ""])
def test_report_of_another_version_is_refused(
    version: dict[str, str], after: str, tmp_path: Path
) -> None:
    """Its changes may mean something else, as diff and expect --report say too."""
    report = {"fixes": REPORT["fixes"]} | version
    with pytest.raises(NetprobeError, match="is no netprobe") as raised:
        read_what_if(saved(tmp_path, report) + after)

    assert raised.value.reference == "unreadable-report"


def test_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """Missing, a folder, or not text."""
    (tmp_path / "bytes").write_bytes(b"\xff\xfe[]")
    for name in ("missing.json", ".", "bytes"):
        with pytest.raises(NetprobeError) as raised:
            read_what_if(str(tmp_path / name))
        assert raised.value.reference == "unreadable-file"
