"""What ``netprobe trace`` reads from its options, writes, and exits with."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from netprobe.cli.console import Streams
from netprobe.cli.exits import ExitCode
from netprobe.cli.options import TraceFormat
from netprobe.cli.trace_run import TraceOptions, exit_code_of, read_options, run
from netprobe.errors import UsageError
from netprobe.model.addresses import Family
from netprobe.model.trace import Disposition
from netprobe.workflows.flow_lines import Tally
from netprobe.workflows.flow_requests import FlowRequest
from tests.bench.large_vpc import Size, write

SMALL = Size(subnets=4, tables=2, routes=20, group_rules=20, acls=2)
SOURCE = "eni-00000000000010000"
FLOW = {"id": 1, "source": SOURCE, "destination": "8.8.8.8", "protocol": "tcp", "port": 443}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(SMALL, tmp_path_factory.mktemp("dump"))


def asked(**fields: Any) -> tuple[ExitCode, str, str]:
    """Return the exit code, stdout and stderr of a run."""
    streams = Streams.test()
    code = run(TraceOptions(**fields), streams)
    assert isinstance(streams.out, io.StringIO)
    assert isinstance(streams.err, io.StringIO)
    return code, streams.out.getvalue(), streams.err.getvalue()


def flows_file(folder: Path, *flows: object) -> str:
    path = folder / "flows.txt"
    path.write_text("".join(f"{json.dumps(flow)}\n" for flow in flows), encoding="utf-8")
    return str(path)


def test_one_flow_as_the_options_name_it() -> None:
    """Port 443 where tcp has none."""
    one = TraceOptions(snapshot="x", source="eni-1", destination="a.example")

    assert read_options(one) == FlowRequest(
        source="eni-1", destination="a.example", protocol=6, port=443
    )


def test_every_option_of_a_flow_counts() -> None:
    """Those of one flow are those of a line."""
    one = TraceOptions(
        snapshot="x",
        source="eni-1",
        destination="eni-2",
        protocol="17",
        port="53",
        source_port="40000",
        family="ipv6",
    )

    assert read_options(one) == FlowRequest(
        source="eni-1",
        destination="eni-2",
        protocol=17,
        port=53,
        source_port=40000,
        family=Family.IPV6,
    )


ONE = {"source": "eni-1", "destination": "eni-2"}
CONTRADICTIONS = [
    ({}, "no configuration was named"),
    ({"snapshot": "x"}, "no flow was named"),
    ({"snapshot": "x", "source": "eni-1"}, "no flow was named"),
    ({"snapshot": "x", "flows": "f", **ONE}, "--flows was given together with"),
    ({"snapshot": "x", "flows": "f", "port": "1"}, "--flows was given together with"),
    ({"snapshot": "x", "flows": "f", "format": TraceFormat.JSON}, "answers line by line"),
    ({"snapshot": "x", "protocol": "sctp", **ONE}, "no protocol 'sctp'"),
    ({"snapshot": "x", "protocol": "udp", **ONE}, "field port is missing"),
    ({"snapshot": "x", "port": "https", **ONE}, "no port 'https'"),
    ({"snapshot": "x", "family": "4", **ONE}, "no family '4'"),
]


@pytest.mark.parametrize(("fields", "says"), CONTRADICTIONS, ids=lambda value: str(value)[:60])
def test_what_cannot_be_asked(fields: dict[str, Any], says: str) -> None:
    """Exit code 2, one line, nothing on stdout."""
    with pytest.raises(UsageError, match=says):
        read_options(TraceOptions(**fields))
    code, out, err = asked(**fields)
    assert (code, out) == (ExitCode.USAGE, "")
    assert err.count("\n") == 1


@pytest.mark.parametrize("form", [None, TraceFormat.TEXT, TraceFormat.JSON, TraceFormat.JSONL])
def test_one_flow_in_each_form(form: TraceFormat | None, folder: Path) -> None:
    """Text unless asked otherwise."""
    code, out, err = asked(snapshot=str(folder), source=SOURCE, destination="8.8.8.8", format=form)

    assert (code, err) == (ExitCode.HEALTHY, "")
    if form in {None, TraceFormat.TEXT}:
        assert out.startswith("delivered: ")
        assert out.isascii()
    else:
        assert json.loads(out)["disposition"] == "delivered"
        assert (out.count("\n") == 1) is (form is TraceFormat.JSONL)


def test_flows_of_a_file(folder: Path) -> None:
    """One line out for each, the bad ones too."""
    place = flows_file(folder, FLOW, [], FLOW | {"id": 2, "source": "eni-x"})
    code, out, err = asked(snapshot=str(folder), flows=place)

    found = [json.loads(line) for line in out.splitlines()]
    assert (code, err) == (ExitCode.UNKNOWN, "")
    assert [item.get("id") for item in found] == [1, None, 2]
    assert ["error" in item for item in found] == [False, True, True]


def test_answers_are_written_to_a_file(folder: Path, tmp_path: Path) -> None:
    """Which takes its name when all of them are there."""
    output = tmp_path / "answers.jsonl"
    code, out, err = asked(
        snapshot=str(folder), flows=flows_file(folder, FLOW, FLOW), output=output
    )

    assert (code, out, err) == (ExitCode.HEALTHY, "", f"wrote {output}\n")
    assert len(output.read_text().splitlines()) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["answers.jsonl"]


def test_file_of_answers_keeps_its_old_content_when_the_run_fails(
    folder: Path, tmp_path: Path
) -> None:
    """And nothing half written lies about."""
    output = tmp_path / "answers.jsonl"
    output.write_text("older")
    code, _, err = asked(
        snapshot=str(folder), vpc="vpc-9", flows=flows_file(folder, FLOW), output=output
    )

    assert code is ExitCode.CANNOT
    assert err.startswith("error[no-such-vpc]: no VPC 'vpc-9' in ")
    assert output.read_text() == "older"
    assert [path.name for path in tmp_path.iterdir()] == ["answers.jsonl"]


UNREADABLE = [
    ({"flows": "missing.jsonl"}, "error[unreadable-file]: cannot read missing.jsonl"),
    ({"flows": "."}, "error[unreadable-file]: cannot read ."),
    ({"source": "eni-y", "destination": "8.8.8.8"}, "error[no-such-source]: "),
    ({"source": SOURCE, "destination": "x"}, "error[no-such-destination]: "),
]


@pytest.mark.parametrize(("fields", "says"), UNREADABLE, ids=lambda value: str(value)[:40])
def test_job_that_cannot_be_done(fields: dict[str, str], says: str, folder: Path) -> None:
    """Exit code 1, one line."""
    code, out, err = asked(snapshot=str(folder), **fields)

    assert (code, out) == (ExitCode.CANNOT, "")
    assert err.startswith(says)
    assert err.count("\n") == 1


def test_snapshot_that_is_not_there() -> None:
    """Is named."""
    code, out, err = asked(snapshot="nowhere", source="eni-1", destination="eni-2")

    assert (code, out) == (ExitCode.CANNOT, "")
    assert "nowhere" in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("found", "errors", "code"),
    [
        ([], 0, ExitCode.HEALTHY),
        ([Disposition.DELIVERED], 0, ExitCode.HEALTHY),
        ([Disposition.DELIVERED], 1, ExitCode.UNKNOWN),
        ([Disposition.UNKNOWN, Disposition.DELIVERED], 0, ExitCode.UNKNOWN),
        ([Disposition.UNKNOWN, Disposition.DENIED], 1, ExitCode.NOT_HEALTHY),
        ([Disposition.LEFT_VIEW], 0, ExitCode.NOT_HEALTHY),
        ([Disposition.NO_ROUTE], 0, ExitCode.NOT_HEALTHY),
        ([Disposition.BLACKHOLED], 0, ExitCode.NOT_HEALTHY),
    ],
)
def test_exit_code_of_all_answers(found: list[Disposition], errors: int, code: ExitCode) -> None:
    """What is stopped outweighs what is not known."""
    tally = Tally(errors=errors)
    tally.dispositions.update(found)

    assert exit_code_of(tally) is code


def test_exit_zero_whatever_the_answers(folder: Path) -> None:
    """For scripts that read the answers themselves."""
    place = flows_file(folder, FLOW | {"source": "eni-x"})

    assert asked(snapshot=str(folder), flows=place, exit_zero=True)[0] is ExitCode.HEALTHY


def test_change_that_cannot_be_assumed_is_one_line(folder: Path, tmp_path: Path) -> None:
    """A resource that is not there cannot be changed; a file without changes is no question."""
    change = {
        "route_table_id": "rtb-nowhere",
        "destination": "8.8.8.8/32",
        "target": "egress-only-internet-gateway",
        "target_id": "nowhere",
    }
    path = tmp_path / "change.json"
    path.write_text(json.dumps([{"action": "set-route", "values": change}]))
    one = {"snapshot": str(folder), "source": SOURCE, "destination": "8.8.8.8"}

    code, out, err = asked(**one, what_if=str(path))
    assert (code, out) == (ExitCode.CANNOT, "")
    assert err.startswith("error[no-such-resource]: change 1 (set-route): ")

    path.write_text("[]")
    code, out, err = asked(**one, what_if=str(path))
    assert (code, out) == (ExitCode.USAGE, "")
    assert "the list of changes is empty" in err
