"""What a report ends with: by whose habits it judges, and what became of what it created."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from netprobe.model.report import CleanUp, Report
from netprobe.render.closing import clean_up_words, closing_blocks
from tests.builders import route_table, snapshot
from tests.recorded import report_of_scenario
from tests.reports import report_of, report_of_step
from tests.unit.diagnosis.cases import case_of, changed

FUNCTIONS = ("function netprobe-0123abcd-1", "function netprobe-0123abcd-2")
ROLE = "role netprobe-0123abcd"


def names_the_client(report: Report) -> bool:
    lines = [line.text for block in closing_blocks(report) for line in block.lines]
    return any(text.startswith("judged as ") for text in lines)


@pytest.mark.parametrize("scenario_id", ["S13", "S19"])
def test_the_client_is_not_named_where_its_habit_decides_nothing(scenario_id: str) -> None:
    """There is one family to try: every client fares alike."""
    assert not names_the_client(report_of_scenario(scenario_id))


@pytest.mark.parametrize("report", [report_of_scenario("S12"), report_of_step(4)])
def test_the_client_is_named_where_one_family_is_silent_beside_one_that_works(
    report: Report,
) -> None:
    """Which it tries first decides, also where that is the one that works."""
    assert names_the_client(report)


def test_the_client_is_named_where_a_finding_is_about_it() -> None:
    report = report_of(case_of(snapshot(*changed(route_table(routes=())))))
    assert not names_the_client(report)

    [finding, *_] = report.findings
    told = replace(finding, code="NP813")
    assert names_the_client(replace(report, findings=(told,)))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "created nothing in the account"),
        (
            {"created": (ROLE, *FUNCTIONS)},
            f"created {ROLE}, {FUNCTIONS[0]} and {FUNCTIONS[1]} in the account and removed them",
        ),
        ({"created": FUNCTIONS[:1]}, f"created {FUNCTIONS[0]} in the account and removed it"),
        ({"created": (ROLE,), "left": (f"{ROLE}: denied",)}, "still in the account"),
    ],
)
def test_what_was_created_is_named(fields: dict[str, Any], words: str) -> None:
    """Whoever looks for it in the account's trail knows what to look for."""
    assert clean_up_words(CleanUp(**fields)) == words
