"""A small fixed part of ``make judge``: engine and packets agree about drawn accounts."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from tests.conftest import missing_for_a_lab

FLOWS, SEED = 300, 1


@pytest.mark.lab
def test_engine_and_packets_agree() -> None:
    """In a few drawn accounts; a share of delivered flows near none would judge nothing."""
    if reason := missing_for_a_lab():
        pytest.skip(reason)

    done = subprocess.run(
        [sys.executable, "-m", "tests.judge", "--flows", str(FLOWS), "--seed", str(SEED)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.stdout.endswith("0 disagreements, 0 errors\n"), done.stdout + done.stderr
    assert int(done.stdout.split()[0]) >= FLOWS
    assert share_of_delivered(done.stdout) > 10


def share_of_delivered(report: str) -> float:
    found = re.search(r"^ *\d+ +([\d.]+) %  delivered$", report, re.MULTILINE)
    assert found, report
    return float(found[1])
