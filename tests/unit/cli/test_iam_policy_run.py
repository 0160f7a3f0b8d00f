"""Policies are printed as JSON that can be pasted, or written to a file."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from netprobe.cli.console import Streams
from netprobe.cli.exits import ExitCode
from netprobe.cli.iam_policy_run import run
from netprobe.deploy.policies import probe_policy, read_policy


def printed(name: str) -> object:
    streams = Streams.test()
    assert run(name, None, streams) is ExitCode.HEALTHY
    out = streams.out
    assert isinstance(out, io.StringIO)
    return json.loads(out.getvalue())


def test_each_policy_is_printed_as_it_is() -> None:
    """Two that AWS takes as they stand, and both documents of a role."""
    assert printed("read-only") == read_policy()
    assert printed("probe") == probe_policy()
    role = printed("probe-role")
    assert isinstance(role, dict)
    assert set(role) == {"trust", "permissions"}


def test_policy_can_be_written_to_a_file(tmp_path: Path) -> None:
    """The same text."""
    path = tmp_path / "policy.json"

    assert run("read-only", path, Streams.test()) is ExitCode.HEALTHY
    assert json.loads(path.read_text()) == read_policy()


def test_unwritable_file_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And nothing is half written."""
    streams = Streams.test()

    assert run("read-only", tmp_path / "missing" / "policy.json", streams) is ExitCode.CANNOT
    assert capsys.readouterr().out == ""
