"""A report as JUnit XML: what a client feels fails, and nothing else does."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from netprobe.model.addresses import Family
from netprobe.model.report import Report, Verdict
from netprobe.render.junit_report import render_junit
from tests.builders import gap, snapshot
from tests.hostile import hostile_report
from tests.recorded import SCENARIOS, report_of_scenario
from tests.reports import report_of, report_of_step
from tests.unit.diagnosis.cases import API, case_of, changed, service_target, target_of
from tests.unit.render.test_junit import assert_valid


def endings(report: Report) -> dict[str, str]:
    """Return how each case ended, by its name without the source's id."""
    root = assert_valid(render_junit(report))
    return {_name(case): case[0].tag if len(case) else "passed" for case in root.iter("testcase")}


def _name(case: ET.Element) -> str:
    return f"{case.attrib['classname']} {case.attrib['name']}"


@pytest.mark.parametrize("scenario_id", SCENARIOS)
def test_a_case_fails_exactly_where_the_exit_code_says_so(scenario_id: str) -> None:
    """A pipeline that reads the file and one that reads the code agree."""
    report = report_of_scenario(scenario_id)

    assert ("failure" in endings(report).values()) is (report.verdict is not Verdict.HEALTHY)


def test_a_dead_family_that_nobody_needs_is_skipped() -> None:
    """IPv4 is closed for good, and the client goes by IPv6: nothing is wrong."""
    report = report_of_step(4)
    found = sorted((name.split()[1], ending) for name, ending in endings(report).items())

    assert found == [("IPv4", "skipped")] * 2 + [("IPv6", "passed")] * 2
    assert 'message="timeout; boto3 gets through without it"' in render_junit(report)


def test_a_name_without_aaaa_is_said_to_be_no_fault() -> None:
    """IPv4 is refused there, so nothing gets through by the other family."""
    written = render_junit(report_of_scenario("S13"))

    assert 'skipped message="no AAAA record: not a fault of this path"' in written
    assert "gets through" not in written


def test_nothing_gets_through_where_no_family_works() -> None:
    """The client is told which failure it meets, not that it meets none."""
    report = report_of_step(0)
    alone = frozenset(key for key in report.felt if key.family is Family.IPV6)
    written = render_junit(replace(report, felt=alone))

    assert 'message="timeout; the failure that boto3 meets is another path\'s"' in written
    assert "gets through" not in written


def test_a_failure_tells_its_findings_and_both_witnesses() -> None:
    """Whoever sees the red case needs no other file."""
    root = assert_valid(render_junit(report_of_scenario("S04")))
    [failure] = root.iter("failure")

    assert failure.attrib["type"] == "timeout"
    assert failure.attrib["message"].startswith("NP109 Function spans several subnets")
    for words in ("cause[NP109]", "fix: associate subnet-", "✗ packet connect: timeout"):
        assert words in (failure.text or "")


def test_what_cannot_be_told_is_an_error_and_no_failure() -> None:
    """The exit code is 3 then, not 10."""
    account = snapshot(*changed(gone=("acl-1",)), gaps=(gap("ec2:DescribeNetworkAcls"),))

    assert set(endings(report_of(case_of(account))).values()) == {"error"}


def test_hostile_names_add_no_case() -> None:
    """Nor an element of any kind."""
    hostile, plain = (
        assert_valid(render_junit(report)) for report in (hostile_report(), report_of_step(0))
    )

    assert [item.tag for item in hostile.iter()] == [item.tag for item in plain.iter()]


def test_a_target_that_nobody_asked_for_fails_nothing() -> None:
    """A survey looks around; it does not decide."""
    surveyed = service_target("sqs", surveyed=True)
    case = case_of(
        snapshot(*changed(gone=("igw-1", "nat-1", "eigw-1"))), targets=(target_of(API), surveyed)
    )
    found = endings(report_of(case))

    assert {end for name, end in found.items() if name.startswith("service:sqs")} == {"skipped"}
    assert "failure" in {end for name, end in found.items() if name.startswith("api:")}
