"""A saved report is JSON version 1 and whole, or one line says what it is instead."""

from __future__ import annotations

import pytest

from netprobe.errors import NetprobeError
from netprobe.workflows.saved_reports import read_report, require_version

BROKEN = [
    ("{", "r.json is not JSON"),
    ("[]", "r.json is no netprobe.report/1 (its schema is None)"),
    ('{"schema": "netprobe.report/2"}', "(its schema is 'netprobe.report/2')"),
    ('{"schema": "netprobe.report/1", "sources": []}', "(it has no targets)"),
]


@pytest.mark.parametrize(("text", "expected"), BROKEN)
def test_other_documents_are_refused(text: str, expected: str) -> None:
    """In one line that says how to get the right one."""
    with pytest.raises(NetprobeError) as caught:
        read_report(text, "r.json")

    assert caught.value.reference == "unreadable-report"
    assert expected in str(caught.value)
    assert "--format json" in str(caught.value)


def test_this_version_is_read() -> None:
    """Whatever else is in it."""
    require_version({"schema": "netprobe.report/1", "new": 1}, "r.json")
