"""Policies are printed as JSON that can be pasted, or written to a file."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from netprobe.cli.console import Streams
from netprobe.cli.exits import ExitCode
from netprobe.cli.iam_policy_run import run
from netprobe.cli.options import PlainFormat
from netprobe.deploy.policies import probe_policy, read_policy


def printed(name: str) -> Any:
    streams = Streams.test()
    assert run(name, PlainFormat.JSON, None, streams) is ExitCode.HEALTHY
    out = streams.out
    assert isinstance(out, io.StringIO)
    return json.loads(out.getvalue())


def test_each_policy_is_printed_as_it_is() -> None:
    """Two that AWS takes as they stand, and both documents of a role."""
    assert printed("read-only") == read_policy()
    assert printed("probe") == probe_policy()
    role = printed("probe-role")
    assert set(role) == {"trust", "permissions"}


def test_policy_can_be_written_to_a_file(tmp_path: Path) -> None:
    """The same text."""
    path = tmp_path / "policy.json"

    assert run("read-only", PlainFormat.JSON, path, Streams.test()) is ExitCode.HEALTHY
    assert json.loads(path.read_text()) == read_policy()


def test_unwritable_file_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And nothing is half written."""
    streams, path = Streams.test(), tmp_path / "missing" / "policy.json"

    assert run("read-only", PlainFormat.JSON, path, streams) is ExitCode.CANNOT
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("name", ["read-only", "probe", "probe-role"])
def test_text_has_every_permission_on_a_line(name: str) -> None:
    """For people who have to ask for them."""
    streams = Streams.test()
    assert run(name, PlainFormat.TEXT, None, streams) is ExitCode.HEALTHY
    assert isinstance(streams.out, io.StringIO)
    lines = streams.out.getvalue().splitlines()

    policies = [printed(name)] if name != "probe-role" else list(printed(name).values())
    for statement in (item for policy in policies for item in policy["Statement"]):
        actions = statement["Action"]
        for action in [actions] if isinstance(actions, str) else actions:
            assert f"  {action}" in lines
    assert any(line.startswith("allow ") for line in lines)
