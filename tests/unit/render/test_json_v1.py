"""JSON version 1: what every document keeps to."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import jsonschema
import pytest

from netprobe.fixes.passages import passages
from netprobe.fixes.reading import read_changes
from netprobe.fixes.savings import savings
from netprobe.model.finding import Confidence, Role, Severity
from netprobe.model.observation import Outcome, StageName
from netprobe.model.report import PathVerdict, Verdict, Witnesses
from netprobe.model.trace import Disposition, Half
from netprobe.render.json_v1 import to_document, to_json
from tests.builders import gap, route, route_table, snapshot
from tests.reports import report_of, report_of_step
from tests.unit.diagnosis.cases import case_of, changed

SCHEMA: dict[str, Any] = json.loads(
    files("netprobe.render").joinpath("report-v1.schema.json").read_text(encoding="utf-8")
)
FIXED = {
    "": {
        "schema", "netprobe_version", "started_at", "finished_at", "account", "region", "vpc_id",
        "verdict", "summary", "sources", "targets", "paths", "findings", "fixes", "gaps",
        "clean_up",
    },
    "sources": {
        "id", "subnet_id", "represents", "security_group_ids", "function_name", "ipv6_allowed",
    },
    "targets": {"id", "given", "host", "port", "kind", "ip_address_type"},
    "paths": {"source", "target", "family", "verdict", "trace", "observation", "witnesses"},
    "findings": {
        "code", "name", "title", "role", "severity", "confidence", "evidence", "paths", "fixes",
    },
    "gaps": {"call", "error", "needed_for", "iam_action"},
}  # fmt: skip
"""The keys that version 1 promised."""
OUTCOMES = (
    "reachable dns-nodata dns-nxdomain dns-servfail dns-timeout no-local-address timeout "
    "refused reset unreachable tls-failed http-error not-probed"
)
VALUES = [
    (Verdict, "healthy degraded intermittent broken application-error unknown"),
    (PathVerdict, "works blocked refused unknown"),
    (Witnesses, "agree disagree configuration-only packets-only"),
    (Disposition, "delivered denied no-route blackholed left-view unknown"),
    (Half, "request reply"),
    (Role, "root-cause contributing note"),
    (Severity, "high medium low"),
    (Confidence, "high medium low"),
    (StageName, "resolve connect handshake request large-request websocket datagram"),
    (Outcome, OUTCOMES),
]


@pytest.mark.parametrize("step", range(5))
def test_document_fits_the_shipped_schema(step: int) -> None:
    """Whoever validates what netprobe writes finds nothing to complain about."""
    document = json.loads(to_json(report_of_step(step)))

    jsonschema.validate(document, SCHEMA)


def test_schema_refuses_what_is_not_version_1() -> None:
    """The schema is no empty promise."""
    document = json.loads(to_json(report_of_step(0)))

    for wrong in ({"verdict": "fine"}, {"schema": "netprobe.report/2"}, {"paths": [{}]}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(document | wrong, SCHEMA)


def test_fixed_keys_are_all_there() -> None:
    """Version 1 loses no key."""
    account = snapshot(*changed(), gaps=(gap("ec2:DescribeNetworkAcls"),))
    documents: list[dict[str, Any]] = [
        json.loads(to_json(report_of_step(0))),
        json.loads(to_json(report_of(case_of(account)))),
    ]

    for document in documents:
        assert FIXED[""] <= document.keys()
        for part in ("sources", "targets", "paths", "findings", "gaps"):
            assert all(FIXED[part] <= item.keys() for item in document[part]), part
    assert any(document["gaps"] for document in documents)


def test_blockers_and_stages_have_their_keys() -> None:
    """The parts of a path keep their shapes too."""
    path = next(p for p in to_document(report_of_step(0))["paths"] if p["trace"])
    trace, observation = path["trace"], path["observation"]

    assert trace is not None
    assert {"disposition", "hops"} <= trace["request"].keys() & trace["reply"].keys()
    blocker = trace["blockers"][0]
    assert {"component", "resource_id", "half", "entry", "detail", "near_misses"} <= blocker.keys()
    assert observation is not None
    assert {"outcome", "address", "source_address", "stages"} <= observation.keys()
    assert {"stage", "outcome", "milliseconds", "error"} <= observation["stages"][0].keys()


@pytest.mark.parametrize(("enum", "words"), VALUES)
def test_words_are_those_of_the_contract(enum: Any, words: str) -> None:
    """A program that reads version 1 meets no other word, and each of these."""
    assert [item.value for item in enum] == words.split()


def test_findings_name_paths_that_are_in_the_document() -> None:
    """A program can follow each finding to its paths."""
    document = to_document(report_of_step(0))
    known = {path["id"] for path in document["paths"]}

    assert all(set(finding["paths"]) <= known for finding in document["findings"])
    assert any(finding["paths"] for finding in document["findings"])


def test_document_is_ascii() -> None:
    """It can be piped anywhere."""
    assert to_json(report_of_step(0)).isascii()


def test_way_saving_and_assumption_fit_the_shipped_schema() -> None:
    """What works is in the document too, and its changes are those that are read again."""
    case = case_of(snapshot(*changed(route_table(routes=(route("0.0.0.0/0", "nat-1"),)))))
    found = tuple(passages(case))
    saved = tuple(savings(case, found))
    report = report_of(case, passages=found, savings=saved, assumed=saved[0].changes)
    document: Any = json.loads(to_json(report))

    jsonschema.validate(document, SCHEMA)
    assert document["paths"][0]["way"]["kind"] == "nat-gateway"
    assert document["paths"][1]["way"] is None
    assert read_changes(document["savings"][0]) == saved[0].changes
    assert read_changes(document["assumed"]) == saved[0].changes
