"""Expectations as JUnit cases, for pipelines."""

from __future__ import annotations

from netprobe.model.expectation import JudgedExpectation, Kept
from netprobe.render.junit import Case, Ending, Suite

_ENDINGS = {Kept.KEPT: Ending.PASSED, Kept.BROKEN: Ending.FAILED, Kept.UNKNOWN: Ending.ERROR}


def expectation_suite(judged: tuple[JudgedExpectation, ...]) -> Suite:
    """Return a suite with a case for each expectation: broken fails, unknown is an error."""
    return Suite(name="expectations", cases=tuple(_case(item) for item in judged))


def _case(judged: JudgedExpectation) -> Case:
    wanted = judged.expectation
    lines = [judged.says, *(f"netprobe explain {code}" for code in judged.findings)]
    if wanted.why:
        lines.append(f"expected because: {wanted.why}")
    return Case(
        name=str(wanted),
        classname="expectations",
        ending=_ENDINGS[judged.state],
        message=f"{judged.state}: {judged.says}",
        kind=", ".join(judged.findings),
        text="\n".join(lines),
    )
