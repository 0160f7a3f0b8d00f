"""What ``netprobe expect`` writes and refuses, and ``check --expect`` on what was saved."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from netprobe.cli import check_run
from netprobe.cli.check_options import CheckOptions
from netprobe.cli.commands.expect import ExpectOptions
from netprobe.cli.console import Streams
from netprobe.cli.exits import ExitCode
from netprobe.cli.expect_run import run
from netprobe.cli.options import Format, PlainFormat
from netprobe.render.json_v1 import to_json
from netprobe.workflows.expectation_files import read_expectations
from tests.reports import recording, report_of_step

BUILT = recording()["built"]
TARGET = f"api:{BUILT['api_id']}"


@pytest.fixture
def report(tmp_path: Path) -> Path:
    """The report of the story's happy end."""
    path = tmp_path / "report.json"
    path.write_text(to_json(report_of_step(4)), encoding="utf-8")
    return path


UNRECORDED = {
    "ListFirewallRuleGroupAssociations": {"FirewallRuleGroupAssociations": []},
    "ListResolverRules": {"ResolverRules": []},
    "ListResolverRuleAssociations": {"ResolverRuleAssociations": []},
    "ListHostedZonesByVPC": [{"VPCId": BUILT["vpc_id"], "HostedZoneSummaries": []}],
}
"""What a snapshot of the story would hold beside what its checks had to read."""


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """The configuration of the story's happy end."""
    raw = recording()["checks"][4]["raw"]
    path = tmp_path / "snapshot.json"
    path.write_text(json.dumps(raw | {"answers": raw["answers"] | UNRECORDED}), encoding="utf-8")
    return path


def asked(**fields: Any) -> tuple[ExitCode, str, str]:
    return said(lambda streams: run(ExpectOptions(**fields), streams))


def checked(**fields: Any) -> tuple[ExitCode, str, str]:
    options = CheckOptions(vpc=BUILT["vpc_id"], no_probe=True, **fields)
    return said(lambda streams: check_run.run(options, streams))


def said(work: Any) -> tuple[ExitCode, str, str]:
    streams = Streams.test(width=100)
    code = work(streams)
    assert isinstance(streams.out, io.StringIO)
    assert isinstance(streams.err, io.StringIO)
    return code, streams.out.getvalue(), streams.err.getvalue()


def test_proposal_is_written_and_what_fails_is_named(report: Path, tmp_path: Path) -> None:
    """The file holds what works; people see what it does not hold."""
    place = tmp_path / "expectations.toml"

    code, out, err = asked(report=report, write=place)

    assert (code, out) == (ExitCode.HEALTHY, "")
    assert f'to = "{TARGET}"\nfamily = "ipv6"\nmust = "work"\n' in place.read_text("utf-8")
    assert f"left out: function:push-prices → {TARGET} over IPv4: blocked\n" in err
    assert f"wrote {place}\n" in err


def test_somebodys_words_are_not_overwritten(report: Path, tmp_path: Path) -> None:
    """Unless they say so."""
    place = tmp_path / "expectations.toml"
    place.write_text("mine", encoding="utf-8")

    code, _, err = asked(report=report, write=place)

    assert (code, place.read_text("utf-8")) == (ExitCode.USAGE, "mine")
    assert "error[file-exists]" in err
    assert "--force" in err
    assert asked(report=report, write=place, force=True)[0] is ExitCode.HEALTHY
    assert place.read_text("utf-8").startswith("schema")


@pytest.mark.parametrize(
    ("fields", "expected", "reference"),
    [
        ({"report": Path("nowhere.json")}, ExitCode.CANNOT, "unreadable-file"),
        ({}, ExitCode.USAGE, "nothing-to-check"),
        (
            {"report": Path("nowhere.json"), "vpc": "vpc-1"},
            ExitCode.USAGE,
            "two-things-to-check",
        ),
    ],
)
def test_what_cannot_be_asked_is_one_line(
    fields: dict[str, Any], expected: ExitCode, reference: str
) -> None:
    """With the right code, and nothing on stdout."""
    code, out, err = asked(**fields)

    assert (code, out, len(err.splitlines())) == (expected, "", 1)
    assert f"error[{reference}]" in err


def test_json_proposes_the_same_and_is_read_back(
    report: Path, saved: Path, tmp_path: Path
) -> None:
    """Programs need no TOML to write a file that check takes."""
    code, out, _ = asked(report=report, form=PlainFormat.JSON)
    place = tmp_path / "expectations.json"
    place.write_text(out, encoding="utf-8")

    assert code is ExitCode.HEALTHY
    assert json.loads(out)["flow"][0]["to"] == TARGET
    assert read_expectations(out, "e.json") == read_expectations(asked(report=report)[1], "e.toml")
    assert checked(snapshot=saved, expect=place)[0] is ExitCode.HEALTHY


def test_nothing_works_is_no_expectation(tmp_path: Path) -> None:
    """An empty file would be kept by any network."""
    path = tmp_path / "report.json"
    path.write_text(to_json(report_of_step(0)), encoding="utf-8")

    code, out, err = asked(report=path, write=tmp_path / "e.toml")

    assert (code, out) == (ExitCode.CANNOT, "")
    assert "error[nothing-to-expect]" in err
    assert not (tmp_path / "e.toml").exists()


STATES = [
    ('must = "work"\nfamily = "ipv6"', "kept", ExitCode.HEALTHY),
    ('must = "work"\nfamily = "ipv4"', "broken", ExitCode.NOT_HEALTHY),
    ('must = "not-work"', "broken", ExitCode.NOT_HEALTHY),
]


@pytest.mark.parametrize(("lines", "state", "expected"), STATES)
def test_expectations_decide_the_exit_code(
    saved: Path, tmp_path: Path, lines: str, state: str, expected: ExitCode
) -> None:
    """The targets come from the file, and the report says what became of each flow."""
    place = tmp_path / "e.toml"
    place.write_text(f'[[flow]]\nto = "{TARGET}"\n{lines}\n', encoding="utf-8")

    code, out, err = checked(snapshot=saved, expect=place, format=Format.JSON)

    document = json.loads(out)
    assert (code, err) == (expected, "")
    assert [item["given"] for item in document["targets"]] == [TARGET]
    assert [item["state"] for item in document["expectations"]] == [state]
    assert checked(snapshot=saved, expect=place, exit_zero=True)[0] is ExitCode.HEALTHY


def test_broken_expectations_file_stops_before_anything_is_read(tmp_path: Path) -> None:
    """Name of the file, line and column; usage error."""
    place = tmp_path / "e.toml"
    place.write_text("[[flow]]\nto = nothing\n", encoding="utf-8")

    code, out, err = checked(snapshot=tmp_path / "nowhere", expect=place)

    assert (code, out) == (ExitCode.USAGE, "")
    assert err == (
        f"error[unreadable-expectations]: {place} is not TOML (Invalid value (at line 2, column "
        "6)); mend it there: netprobe explain unreadable-expectations shows the form\n"
    )
