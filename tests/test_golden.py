"""Reports as people and programs get them, word for word; ``make golden`` writes them again."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from netprobe.model.observation import Outcome
from netprobe.model.report import CleanUp, Report
from netprobe.render.html import render_html
from netprobe.render.json_v1 import to_json
from netprobe.render.junit_report import render_junit
from netprobe.render.markdown import render_markdown
from netprobe.render.terminal import render_terminal
from tests.builders import gap, route_table, snapshot
from tests.recorded import SCENARIOS, report_of_scenario
from tests.reports import report_of, report_of_step
from tests.unit.diagnosis.cases import case_of, changed, seen

GOLDEN = Path(__file__).parent / "golden"


def unread() -> Report:
    account = snapshot(
        *changed(route_table(routes=()), gone=("acl-1",)),
        gaps=(gap("ec2:DescribeNetworkAcls"),),
    )
    return report_of(case_of(account))


def interfaces_left_behind() -> Report:
    observations = {
        ("subnet-private", "api:abc123", family): seen(Outcome.TIMEOUT, address=address)
        for family, address in (("ipv4", "198.51.100.10"), ("ipv6", "3fff:a::10"))
    }
    left = (
        "role netprobe-0123abcd: Lambda needs it until it has released eni-0123 (up to 20 "
        "minutes); then run: netprobe cleanup --region us-east-1"
    )
    clean_up = CleanUp(
        created=("role netprobe-0123abcd", "function netprobe-0123abcd-1"),
        removed=("function netprobe-0123abcd-1",),
        left=(left,),
    )
    case = case_of(snapshot(*changed()), observations=observations)
    return report_of(case, clean_up=clean_up, remarks=("one remark on how it was done",))


REPORTS: dict[str, Callable[[], Report]] = {
    "story-broken": lambda: report_of_step(0),
    "story-one-change-away": lambda: report_of_step(3),
    "story-healthy": lambda: report_of_step(4),
    "unread-acl": unread,
    "unexplained": interfaces_left_behind,
    **{name: partial(report_of_scenario, name) for name in SCENARIOS},
}
IN_DETAIL = {name: partial(report_of_scenario, name, in_detail=True) for name in SCENARIOS}
"""The same, with every rule that was looked at, as ``-v`` and HTML have it."""
FORMS: dict[str, Callable[[Report], str]] = {
    "80.txt": lambda report: render_terminal(report, width=80),
    "120.txt": lambda report: render_terminal(report, width=120),
    "ascii.txt": lambda report: render_terminal(report, width=80, ascii=True),
    "verbose.txt": lambda report: render_terminal(report, width=100, verbose=True),
    "json": lambda report: to_json(report) + "\n",
    "md": render_markdown,
    "html": render_html,
    "junit.xml": render_junit,
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", REPORTS)
def test_report_is_what_it_was(name: str, form: str) -> None:
    """No word of a report changes unnoticed."""
    path = GOLDEN / f"{name}.{form}"
    told = IN_DETAIL if form in {"verbose.txt", "html"} else {}
    text = FORMS[form]((REPORTS | told)[name]())
    if os.environ.get("NETPROBE_REWRITE_GOLDEN"):
        path.write_text(text, encoding="utf-8")

    assert text == path.read_text(encoding="utf-8")


def test_no_golden_file_is_forgotten() -> None:
    """Every file is somebody's expectation."""
    expected = {f"{name}.{form}" for name in REPORTS for form in FORMS}

    assert {path.name for path in GOLDEN.iterdir()} == expected
