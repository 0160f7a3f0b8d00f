"""Evidence by the command line: judged again, changed in the question, and without names."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from netprobe.aws.evidence import load_evidence, write_evidence
from netprobe.aws.saved import Saved, convert_all
from netprobe.cli.check_options import CheckOptions
from netprobe.cli.check_run import run
from netprobe.cli.console import Streams
from netprobe.cli.evidence_run import Keeping, capabilities_of_evidence
from netprobe.cli.exits import ExitCode
from netprobe.cli.options import Format
from netprobe.workflows.capabilities import Silence
from netprobe.workflows.check import CheckRequest, prepare
from tests.unit.aws.test_redaction import scenario, story


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """Return the broken story as evidence."""
    write_evidence(story(0), tmp_path / "case.zip")
    return tmp_path / "case.zip"


def asked(case: Path, **options: Any) -> tuple[ExitCode, dict[str, Any], str]:
    streams = Streams.test()
    code = run(CheckOptions(evidence=case, format=Format.JSON, **options), streams)
    said = streams.out.getvalue()  # type: ignore[attr-defined] # a buffer, for a test
    error: str = streams.err.getvalue()  # type: ignore[attr-defined] # as above
    return code, json.loads(said) if said else {}, error


def test_evidence_is_judged_again_without_an_account(case: Path) -> None:
    """At the time it was made, with what was asked then."""
    code, report, _ = asked(case)

    assert (code, report["verdict"]) == (ExitCode.NOT_HEALTHY, "broken")
    assert report["started_at"] == "2026-11-24T12:00:00Z"
    assert {item["observation"]["outcome"] for item in report["paths"]} == {
        "timeout",
        "dns-nodata",
    }


def test_question_can_be_another_one(case: Path) -> None:
    """Of the same packets: only IPv6, for a client that knows no other."""
    _, report, _ = asked(case, ipv6_only=True, client="ipv6-only")

    assert {item["family"] for item in report["paths"]} == {"ipv6"}
    assert report["client"] == "ipv6-only"


def test_client_without_a_name_is_no_client(case: Path) -> None:
    """A variable of a script that was never set is not the client that was asked for then."""
    code, _, error = asked(case, client="")

    assert code is ExitCode.USAGE
    assert error.startswith("error[no-such-client]: no client ''; known: boto3")


def test_without_observations_the_configuration_speaks_alone(tmp_path: Path) -> None:
    write_evidence(replace(scenario("S01"), observations={}), tmp_path / "case")

    _, report, _ = asked(tmp_path / "case")

    assert report["verdict"] == "broken"
    assert {item["observation"] for item in report["paths"]} == {None}


def test_redacted_evidence_says_the_same_of_nobody(case: Path, tmp_path: Path) -> None:
    """In what is printed, and in what is saved."""
    _, report, _ = asked(case)
    _, redacted, error = asked(case, redact=True, save_evidence=tmp_path / "safe")
    kept, _ = load_evidence(tmp_path / "safe")

    for text in (json.dumps(redacted), json.dumps(kept.documents())):
        assert report["vpc_id"] not in text
        assert "push-prices" not in text
    assert [item["code"] for item in redacted["findings"]] == [
        item["code"] for item in report["findings"]
    ]
    assert f"saved evidence in {tmp_path / 'safe'}" in error


@pytest.mark.parametrize("redact", [True, False])
def test_plan_names_nobody_where_names_are_left_out(*, redact: bool) -> None:
    """What is printed before anything is created is printed all the same."""
    evidence = story(0)
    saved = Saved(evidence.raws, convert_all(evidence.raws))
    capabilities = capabilities_of_evidence(evidence, saved, "the case", Silence())
    request = evidence.request or CheckRequest()
    request = replace(request, role_arn="arn:aws:iam::111122223333:role/our-own")
    prepared = prepare(request, capabilities)

    told = Keeping(redact=redact).plan(prepared, request, capabilities.source)

    [vpc], functions = saved.snapshot.vpcs, saved.snapshot.functions
    groups = [item for function in functions for item in function.security_group_ids]
    text = json.dumps(told)
    for name in (vpc.vpc_id, *groups, *functions[0].subnet_ids, "111122223333", "our-own"):
        assert (name not in text) is redact, name
    assert functions[0].function_name not in text or not redact
    assert (told["run_id"], told["region"]) == (prepared.plan.run_id, "us-east-1")
    assert [item["source"]["ipv6_allowed"] for item in told["functions"]] == [False, False]
    assert len({item["source"]["subnet_id"] for item in told["functions"]}) == 2
    assert {len(item["source"]["security_group_ids"]) for item in told["functions"]} == {1}
    assert told["role_arn"].startswith("arn:aws:iam::")


REFUSED = {
    "keep": {"keep": True},
    "snapshot": {"snapshot": Path("there.json")},
    "timeout": {"timeout_seconds": 9.0},
    "attempts": {"attempts": 3},
}


@pytest.mark.parametrize("name", REFUSED)
def test_options_about_probes_do_not_go_with_evidence(case: Path, name: str) -> None:
    code, _, error = asked(case, **REFUSED[name])

    assert code is ExitCode.USAGE
    assert f"--{name}" in error


def test_dry_run_leaves_no_evidence(tmp_path: Path) -> None:
    streams = Streams.test()
    options = CheckOptions(vpc="vpc-1", dry_run=True, save_evidence=tmp_path / "case")

    assert run(options, streams) is ExitCode.USAGE
    assert not (tmp_path / "case").exists()
