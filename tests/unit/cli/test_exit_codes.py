"""Verdicts as exit codes."""

from __future__ import annotations

import pytest

from netprobe.cli.exit_codes import exit_code_of
from netprobe.model.report import Verdict

CODES = {
    Verdict.HEALTHY: 0,
    Verdict.UNKNOWN: 3,
    Verdict.DEGRADED: 10,
    Verdict.INTERMITTENT: 10,
    Verdict.BROKEN: 10,
    Verdict.APPLICATION_ERROR: 10,
}


@pytest.mark.parametrize("verdict", Verdict)
def test_every_verdict_has_its_code(verdict: Verdict) -> None:
    """As the specification says."""
    assert exit_code_of(verdict) == CODES[verdict]
