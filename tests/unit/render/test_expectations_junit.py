"""Expectations in a pipeline's own words."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from netprobe.model.expectation import Expectation, JudgedExpectation, Kept
from netprobe.render.expectations_junit import expectation_suite
from netprobe.render.junit import write_junit

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
