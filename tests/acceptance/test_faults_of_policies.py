"""Policies and switches that refuse, in the lab: the packets meet the refusal that is named."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.acceptance.building import build
from tests.conftest import RunningLab

SCENARIOS = {
    item["id"]: item
    for item in yaml.safe_load((Path(__file__).parent / "scenarios.yaml").read_text())["scenarios"]
}
PRIVATE, CAPTURED = "S19", "S13"
"""A private REST API that works, and a public one whose name an endpoint captures."""

pytestmark = pytest.mark.lab

NOBODY = {
    "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}]
}


def _with_endpoint_policy(scenario: dict[str, Any]) -> None:
    for item in scenario["network"]["endpoints"]:
        item["policy"] = NOBODY


def _with_an_address_that_no_endpoint_has(scenario: dict[str, Any]) -> None:
    scenario["targets"][0]["api"]["resource_policy"] = {"allow_source_ip": ["203.0.113.77/32"]}


def _without_the_capture(scenario: dict[str, Any]) -> None:
    scenario["network"]["endpoints"] = []


def _without_the_capture_and_switched_off(scenario: dict[str, Any]) -> None:
    _without_the_capture(scenario)
    api = scenario["targets"][0]["api"]
    api["resource_policy"], api["default_endpoint_disabled"] = None, True


@pytest.mark.parametrize(
    ("scenario_id", "change", "expected"),
    [
        (PRIVATE, _with_endpoint_policy, "endpoint-policy-deny"),
        (PRIVATE, _with_an_address_that_no_endpoint_has, "private-api-policy-deny"),
        (CAPTURED, _without_the_capture, "api-resource-policy-source-ip"),
        (
            CAPTURED,
            _without_the_capture_and_switched_off,
            "execute-api-default-endpoint-disabled",
        ),
    ],
)
def test_refusal_is_named(lab: RunningLab, scenario_id: str, change: Any, expected: str) -> None:
    """The network carries the call, HTTP 403 comes back, and one cause is named."""
    scenario = deepcopy(SCENARIOS[scenario_id])
    change(scenario)
    build(lab.client, scenario)
    target = scenario["targets"][0]
    url = f"https://{target['host']}{target['probe_path']}"

    report = lab.report("--function", "fn", "--timeout", "1.5", "--target", url)

    ipv4 = [item["observation"] for item in report["paths"] if item["family"] == "ipv4"]
    assert {item["outcome"] for item in ipv4} == {"http-error"}
    roots = {item["name"] for item in report["findings"] if item["role"] == "root-cause"}
    assert (report["verdict"], roots) == ("application-error", {expected}), report["summary"]
