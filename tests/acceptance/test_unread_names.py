"""A caller without permissions for Route 53 still gets what the packets and the rest can tell."""

from __future__ import annotations

import json
import urllib.request

import pytest

from netprobe.lab import story
from tests.conftest import RunningLab

pytestmark = pytest.mark.lab
NAME_ACTIONS = ("route53:*", "route53resolver:*")


def deny(lab: RunningLab, *actions: str) -> None:
    """Take permissions away from everybody."""
    request = urllib.request.Request(  # noqa: S310 # loopback
        f"{lab.endpoint_url}/netprobe-lab/deny",
        data=json.dumps({"actions": actions}).encode(),
        method="POST",
    )
    with urllib.request.urlopen(request, timeout=10):  # noqa: S310 # loopback
        pass


def test_packets_that_resolved_the_name_settle_what_was_not_read(lab: RunningLab) -> None:
    """Verdict and causes are those of a caller who may read everything; the gaps are named."""
    built = story.build(lab.client)
    question = (
        "--function", story.FUNCTION_NAME, "--target", f"api:{built.api_id}", "--timeout", "1"
    )  # fmt: skip
    whole = lab.report(*question)
    deny(lab, *NAME_ACTIONS)
    partial = lab.report(*question)

    assert partial["verdict"] == whole["verdict"] == "broken"
    causes = [
        {item["name"] for item in report["findings"] if item["role"] == "root-cause"}
        for report in (whole, partial)
    ]
    assert causes[0] == causes[1]
    assert {gap["iam_action"].partition(":")[0] for gap in partial["gaps"]} == {
        "route53",
        "route53resolver",
    }
    assert whole["gaps"] == []


def test_an_address_needs_no_name(lab: RunningLab) -> None:
    """Configuration alone is certain about it."""
    built = story.build(lab.client)
    deny(lab, *NAME_ACTIONS)
    report = lab.report("--vpc", built.vpc_id, "--no-probe", "--target", "tcp://198.51.100.10:443")

    assert [path["verdict"] for path in report["paths"]] == ["blocked"] * len(report["paths"])
    assert report["verdict"] == "broken"


def test_a_name_without_packets_is_unknown_and_names_the_action(lab: RunningLab) -> None:
    """A private zone might hide it, and nobody looked."""
    built = story.build(lab.client)
    deny(lab, *NAME_ACTIONS)
    report = lab.report(
        "--vpc", built.vpc_id, "--no-probe", "--target", "https://www.example.com/"
    )

    actions = {gap["iam_action"] for gap in report["gaps"]}
    assert "route53:ListHostedZonesByVPC" in actions
    assert report["verdict"] == "unknown"
