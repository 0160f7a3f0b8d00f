"""``import netprobe``: the answers of the command line, as values."""

from __future__ import annotations

import doctest
import io
import json
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest

import netprobe
from netprobe.cli.check_run import CheckOptions
from netprobe.cli.check_run import run as run_check
from netprobe.cli.console import Streams
from netprobe.cli.options import Format, TraceFormat
from netprobe.cli.trace_run import TraceOptions
from netprobe.cli.trace_run import run as run_trace

ROOT = Path(__file__).parent.parent.parent
ACCOUNT = ROOT / "tests/dumps/every-kind"
TARGET = "tcp://10.0.0.10:5432"
DATES = ("started_at", "finished_at")


def printed(streams: Streams) -> str:
    assert isinstance(streams.out, io.StringIO)
    return streams.out.getvalue()


def test_examples_of_the_page_give_what_the_page_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every ``>>>`` of docs/python-api.md, in order."""
    monkeypatch.chdir(ROOT / "tests/dumps")

    page = (ROOT / "docs/python-api.md").read_text(encoding="utf-8").replace("```", "")
    examples = doctest.DocTestParser().get_doctest(page, {}, "python-api.md", None, 0)
    told = io.StringIO()
    outcome = doctest.DocTestRunner().run(examples, out=told.write)

    assert outcome.failed == 0, told.getvalue()
    assert outcome.attempted > 12


def test_page_names_all_that_is_public() -> None:
    """In the table at its end."""
    page = (ROOT / "docs/python-api.md").read_text(encoding="utf-8")
    table = page.partition("## The names")[2]

    named = set(re.findall(r"\b[A-Za-z_]+\b", " ".join(re.findall(r"`([^`]+)`", table))))

    assert set(netprobe.__all__) - named == set()


@pytest.mark.parametrize("name", netprobe.__all__)
def test_public_name_is_there(name: str) -> None:
    """None is promised in vain."""
    assert getattr(netprobe, name) is not None
    assert name in dir(netprobe)


def test_no_other_name_is_there() -> None:
    """A wrong name is told like that of any module."""
    with pytest.raises(AttributeError, match="'netprobe' has no attribute 'chekc'"):
        _ = netprobe.chekc  # type: ignore[attr-defined]


def test_import_loads_nothing() -> None:
    """Neither the SDK nor a module of netprobe's own, until a name is used."""
    code = (
        "import sys, netprobe\n"
        "assert not [name for name in sys.modules if name.startswith('netprobe.')]\n"
        "netprobe.trace\n"
        "assert 'boto3' not in sys.modules and 'typer' not in sys.modules\n"
    )

    subprocess.run([sys.executable, "-c", code], check=True)


EXPECTED = f'[[flow]]\nto = "{TARGET}"\nmust = "not-work"\n'
ASKED: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"function": "push", "targets": (TARGET,)}, {"function": "push", "targets": [TARGET]}),
    ({"vpc": "vpc-a", "ipv4_only": True}, {"vpc": "vpc-a", "families": ["ipv4"]}),
    (
        {"vpc": "vpc-a", "targets": (TARGET,), "all_subnets": True, "client": "node20"},
        {"vpc": "vpc-a", "targets": [TARGET], "all_subnets": True, "client": "node20"},
    ),
    ({"function": "push", "expect": "e.toml"}, {"function": "push", "expectations": "e.toml"}),
    (
        {"function": "push", "targets": (TARGET,), "what_if": "r.json:fix-1"},
        {"function": "push", "targets": [TARGET], "assumed": "r.json:fix-1"},
    ),
]
"""The same questions as options of the command, and as arguments; files by their names."""


@pytest.mark.parametrize(("options", "arguments"), ASKED, ids=",".join)
def test_check_returns_the_report_the_command_prints(
    options: dict[str, Any],
    arguments: dict[str, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The same document, apart from the time of day."""
    monkeypatch.chdir(tmp_path)
    Path("e.toml").write_text(EXPECTED, encoding="utf-8")
    streams = Streams.test()
    if "expect" in options:
        options = options | {"expect": Path("e.toml")}
        arguments = arguments | {"expectations": netprobe.load_expectations("e.toml")}
    if "what_if" in options:
        broken = netprobe.check(function="push", targets=[TARGET], snapshot=ACCOUNT)
        Path("r.json").write_text(netprobe.to_json(broken), encoding="utf-8")
        arguments = arguments | {"assumed": netprobe.load_changes("r.json:fix-1")}

    run_check(CheckOptions(snapshot=ACCOUNT, format=Format.JSON, **options), streams)
    report = netprobe.check(snapshot=ACCOUNT, **arguments)

    shown, returned = json.loads(printed(streams)), json.loads(netprobe.to_json(report))
    assert {**shown, **dict.fromkeys(DATES)} == {**returned, **dict.fromkeys(DATES)}


@pytest.mark.parametrize(
    "options", [{}, {"vpc": "vpc-a", "function": "push"}, {"vpc": "vpc-a", "client": "node-18"}]
)
def test_what_cannot_be_asked_is_told_in_the_same_words(options: dict[str, Any]) -> None:
    """On the command line and by the function."""
    streams = Streams.test()

    code = run_check(CheckOptions(**options), streams)
    with pytest.raises(netprobe.UsageError) as caught:
        netprobe.check(**options)

    assert code == 2
    assert isinstance(streams.err, io.StringIO)
    assert streams.err.getvalue() == f"error[{caught.value.reference}]: {caught.value}\n"


def test_file_that_cannot_be_read_is_an_error_of_netprobe() -> None:
    """None of Python's own."""
    for load in (netprobe.load_expectations, netprobe.load_changes, netprobe.load_snapshot):
        with pytest.raises(netprobe.NetprobeError, match=r"nowhere\.toml"):
            load("nowhere.toml")


def test_types_of_answers_have_public_names() -> None:
    """Whatever a field of an answer is can be named in an annotation.

    A snapshot's own parts and the kinds of changes are not: those are asked, these handed on.
    """
    found: set[type] = set()

    def collect(kind: object) -> None:
        for part in get_args(kind):
            collect(part)
        module = getattr(kind, "__module__", "")
        handed_on = isinstance(kind, type) and hasattr(kind, "action")
        if not isinstance(kind, type) or kind in found or handed_on:
            return
        if module.startswith("netprobe."):
            found.add(kind)
            if kind is not netprobe.Snapshot and kind not in get_args(netprobe.Change):
                for part in get_type_hints(kind).values():
                    collect(part)

    for kind in (netprobe.Report, netprobe.FlowAnswer, netprobe.FlowRequest, netprobe.Expectation):
        collect(kind)

    assert len(found) > 50
    assert {kind.__name__ for kind in found} - set(netprobe.__all__) == set()


def test_trace_returns_the_answer_the_command_prints() -> None:
    """Byte by byte."""
    streams = Streams.test()
    options = TraceOptions(
        snapshot=str(ACCOUNT),
        source="function:push",
        destination="10.0.0.10",
        port="5432",
        format=TraceFormat.JSON,
    )

    code = run_trace(options, streams)
    answer = netprobe.trace("function:push", "10.0.0.10", port=5432, snapshot=ACCOUNT)

    assert code == 10
    assert printed(streams).strip() == netprobe.to_json(answer).strip()


def test_nothing_is_printed_and_no_signal_is_taken(capfd: pytest.CaptureFixture[str]) -> None:
    """A program that uses netprobe keeps its streams and its handlers."""
    before = [signal.getsignal(item) for item in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)]

    netprobe.check(vpc="vpc-a", targets=[TARGET], snapshot=ACCOUNT)
    netprobe.trace("function:push", "service:ssm", snapshot=ACCOUNT)

    after = [signal.getsignal(item) for item in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)]
    assert capfd.readouterr() == ("", "")
    assert before == after


@pytest.mark.parametrize(
    ("arguments", "reference"),
    [
        ({}, "nothing-to-check"),
        ({"vpc": "vpc-a", "function": "push"}, "two-things-to-check"),
        ({"vpc": "vpc-a", "families": ()}, "no-family"),
        ({"vpc": "vpc-a", "client": "node-18"}, "no-such-client"),
        ({"vpc": "vpc-a", "targets": TARGET}, "bad-argument"),
        ({"vpc": "vpc-a", "timeout_seconds": 0.0}, "bad-argument"),
        ({"vpc": "vpc-a", "timeout_seconds": float("nan")}, "bad-argument"),
        ({"vpc": "vpc-a", "attempts": 1000}, "bad-argument"),
    ],
)
def test_arguments_that_cannot_be_meant_are_refused(
    arguments: dict[str, object], reference: str
) -> None:
    """Before anything is read, let alone created."""
    with pytest.raises(netprobe.UsageError) as caught:
        netprobe.check(**arguments)  # type: ignore[arg-type]

    assert caught.value.reference == reference


def test_trace_needs_a_configuration() -> None:
    """Nothing is guessed from the environment."""
    with pytest.raises(netprobe.UsageError, match="give a snapshot, or a VPC"):
        netprobe.trace("i-web", "10.0.0.10")


@pytest.mark.parametrize("loaded", [True, False])
def test_unknown_vpc_is_told_with_the_known_ones(*, loaded: bool) -> None:
    """And where they are, if that has a name."""
    snapshot = netprobe.load_snapshot(ACCOUNT) if loaded else ACCOUNT

    with pytest.raises(netprobe.NetprobeError) as caught:
        netprobe.trace("i-web", "10.0.0.10", vpc="vpc-x", snapshot=snapshot)

    place = "the snapshot" if loaded else str(ACCOUNT)
    assert caught.value.what == f"no VPC 'vpc-x' in {place}"
    assert caught.value.hint == "known: vpc-a, vpc-b"


def test_services_are_asked_in_the_region_of_the_vpc_that_was_saved() -> None:
    """Whatever region the environment is set to."""
    vpc = next(item for item in netprobe.load_snapshot(ACCOUNT).vpcs if item.vpc_id == "vpc-a")
    report = netprobe.check(
        snapshot=ACCOUNT, vpc="vpc-a", region="ap-south-1", targets=["service:ssm"]
    )

    assert {target.host.split(".")[1] for target in report.targets} == {vpc.region}


def test_progress_is_told() -> None:
    """What is awaited goes to who asked for it."""

    class Steps(list[str]):
        def step(self, text: str) -> None:
            self.append(text)

    steps = Steps()
    netprobe.check(vpc="vpc-a", targets=[TARGET], snapshot=ACCOUNT, progress=steps)

    assert "walking the configuration" in steps


PROGRAM = """
import netprobe

def names_of(path: str) -> list[str]:
    snapshot = netprobe.load_snapshot(path)
    report: netprobe.Report = netprobe.check(
        function="push", targets=["service:ssm"], snapshot=snapshot
    )
    answer = netprobe.trace("i-1", "10.0.0.10", port=443, snapshot=snapshot)
    if answer.disposition is not netprobe.Disposition.DELIVERED and answer.trace is not None:
        return [blocker.resource_id for blocker in answer.trace.blockers]
    if report.verdict is netprobe.Verdict.HEALTHY:
        return []
    changes: tuple[netprobe.Change, ...] = tuple(i for fix in report.fixes for i in fix.changes)
    wanted: tuple[netprobe.Expectation, ...] = netprobe.load_expectations(path)
    left: netprobe.CleanUp = netprobe.check(
        vpc="vpc-1", assumed=changes, expectations=wanted, snapshot=snapshot
    ).clean_up
    print(left.left)
    reveal_type(report.findings)
    return [finding.name for finding in report.findings]
"""
WRONG = """
import netprobe

def wrong() -> None:
    netprobe.check(vpcs="vpc-1")
    netprobe.trace("i-1", "10.0.0.10", port=443).trace.blockers
    netprobe.chekc
"""


def test_types_are_real(tmp_path: Path) -> None:
    """The strictest mypy passes a program that uses netprobe well, and finds what is wrong."""
    (tmp_path / "right.py").write_text(PROGRAM, encoding="utf-8")
    (tmp_path / "wrong.py").write_text(WRONG, encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "."]

    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=300
    )

    lines = done.stdout.splitlines()
    assert "error: " not in "\n".join(line for line in lines if "right.py" in line)
    assert any('"tuple[netprobe.model.finding.Finding, ...]"' in line for line in lines)
    errors = [line for line in lines if "wrong.py" in line and "error: " in line]
    assert len(errors) == 3, done.stdout + done.stderr
    assert done.stdout.count("error: ") == 3, done.stdout
