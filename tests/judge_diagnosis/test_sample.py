"""A small fixed part of ``make judge-diagnosis``: every cause is named, and nothing else is."""

from __future__ import annotations

import io

import pytest

from tests.conftest import missing_for_a_lab
from tests.judge_diagnosis.court import main
from tests.judge_diagnosis.drawing import draw

CASES, SEED = 3, 11


@pytest.mark.lab
def test_causes_of_a_few_broken_vpcs_are_named() -> None:
    """By the packets of each fault alone, of all together, and the reports."""
    if reason := missing_for_a_lab():
        pytest.skip(reason)
    out = io.StringIO()

    code = main(dict(enumerate(draw(CASES, SEED), 1)), 1, out)

    assert code == 0, out.getvalue()
    assert out.getvalue().startswith(f"{CASES} cases, every path by packets")
