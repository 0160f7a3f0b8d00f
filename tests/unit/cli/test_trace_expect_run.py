"""``netprobe trace --expect``: forms and exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from netprobe.cli.exits import ExitCode
from netprobe.cli.options import TraceFormat
from tests.bench.large_vpc import write
from tests.unit.cli.test_trace_run import SMALL, SOURCE, asked


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(SMALL, tmp_path_factory.mktemp("dump"))


def file(folder: Path, must: str, **keys: str) -> Path:
    flow = {"from": SOURCE, "to": "8.8.8.8", "must": must} | keys
    path = folder / "expect.toml"
    lines = "".join(f'{key} = "{value}"\n' for key, value in flow.items())
    path.write_text(f"[[flow]]\n{lines}", encoding="utf-8")
    return path


@pytest.mark.parametrize("form", [None, TraceFormat.JSON, TraceFormat.JSONL])
def test_one_of_two_opposites_is_kept(folder: Path, form: TraceFormat | None) -> None:
    """In every form, with the exit code of the expectation."""
    answers = {
        must: asked(snapshot=str(folder), expect=file(folder, must), format=form)
        for must in ("work", "not-work")
    }

    assert {code for code, _, _ in answers.values()} == {ExitCode.HEALTHY, ExitCode.NOT_HEALTHY}
    for code, out, err in answers.values():
        state = "kept" if code is ExitCode.HEALTHY else "broken"
        assert err == ""
        if form is TraceFormat.JSON:
            assert [item["state"] for item in json.loads(out)["expectations"]] == [state]
        elif form is TraceFormat.JSONL:
            assert json.loads(out)["state"] == state
        else:
            assert f"1 {state}" in out


def test_flows_of_its_own_are_refused_beside_expectations(folder: Path) -> None:
    """Whose would count?"""
    code, out, err = asked(snapshot=str(folder), expect=Path("e.toml"), source=SOURCE)

    assert (code, out) == (ExitCode.USAGE, "")
    assert "error[two-things-to-trace]" in err


def test_interface_that_is_not_there_is_one_line(folder: Path) -> None:
    """Before anything is judged."""
    path = file(folder, "work", to="eni-0123456789abcdef0")

    code, out, err = asked(snapshot=str(folder), expect=path)

    assert (code, out, len(err.splitlines())) == (ExitCode.CANNOT, "", 1)
    assert "eni-0123456789abcdef0" in err
