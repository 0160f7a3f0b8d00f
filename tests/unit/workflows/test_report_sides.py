"""A saved report as one side of a comparison."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from netprobe.errors import NetprobeError
from netprobe.render.json_v1 import to_document
from netprobe.workflows.report_sides import side_of_report
from tests.reports import report_of_step


def document(step: int = 0) -> dict[str, Any]:
    return copy.deepcopy({**to_document(report_of_step(step))})


@pytest.mark.parametrize("step", range(5))
def test_what_is_compared_survives_json(step: int) -> None:
    """Paths, verdicts, blockers and hops are those of the report that was written."""
    report = report_of_step(step)

    side = side_of_report(document(step), "r.json")

    assert (side.verdict, side.summary) == (report.verdict, report.summary)
    assert [(i.key, i.verdict) for i in side.paths] == [(i.key, i.verdict) for i in report.paths]
    for read, told in zip(side.paths, report.paths, strict=True):
        assert read.trace is not None
        assert told.trace is not None
        assert (read.trace.request, read.trace.reply) == (told.trace.request, told.trace.reply)
        assert [(i.resource_id, i.reason, i.entry, i.detail) for i in read.trace.blockers] == [
            (i.resource_id, i.reason, i.entry, i.detail) for i in told.trace.blockers
        ]
    assert [item.code for item in side.findings] == [item.code for item in report.findings]


def spoil(change: str) -> dict[str, Any]:
    spoilt = document()
    match change:
        case "no summary":
            del spoilt["summary"]
        case "strange verdict":
            spoilt["paths"][0]["verdict"] = "fine"
        case "path from nowhere":
            spoilt["paths"][0]["source"] = "subnet-nowhere"
        case "no proof":
            spoilt["findings"][0]["evidence"] = []
        case "number for a name":
            spoilt["targets"][0]["given"] = 7
        case "text for a list":
            spoilt["paths"][0]["trace"]["blockers"] = "none"
    return spoilt


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("no summary", "it lacks 'summary'"),
        ("strange verdict", "'fine' is not a valid PathVerdict"),
        ("path from nowhere", "it lacks 'subnet-nowhere'"),
        ("no proof", "a finding without primary evidence"),
        ("number for a name", "given is int, not text"),
        ("text for a list", "a part of it has another shape"),
    ],
)
def test_spoilt_report_is_one_line_that_says_what_is_wrong(change: str, why: str) -> None:
    """It may have been edited by hand, or cut."""
    with pytest.raises(NetprobeError) as caught:
        side_of_report(spoil(change), "r.json")
    assert caught.value.reference == "unreadable-report"
    assert caught.value.what == "r.json is no whole report"
    assert caught.value.why == why
