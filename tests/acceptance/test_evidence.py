"""Evidence of a lab VPC: saved, judged again without the lab, and once more without its names."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from netprobe.lab import story
from tests.conftest import RunningLab

pytestmark = pytest.mark.lab


def told(report: dict[str, Any]) -> tuple[Any, ...]:
    """Return what a report concludes, without what anything is called."""
    findings = [(item["code"], item["role"]) for item in report["findings"]]
    paths = [(item["family"], item["verdict"], item["witnesses"]) for item in report["paths"]]
    return report["verdict"], findings, paths, len(report["fixes"])


def test_evidence_says_what_the_check_said(lab: RunningLab, tmp_path: Path) -> None:
    """Also where nothing of AWS can be reached, and where nobody is named."""
    built = story.build(lab.client)
    place, safe = tmp_path / "case.zip", tmp_path / "safe.zip"
    live = lab.report(
        *("--function", story.FUNCTION_NAME, "--target", f"api:{built.api_id}"),
        *("--timeout", "1.5", "--save-evidence", str(place)),
    )
    lab.process.terminate()
    lab.process.wait()
    again = lab.report("--evidence", str(place))
    redacted = lab.report("--evidence", str(place), "--redact", "--save-evidence", str(safe))
    of_nobody = lab.report("--evidence", str(safe))

    assert live["verdict"] == "broken"
    assert told(live) == told(again) == told(redacted) == told(of_nobody)
    assert (again["started_at"], again["vpc_id"]) == (live["started_at"], live["vpc_id"])
    for name in (built.vpc_id, built.api_id, story.FUNCTION_NAME):
        assert name not in json.dumps(of_nobody)
