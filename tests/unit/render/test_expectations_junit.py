"""Expectations in a pipeline's own words."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from netprobe.model.expectation import Expectation, JudgedExpectation, Kept
from netprobe.model.report import Report
from netprobe.render.expectations_junit import expectation_suite
from netprobe.render.html import render_html
from netprobe.render.junit import write_junit
from netprobe.render.junit_report import render_junit
from netprobe.render.markdown import render_markdown
from netprobe.render.terminal import render_terminal
from tests.reports import report_of_step

SAYS = "IPv4 blocked from subnet-1"


def test_each_expectation_is_a_case() -> None:
    """Kept passes, broken fails with its cause and reason, unknown is an error."""
    judged = tuple(
        JudgedExpectation(
            expectation=Expectation(target=state.value, why="<orders> go there"),
            state=state,
            says=SAYS,
            findings=("NP103",) if state is Kept.BROKEN else (),
        )
        for state in Kept
    )

    root = ET.fromstring(write_junit((expectation_suite(judged),)))  # noqa: S314 # our own

    kept, broken, unknown = root.iter("testcase")
    assert kept.attrib["name"] == "kept must work over IPv4 or IPv6"
    assert list(kept) == []
    (failure,), (error,) = broken, unknown
    assert (failure.tag, failure.attrib["type"]) == ("failure", "NP103")
    assert failure.text == f"{SAYS}\nnetprobe explain NP103\nexpected because: <orders> go there"
    assert (error.tag, error.attrib["message"]) == ("error", f"unknown: {SAYS}")
    assert root.attrib["failures"] == root.attrib["errors"] == "1"


FORMS: dict[str, Callable[[Report], str]] = {
    "html": render_html,
    "junit": render_junit,
    "markdown": render_markdown,
    "text": render_terminal,
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_tells_what_became_of_expectations(form: str) -> None:
    judged = JudgedExpectation(
        expectation=Expectation(target="service:orders"), state=Kept.BROKEN, says=SAYS
    )
    text = FORMS[form](replace(report_of_step(0), expectations=(judged,)))

    assert "service:orders" in text
    assert SAYS in re.sub("</?span[^>]*>", "", text)  # ids are kept whole in HTML


def test_expectations_are_the_cases_where_there_are_any() -> None:
    """A flow that must not work is kept by failing, so its path is no failure of its own."""
    wanted = Expectation(target="api:pzhujlpt")
    judged = JudgedExpectation(expectation=wanted, state=Kept.KEPT, says="blocked, as it must be")
    root = ET.fromstring(render_junit(replace(report_of_step(0), expectations=(judged,))))  # noqa: S314 # our own

    assert (root.attrib["tests"], root.attrib["failures"]) == ("1", "0")
