"""Whole VPCs in the lab: what the packets do, what is found, and what is not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from netprobe.diagnosis.faults import FAULTS
from tests.acceptance.building import Built, build
from tests.conftest import RunningLab

SCENARIOS = {
    item["id"]: item
    for item in yaml.safe_load((Path(__file__).parent / "scenarios.yaml").read_text())["scenarios"]
}
NAMED = {fault.name for fault in FAULTS}
CHEAPEST = {
    "S01": {"allow-function-ipv6", "make-api-dual-stack"},
    "S04": {"associate-route-table"},
    "S12": {"set-route", "allow-in-network-acl"},
    "S13": {"set-private-dns"},
}
"""What the way out that comes first has to do, at least; those that are not here need none."""
NEVER = {
    "S01": {"create-interface-endpoint"},
    "S12": {"create-egress-only-internet-gateway"},
    "S19": {"create-nat-gateway", "set-private-dns"},
}
"""What the scenario calls wrong advice, as far as it is a change at all: in no way out."""

pytestmark = pytest.mark.lab


@pytest.mark.parametrize("scenario_id", SCENARIOS)
def test_scenario_is_seen_and_explained(lab: RunningLab, scenario_id: str) -> None:
    """The packets do what they must, every named root cause is found, and nothing false is."""
    scenario = SCENARIOS[scenario_id]
    built = build(lab.client, scenario)
    urls = {t["name"]: f"https://{t['host']}{t['probe_path']}" for t in scenario["targets"]}

    arguments = [part for url in urls.values() for part in ("--target", url)]
    report = lab.report("--function", "fn", "--timeout", "1.5", *arguments)

    for row in scenario["expected_probe"]:
        _assert_probe_row(report, built, row, urls[row["target"]], scenario)
    expected = scenario["expected"]
    found = {item["name"] for item in report["findings"] if item["role"] == "root-cause"}
    accepted = set(expected.get("accept_as_equivalent", ()))
    assert report["verdict"] == expected["verdict"], report["summary"]
    assert set(expected["root_causes"]) & NAMED <= found
    assert found <= set(expected["root_causes"]) | accepted
    assert not found & set(expected["not_root_causes"])
    first = next(iter(report["fixes"]), {"changes": []})
    assert CHEAPEST.get(scenario_id, set()) <= {item["action"] for item in first["changes"]}
    assert bool(report["fixes"]) is (scenario_id in CHEAPEST)
    offered = {item["action"] for fix in report["fixes"] for item in fix["changes"]}
    assert not offered & NEVER.get(scenario_id, set())


def _assert_probe_row(
    report: dict[str, Any],
    built: Built,
    row: dict[str, Any],
    target: str,
    scenario: dict[str, Any],
) -> None:
    wanted = scenario["function"]["subnets"] if row["subnets"] == "all" else row["subnets"]
    for subnet in wanted:
        for family in ("ipv4", "ipv6"):
            path = next(
                item
                for item in report["paths"]
                if item["source"].endswith(built.ids[subnet])
                and item["target"] == target
                and item["family"] == family
            )
            _assert_stages(path["observation"], row[family], scenario)


def _assert_stages(
    observation: dict[str, Any], expected: dict[str, Any], scenario: dict[str, Any]
) -> None:
    stages = {item["stage"]: item for item in observation["stages"]}
    assert _dns_of(stages["resolve"], scenario) == expected["dns"], observation
    assert _tcp_of(stages) == expected["tcp"], observation
    assert _tls_of(stages) == expected["tls"], observation
    if expected["http"] is None:
        assert "request" not in stages, observation
    else:
        assert stages["request"]["detail"]["status"] == expected["http"]["status"], observation
        assert expected["http"].get("body", "") in stages["request"]["detail"]["body"]


def _dns_of(stage: dict[str, Any], scenario: dict[str, Any]) -> str:
    if stage["outcome"] == "dns-nodata":
        return "nodata"
    answers = set(stage["detail"]["addresses"])
    private = {a for item in scenario["network"]["endpoints"] for a in item["eni_ips"]}
    return "private-endpoint" if answers <= private else "public"


def _tcp_of(stages: dict[str, Any]) -> str:
    if "connect" not in stages:
        return "not-attempted"
    return {"reachable": "connected"}.get(
        stages["connect"]["outcome"], stages["connect"]["outcome"]
    )


def _tls_of(stages: dict[str, Any]) -> str:
    if "handshake" not in stages:
        return "not-reached"
    outcome = stages["handshake"]["outcome"]
    return "ok" if outcome == "reachable" else str(outcome)
