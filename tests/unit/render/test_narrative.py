"""The words of the grid; all others are compared with whole files."""

from __future__ import annotations

from dataclasses import replace

import pytest

from netprobe.model.report import PathVerdict
from netprobe.render.narrative import grid_of
from tests.builders import route_table, snapshot
from tests.reports import report_of
from tests.unit.diagnosis.cases import case_of, changed


@pytest.mark.parametrize(
    ("verdict", "word"),
    [
        (PathVerdict.WORKS, "delivered (not probed)"),
        (PathVerdict.UNKNOWN, "unknown (not probed)"),
        (PathVerdict.REFUSED, "refused (not probed)"),
    ],
)
def test_what_is_delivered_and_does_not_surely_work_has_a_word_of_its_own(
    verdict: PathVerdict, word: str
) -> None:
    """No colour tells it apart, for those who see none."""
    report = report_of(case_of(snapshot(*changed())))
    paths = tuple(replace(path, verdict=verdict) for path in report.paths)
    [row] = grid_of(replace(report, paths=paths)).rows

    assert [cell.text for cell in row.cells] == [word, word]


def test_what_is_not_delivered_says_how_it_ends() -> None:
    report = report_of(case_of(snapshot(*changed(route_table(routes=())))))
    [row] = grid_of(report).rows

    assert [cell.text for cell in row.cells] == ["no route (not probed)"] * 2
