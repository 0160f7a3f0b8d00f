"""What ``netprobe diff`` reads, writes, and exits with."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from netprobe.aws.evidence import write_evidence
from netprobe.cli.commands.diff import DiffOptions
from netprobe.cli.console import Streams
from netprobe.cli.diff_run import run
from netprobe.cli.exits import ExitCode
from netprobe.cli.options import DiffFormat
from tests.unit.aws.test_redaction import story

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "golden"
BROKEN, HEALTHY = GOLDEN / "story-broken.json", GOLDEN / "story-healthy.json"


def asked(before: Path, now: Path, **fields: Any) -> tuple[ExitCode, str, str]:
    """Return the exit code, stdout and stderr of a run."""
    streams = Streams.test()
    code = run(DiffOptions(before=before, now=now, no_probe=True, **fields), streams)
    assert isinstance(streams.out, io.StringIO)
    assert isinstance(streams.err, io.StringIO)
    return code, streams.out.getvalue(), streams.err.getvalue()


@pytest.fixture
def snapshots(tmp_path: Path) -> tuple[Path, Path]:
    """A recorded VPC, and the same without any route for IPv4."""
    raw = json.loads((ROOT / "recordings/S04.json").read_text("utf-8"))["raw"]
    first, second = tmp_path / "a.json", tmp_path / "b.json"
    first.write_text(json.dumps(raw))
    answers = raw["answers"]["DescribeRouteTables"]
    for answer in answers if isinstance(answers, list) else [answers]:
        for table in answer["RouteTables"]:
            table["Routes"] = [
                i for i in table["Routes"] if i.get("DestinationCidrBlock") != "0.0.0.0/0"
            ]
    second.write_text(json.dumps(raw))
    return first, second


def test_exit_code_is_that_of_the_worst_path() -> None:
    """Better and the same are 0, worse is 10."""
    assert asked(BROKEN, HEALTHY)[0] is ExitCode.HEALTHY
    assert asked(HEALTHY, HEALTHY)[0] is ExitCode.HEALTHY
    assert asked(HEALTHY, BROKEN)[0] is ExitCode.NOT_HEALTHY
    assert asked(HEALTHY, BROKEN, exit_zero=True)[0] is ExitCode.HEALTHY


def test_each_form_is_written_whole(tmp_path: Path) -> None:
    """Text to stdout, the others on demand, into a file where one is named."""
    assert asked(BROKEN, HEALTHY)[1].startswith("2 paths got better")
    _, text, _ = asked(BROKEN, HEALTHY, form=DiffFormat.JSON)
    assert json.loads(text)["course"] == "better"
    place = tmp_path / "diff.md"
    _, out, err = asked(BROKEN, HEALTHY, form=DiffFormat.MARKDOWN, output=place)
    assert (out, err) == ("", f"wrote {place}\n")
    assert place.read_text("utf-8").startswith("## netprobe diff")


def test_snapshots_alone_tell_facts(snapshots: tuple[Path, Path]) -> None:
    """No path is asked about, so none got worse."""
    code, text, _ = asked(*snapshots)
    assert code is ExitCode.HEALTHY
    assert text.startswith("2 facts of the configuration changed\n")
    assert "route 0.0.0.0/0 -> nat-" in text


def test_snapshots_with_a_function_tell_paths(snapshots: tuple[Path, Path]) -> None:
    """The path that closed, with the route that went."""
    code, text, _ = asked(*snapshots, function="fn", targets=("https://example.com",))
    assert code is ExitCode.NOT_HEALTHY
    assert "closed: https://example.com over IPv4" in text


@pytest.mark.parametrize(
    ("content", "reference", "says"),
    [
        ('{"schema": "netprobe.report/1",\n "x', "unreadable-file", "line 2, column"),
        ('{"schema": "netprobe.report/2"}', "unreadable-report", "'netprobe.report/2'"),
        ('{"schema": "netprobe.report/1"}', "unreadable-report", "it has no sources"),
        ("[1]", "unreadable-snapshot", "no JSON object"),
        ("", "unreadable-file", "line 1, column"),
        ('{"answers": {}, "region": "us-east-1"}', "two-kinds-to-compare", "is a snapshot"),
    ],
)
def test_bad_input_is_one_line_and_leaves_nothing(
    content: str, reference: str, says: str, tmp_path: Path
) -> None:
    """It names the file and the next step; the output that was asked for is not begun."""
    bad, out = tmp_path / "bad.json", tmp_path / "out.txt"
    bad.write_text(content)
    code, text, err = asked(HEALTHY, bad, output=out)
    assert code is (ExitCode.USAGE if reference == "two-kinds-to-compare" else ExitCode.CANNOT)
    assert text == ""
    assert err.startswith(f"error[{reference}]: ")
    assert err.count("\n") == 1
    assert says in err
    assert [item.name for item in tmp_path.iterdir()] == ["bad.json"]


def test_missing_file_is_named(tmp_path: Path) -> None:
    """With the reason the system gives."""
    code, _, err = asked(HEALTHY, tmp_path / "none.json")
    assert code is ExitCode.CANNOT
    assert err.startswith("error[unreadable-file]: cannot read ")
    assert "No such file or directory" in err


def test_reports_cannot_be_asked(snapshots: tuple[Path, Path]) -> None:
    """They hold their answers; and a target alone says not from where."""
    code, _, err = asked(BROKEN, HEALTHY, vpc="vpc-1")
    assert (code, err.split(":")[0]) == (ExitCode.USAGE, "error[nothing-to-ask]")
    code, _, err = asked(*snapshots, targets=("https://example.com",))
    assert (code, err.split(":")[0]) == (ExitCode.USAGE, "error[nothing-to-check]")


def test_evidence_is_compared_as_the_report_it_gives(tmp_path: Path) -> None:
    """Broken and healed: the packets of both are judged, and IPv6 has opened."""
    before, now = tmp_path / "before.zip", tmp_path / "now"
    write_evidence(story(0), before)
    write_evidence(story(4), now)

    code, said, _ = asked(before, now)

    assert code is ExitCode.HEALTHY
    assert "opened: api:" in said
    assert "over IPv6" in said
