"""The shape of expectations in JSON version 1, and the values in it."""

from __future__ import annotations

from typing_extensions import TypedDict  # pydantic asks for this one before Python 3.12

from netprobe.model.expectation import JudgedExpectation, Kept, Must, Over


class ExpectationV1(TypedDict):
    """One flow of ``--expect`` and what became of it."""

    source: str | None
    """None: from every source."""
    target: str
    family: Over
    must: Must
    why: str
    state: Kept
    says: str
    paths: list[str]
    """Ids of the paths that decided it."""
    findings: list[str]
    """Codes of what explains why a flow that must work does not."""


def expectation_v1(judged: JudgedExpectation) -> ExpectationV1:
    """Return what became of an expectation as JSON values."""
    wanted = judged.expectation
    return {
        "source": wanted.source,
        "target": wanted.target,
        "family": wanted.over,
        "must": wanted.must,
        "why": wanted.why,
        "state": judged.state,
        "says": judged.says,
        "paths": [str(item) for item in judged.paths],
        "findings": list(judged.findings),
    }
