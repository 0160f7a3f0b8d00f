"""Nothing of those it came from survives in redacted evidence, and the verdict does."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from netprobe.aws.evidence import Evidence
from netprobe.aws.raw import RawSnapshot
from netprobe.aws.redaction import redact, redact_snapshot
from netprobe.aws.saved import Saved, convert_all, load_saved
from netprobe.cli.evidence_run import capabilities_of_evidence
from netprobe.model.report import Report
from netprobe.workflows.capabilities import Silence
from netprobe.workflows.check import run_check
from tests.recorded import RECORDINGS, SCENARIOS, request_of
from tests.reports import recording, story_request

DUMPS = Path(__file__).parent.parent.parent / "dumps"
FOLDERS = (
    "batfish-hybrid-cloud-aws",
    "cloudmapper-demo",
    "every-kind",
    "npguard-collector-example",
)
IDS = re.compile(r"\b(?:vpc|subnet|sg|rtb|acl|eni|igw|nat|eigw|vpce|i|tgw|pcx)-[0-9a-f]{8,17}\b")
ACCOUNT = re.compile(r"\b\d{12}\b")
IPV4 = re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])")
RANGES = frozenset({"10.0.0.0", "100.64.0.0", "172.16.0.0", "192.168.0.0"})
"""Where private ranges begin: they are written as whole ranges too, and those are everybody's."""
EVERYBODYS = re.compile(r"0\.|127\.|169\.254\.|255\.|22[4-9]\.|2[34]\d\.")


def story(number: int) -> Evidence:
    """Return what a step of the demo's story was judged by."""
    check = recording()["checks"][number]
    return Evidence.of_answers(
        check["answers"],
        raws=(RawSnapshot.from_document(check["raw"]),),
        request=story_request(),
        started_at="2026-11-24T12:00:00Z",
        finished_at="2026-11-24T12:00:09Z",
    )


def scenario(scenario_id: str) -> Evidence:
    recorded = json.loads((RECORDINGS / f"{scenario_id}.json").read_text(encoding="utf-8"))
    return Evidence.of_answers(
        recorded["answers"],
        raws=(RawSnapshot.from_document(recorded["raw"]),),
        request=request_of(SCENARIOS[scenario_id]),
    )


CASES = {f"story-{number}": story for number in range(5)} | dict.fromkeys(SCENARIOS, scenario)


@cache
def case(name: str) -> tuple[Evidence, Evidence]:
    """Return evidence, as it was and redacted."""
    _, _, number = name.partition("story-")
    evidence = story(int(number)) if number else scenario(name)
    return evidence, redact(evidence)[0]


def judged(evidence: Evidence) -> Report:
    assert evidence.request is not None
    saved = Saved(evidence.raws, convert_all(evidence.raws))
    return run_check(
        evidence.request, capabilities_of_evidence(evidence, saved, "here", Silence())
    )


def shape(report: Report) -> dict[str, Any]:
    """Return what a report concludes, without what anything is called."""
    return {
        "verdict": report.verdict,
        "findings": [(item.code, item.role, len(item.paths)) for item in report.findings],
        "paths": [
            (path.key.family, path.verdict, path.witnesses, len(path.trace.blockers))
            for path in report.paths
            if path.trace
        ],
        "fixes": [
            (fix.way, fix.proved, fix.standing_cost_usd_per_month, len(fix.changes))
            for fix in report.fixes
        ],
    }


@pytest.mark.parametrize("name", CASES)
def test_verdict_findings_and_ways_out_are_the_same(name: str) -> None:
    original, redacted = case(name)

    assert shape(judged(redacted)) == shape(judged(original))


@pytest.mark.parametrize("name", CASES)
def test_nothing_of_the_original_survives_in_any_byte(name: str) -> None:
    original, redacted = case(name)

    assert survivors(written(original), written(redacted)) == set()


@pytest.mark.parametrize("folder", FOLDERS)
def test_nothing_of_a_dump_survives(folder: str) -> None:
    """Of every place that was read, whoever wrote it."""
    for raw in load_saved(DUMPS / folder).raws:
        told = json.dumps(redact_snapshot(raw).document())

        assert survivors(json.dumps(raw.document()), told) == set()


def written(evidence: Evidence) -> str:
    return json.dumps(evidence.documents())


def survivors(original: str, redacted: str) -> set[str]:
    """Return what names somebody in the original and stands in the redacted text still."""
    named = {*IDS.findall(original), *ACCOUNT.findall(original), *tags(json.loads(original))}
    named |= {item for item in IPV4.findall(original) if not EVERYBODYS.match(item)}
    alone = r"(?<![\w.]){}(?![\w.])"
    there = {item for item in named - RANGES if item in redacted}
    return {item for item in there if re.search(alone.format(re.escape(item)), redacted)}


def tags(value: Any) -> Iterator[str]:
    """Yield what people called things: values of tags, and names that they chose."""
    if isinstance(value, list):
        for item in value:
            yield from tags(item)
    if not isinstance(value, dict):
        return
    if set(value) == {"Key", "Value"} and len(value["Value"]) > 3:
        yield value["Value"]
    for key, item in value.items():
        chosen = key in {"FunctionName", "GroupName", "ApiId"}
        if chosen and isinstance(item, str) and len(item) > 3 and item != "default":
            yield item
        yield from tags(item)


def test_hostile_names_are_replaced_too() -> None:
    """Whatever a tag holds, and policies inside texts."""
    hostile = "<b>\u202eOrders & Söhne</b>; rm -rf 'prod-bucket'"
    policy = json.dumps({"Statement": [{"Resource": "arn:aws:s3:::prod-bucket/*"}]})
    raw = RawSnapshot(
        region="eu-west-1",
        account="210987654321",
        answers={
            "DescribeVpcs": {"Vpcs": [{"VpcId": "vpc-0aa1bb2cc3dd4ee5f", "Tags": [
                {"Key": "Owner", "Value": hostile}]}]},
            "DescribeVpcEndpoints": {"VpcEndpoints": [{"PolicyDocument": policy}]},
        },
    )  # fmt: skip
    told = json.dumps(redact_snapshot(raw).document())

    for word in ("Orders", "hne", "prod-bucket", "Owner", "210987654321", "0aa1bb2cc3dd4ee5f"):
        assert word not in told
    assert "DescribeVpcs" in told
    assert "arn:aws:s3:::" in told


def test_two_redactions_have_nothing_in_common() -> None:
    """Nobody can join two of them."""
    first, second = (redact(story(0))[0].raws[0].account for _ in range(2))

    assert first != second
