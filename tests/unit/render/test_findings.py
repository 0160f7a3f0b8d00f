"""The words of a finding: the fact first, and who says so."""

from __future__ import annotations

from dataclasses import replace

import pytest

from netprobe.model.finding import Evidence
from netprobe.model.report import Witnesses
from netprobe.render.findings import block_of, tell_findings
from tests.recorded import report_of_scenario

REPORT = report_of_scenario("S04")
FIRST = REPORT.findings[0]


def test_the_fact_that_decides_comes_first() -> None:
    """In whatever order a fault yields its evidence."""
    other, fact = (
        Evidence(resource_id="b", says="2"),
        Evidence(resource_id="a", says="1", primary=True),
    )
    [told] = tell_findings(REPORT, [replace(FIRST, evidence=(other, fact))])

    assert [(line.mark, line.text) for line in told.evidence] == [("✗", "a  1"), ("·", "b  2")]


def test_order_is_fact_evidence_reason_fix_cost() -> None:
    """Then who saw it, and where there is more."""
    [told] = tell_findings(REPORT, [FIRST])
    starts = [line.text.split()[0] for line in block_of(told).lines]

    assert [start for start in starts if "-" not in start] == [
        "IPv4",
        "because",
        "fix:",
        "configuration",
    ]
    assert "[standing cost: none]" in block_of(told).lines[-2].text
    assert block_of(told).lines[-1].text.endswith("more: netprobe explain NP109")


@pytest.mark.parametrize("code", ["NP903", "NP901", "NP109"])
def test_a_test_is_no_fix(code: str) -> None:
    """Where nothing explains a failure, what it can be stands apart from how to find out."""
    advice = "a silent drop can be 1. a firewall; next, read a flow log"
    [told] = tell_findings(REPORT, [replace(FIRST, code=code, advice=advice, standing_cost="")])
    said = [line.text for line in block_of(told).lines[-3:-1]]

    if code == "NP109":
        assert said[1:] == [f"fix: {advice}"]
    else:
        assert said == ["a silent drop can be 1. a firewall", "next test: read a flow log"]


def test_only_a_few_paths_are_listed() -> None:
    """All of them are there for forms that fold."""
    [told] = tell_findings(REPORT, [replace(FIRST, paths=FIRST.paths * 9)])

    assert len(told.affects) == 9
    assert "and 5 more paths" in [line.text for line in block_of(told).lines]


def test_each_pair_of_witnesses_is_told_apart() -> None:
    said = {}
    for witnesses in Witnesses:
        paths = tuple(replace(path, witnesses=witnesses) for path in REPORT.paths)
        [told] = tell_findings(replace(REPORT, paths=paths), [FIRST])
        said[witnesses] = told.seen.partition(";")[0]

    assert said == {
        Witnesses.AGREE: "configuration and packets (timeout) agree that it fails",
        Witnesses.DISAGREE: "configuration and packets (timeout) disagree",
        Witnesses.CONFIGURATION_ONLY: "the configuration says so, no packet was sent",
        Witnesses.PACKETS_ONLY: "only the packets (timeout) say so",
    }
