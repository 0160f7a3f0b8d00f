"""What a report says of expectations."""

from __future__ import annotations

from dataclasses import replace

from netprobe.model.expectation import Expectation, JudgedExpectation, Kept, Must, Over
from netprobe.render.terminal import render_terminal
from tests.reports import report_of_step

HOSTILE = "prices \x1b[31mred"


def judged(state: Kept, expectation: Expectation, **fields: object) -> JudgedExpectation:
    return JudgedExpectation(
        expectation=expectation, state=state, says="IPv4 blocked from subnet-1", **fields
    )  # type: ignore[arg-type]


def text(*expectations: JudgedExpectation) -> str:
    report = replace(report_of_step(0), expectations=expectations)
    shown = render_terminal(report, width=100, ascii=True)
    return shown.partition("expectations: ")[2].partition("\n\n")[0]


def test_broken_expectations_come_first_with_their_cause() -> None:
    """A kept one is one line, a broken one says what was found and why it matters."""
    kept = judged(Kept.KEPT, Expectation(target="a", must=Must.NOT_WORK, over=Over.IPV4))
    broken = judged(
        Kept.BROKEN,
        Expectation(target="b", source="subnet-1", over=Over.IPV6, why=HOSTILE),
        findings=("NP404",),
    )
    unknown = judged(Kept.UNKNOWN, Expectation(target="c"))

    assert text(kept, unknown, broken).splitlines() == [
        "1 kept, 1 unknown, 1 broken",
        "  x subnet-1 -> b must work over IPv6",
        "    IPv4 blocked from subnet-1; because of NP404 route-v6-no-default",
        "    expected because: prices \\u001b[31mred",
        "  o c must work over IPv4 or IPv6",
        "    IPv4 blocked from subnet-1",
        "  + a must not work over IPv4",
    ]


def test_report_without_expectations_does_not_speak_of_them() -> None:
    """As before."""
    assert "expectations" not in render_terminal(report_of_step(0), verbose=True)
