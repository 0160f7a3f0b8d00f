"""Two reports of the lab: what was mended between them is what opened the path."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from netprobe.lab import story
from tests.conftest import RunningLab
from tests.lab import mending

pytestmark = pytest.mark.lab


def test_fix_of_the_first_report_is_what_the_second_tells(lab: RunningLab, tmp_path: Path) -> None:
    """Report, run the commands of its free fix as they stand, report, and compare."""
    built = story.build(lab.client)
    question = ("--function", story.FUNCTION_NAME, "--target", f"api:{built.api_id}")
    before, after = tmp_path / "before.json", tmp_path / "after.json"
    first = lab.report(*question, "--no-probe")
    before.write_text(json.dumps(first))
    fix = next(item for item in first["fixes"] if item["standing_cost_usd_per_month"] == 0)
    mending.run(lab, fix)
    after.write_text(json.dumps(lab.report(*question, "--no-probe")))

    done = lab.netprobe("diff", str(before), str(after), "--format", "json")

    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    opened = {item["path"] for item in found["paths"] if item["change"] == "opened"}
    assert opened == set(fix["opens"])
    reasons = {gone["reason"] for item in found["paths"] for gone in item["gone"]}
    assert {"no-route", "ipv6-not-allowed", "no-address-record"} <= reasons
    back = lab.netprobe("diff", str(after), str(before))
    assert back.returncode == 10, back.stderr
    assert "closed: " in back.stdout
