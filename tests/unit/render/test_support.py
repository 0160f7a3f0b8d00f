"""What support asks first is in the report: where, when, under which ids."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from netprobe.render.support import facts, invocations, stages
from tests.recorded import SCENARIOS, report_of_scenario

REPORT = report_of_scenario("S04")


def test_facts_say_where_and_when() -> None:
    """In UTC; what is not known is left out or said to be unknown."""
    known = dict(facts(replace(REPORT, account=None)))

    assert known["started (UTC)"] == "2026-11-24T12:00:00Z"
    assert known["account"] == "not known"
    assert len(known["subnets"].split(", ")) == 2
    sources = tuple(replace(item, function_name=None) for item in REPORT.sources)
    assert "function" not in dict(facts(replace(REPORT, sources=sources)))


def test_each_probe_names_its_invocation() -> None:
    """By Lambda's own id, with the time it began."""
    ran = invocations(REPORT)

    assert [item.source for item in ran] == [item.id for item in REPORT.sources]
    for item in ran:
        assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", item.request_id)
        assert item.started_at.endswith("+00:00")


def test_stages_keep_raw_errors_and_the_far_ends_ids() -> None:
    """The id is that of the answer, the error that of the socket."""
    found = {(item.key, item.stage): item for item in stages(REPORT)}
    errors = {item.error for item in found.values()}
    ids = {name for item in found.values() for name, _ in item.ids}

    assert errors == {"", "NODATA", "no answer in 1.5 s"}
    assert ids == {"x-amzn-requestid", "x-amz-apigw-id"}
    assert {item.outcome for item in found.values()} == {"ok", "dns-nodata", "timeout"}


@pytest.mark.parametrize("name", SCENARIOS)
def test_probes_began_while_the_check_was_made(name: str) -> None:
    """AWS looks for a request id at a time; a report with another would send it elsewhere."""
    report = report_of_scenario(name)

    assert report.sandboxes
    for item in report.sandboxes:
        assert report.started_at[:19] <= item.started_at <= report.finished_at[:19]
