"""Files of users that cannot be read, in one line with the next step."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from netprobe.errors import NetprobeError
from netprobe.workflows.text_files import read_file, why_no_json


def test_text_is_read(tmp_path: Path) -> None:
    """A mark at its beginning goes where the encoding says so."""
    path = tmp_path / "file"
    path.write_bytes(b"\xef\xbb\xbf\xc3\xa9")

    assert read_file(path, encoding="utf-8-sig") == "é"


@pytest.mark.parametrize(
    ("name", "why", "hint"),
    [
        ("missing", "No such file or directory", "give the path of a file that exists"),
        (".", "Is a directory", "give a file, not a folder"),
        ("binary", "invalid start byte", "give the path of a text file"),
    ],
)
def test_what_cannot_be_read_is_named(name: str, why: str, hint: str, tmp_path: Path) -> None:
    """With the reason, and what to give instead."""
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")

    with pytest.raises(NetprobeError) as caught:
        read_file(tmp_path / name)

    assert caught.value.reference == "unreadable-file"
    assert caught.value.what == f"cannot read {tmp_path / name}"
    assert why in caught.value.why
    assert caught.value.hint == hint


def test_place_in_broken_json() -> None:
    """Line and column."""
    with pytest.raises(json.JSONDecodeError) as caught:
        json.loads('{\n"a" 1}')

    assert why_no_json(caught.value) == "Expecting ':' delimiter in line 2, column 5"
    assert why_no_json(ValueError("too many digits")) == "too many digits"
