"""What a watch looks like in a terminal, in a pipe and as JSON Lines."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from netprobe.cli.console import Streams
from netprobe.cli.options import WatchFormat
from netprobe.cli.watch_screen import Lines, Table, screen_for
from netprobe.diagnosis.case import Case
from netprobe.diagnosis.clients import CLIENTS
from netprobe.diagnosis.path_changes import path_changes
from netprobe.model.report import Report
from netprobe.workflows.check import Seen
from netprobe.workflows.watch import Round
from tests.builders import snapshot
from tests.reports import report_of_step

AT = datetime(2026, 11, 25, 4, 46, 21, tzinfo=UTC)
SUBNETS = ("subnet-c3eb8c3d1646d0309", "subnet-659e7c720b943e05b")
LONG = "https://a-rather-long-name-of-a-host.example.com/with/a/long/path/and/then/some?more=so"


def round_of(number: int, report: Report, before: Report | None = None) -> Round:
    case = Case(
        snapshot=snapshot(),
        sources=report.sources,
        targets=report.targets,
        paths=report.paths,
        client=CLIENTS["boto3"],
    )
    return Round(
        number=number,
        at=AT,
        seconds=12.0,
        seen=Seen(case=case, findings=(), verdict=report.verdict, summary=""),
        verdict=report.verdict,
        paths=report.paths,
        changes=path_changes(before.paths if before else (), report.paths),
    )


def lines(*rounds: Round, json_lines: bool = False) -> tuple[str, str]:
    """Return what goes to stdout and to stderr."""
    streams, written = Streams.test(width=120), bytearray()
    with Lines(streams, written.extend, json=json_lines, silent=False) as screen:
        for done in rounds:
            screen.step("reading")
            screen.tell(done)
        screen.trouble("04:46:31Z  throttled \x1b[31mhard")
    assert isinstance(streams.err, io.StringIO)
    return written.decode(), streams.err.getvalue()


def test_pipe_gets_what_changed_and_nothing_else() -> None:
    """A round in which nothing changed writes nothing; ASCII where the pipe is not UTF-8."""
    broken, healthy = report_of_step(3), report_of_step(4)

    out, err = lines(
        round_of(1, broken), round_of(2, broken, broken), round_of(3, healthy, broken)
    )

    assert [line for line in out.splitlines() if "opened" in line] == [
        f"04:46:21Z  +12 s  opened: api:pzhujlpt over IPv6 from {', '.join(SUBNETS)}"
    ]
    assert out.isascii()
    assert len(re.findall(r"^04:46:21Z", out, re.MULTILINE)) == 3
    assert err == "04:46:31Z  throttled \\u001b[31mhard\n"


def test_json_lines_hold_one_change_each() -> None:
    """Every path of the first round, then those that changed."""
    broken, healthy = report_of_step(3), report_of_step(4)

    out, _ = lines(round_of(1, broken), round_of(2, healthy, broken), json_lines=True)

    changes = [json.loads(line)["change"] for line in out.splitlines()]
    assert changes == ["seen"] * len(broken.paths) + ["opened", "opened"]


def screen_of(width: int, report: Report) -> list[str]:
    """Return what a terminal of this width was sent, without colours and cursor moves."""
    out = io.StringIO()
    streams = replace(Streams.test(terminal=True), out=out, colour=False)
    table = Table(streams)
    table._console.width = width
    with table:
        table.tell(round_of(1, report))
        table.step("next in 10 s; Ctrl-C ends it and removes the probe")
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", out.getvalue().replace("\r", "")).splitlines()


@pytest.mark.parametrize("width", [80, 120])
def test_terminal_shows_a_table_below_what_happened(width: int) -> None:
    """Every id whole, nothing wider than the terminal, the last line says what comes."""
    shown = screen_of(width, report_of_step(1))

    assert max(map(len, shown)) <= width
    row = next(line for line in shown if line.startswith("api:pzhujlpt  subnet-"))
    assert row.split() == [
        "api:pzhujlpt", SUBNETS[0], "blocked", "by", "1", "blocked", "by", "3",
    ]  # fmt: skip
    assert any("next in 10 s; Ctrl-C ends it and removes the probe" in line for line in shown)
    assert shown[-1].strip() == "04:46:21Z round 1, broken; ended"


def test_name_too_long_for_the_terminal_is_cut_in_the_table_only() -> None:
    """Above it stands whole; a table that wrapped could not be drawn over."""
    report = report_of_step(1)
    long = replace(report, targets=(replace(report.targets[0], given=LONG),))

    shown = screen_of(80, long)

    assert any(LONG in line for line in shown)
    assert LONG[:79] + "…" in shown


def test_trouble_stands_above_the_table() -> None:
    """Its controls as text."""
    out = io.StringIO()
    table = Table(replace(Streams.test(terminal=True), out=out, colour=False))
    with table:
        table.trouble("04:46:31Z  throttled \x1b]0;owned")

    assert "throttled \\u001b]0;owned" in out.getvalue()
    assert "\x1b]0;" not in out.getvalue()


@pytest.mark.parametrize(
    ("fields", "output", "form", "expected"),
    [
        ({"out_is_terminal": True, "ascii": False}, None, WatchFormat.TEXT, Table),
        ({"out_is_terminal": True, "ascii": True}, None, WatchFormat.TEXT, Lines),
        ({"out_is_terminal": True, "ascii": False}, None, WatchFormat.JSONL, Lines),
        ({"out_is_terminal": True, "ascii": False}, "watch.txt", WatchFormat.TEXT, Lines),
        ({"out_is_terminal": False, "ascii": False}, None, WatchFormat.TEXT, Lines),
    ],
)
def test_table_is_for_terminals_only(
    tmp_path: Path,
    fields: dict[str, bool],
    output: str | None,
    form: WatchFormat,
    expected: type,
) -> None:
    """Those that show Unicode and can be drawn over, unless something else was asked for."""
    streams = replace(Streams.test(), **fields)  # type: ignore[arg-type]

    with screen_for(streams, tmp_path / output if output else None, form) as screen:
        screen.tell(round_of(1, report_of_step(1)))

    assert isinstance(screen, expected)
    assert not output or "blocked: " in (tmp_path / output).read_text("utf-8")


@pytest.mark.parametrize("rounds", [0, 2])
def test_json_is_one_document_in_the_end(tmp_path: Path, rounds: int) -> None:
    """Of the same objects as the lines, also where there were none."""
    broken, healthy = report_of_step(3), report_of_step(4)
    told = [round_of(1, broken), round_of(2, healthy, broken)][:rounds]
    place = tmp_path / "watch.json"

    with screen_for(Streams.test(), place, WatchFormat.JSON) as screen:
        for done in told:
            screen.tell(done)

    expected = lines(*told, json_lines=True)[0].splitlines()
    assert json.loads(place.read_text("utf-8")) == {"changes": [json.loads(i) for i in expected]}
