"""Errors as lines and exit codes."""

from __future__ import annotations

import io

import pytest

from netprobe.cli.exits import ExitCode, run_guarded
from netprobe.errors import NetprobeError, UsageError

RAISED = [
    (NetprobeError("no-vpc", "no VPC 'x'", hint="try y"), 1, "error[no-vpc]: no VPC 'x'; try y"),
    (NetprobeError("a", "too fast", why="Rate\nhit"), 1, "error[a]: too fast (Rate hit)"),
    (UsageError("no-family", "nothing to ask"), 2, "error[no-family]: nothing to ask"),
    (NetprobeError("x", "a \x1b[31m red"), 1, "error[x]: a ?[31m red"),
    (KeyboardInterrupt(), 130, "interrupted"),
]  # fmt: skip


@pytest.mark.parametrize(("error", "code", "line"), RAISED)
def test_errors_become_one_line_and_a_code(error: BaseException, code: int, line: str) -> None:
    """Nothing that is raised reaches the user as a traceback."""

    def work() -> ExitCode:
        raise error

    err = io.StringIO()

    assert run_guarded(work, err) == code
    assert err.getvalue() == f"{line}\n"


def test_bug_is_one_line_that_names_the_place() -> None:
    """Even what nobody thought of is told in one line that can be reported."""
    err = io.StringIO()

    def work() -> ExitCode:
        raise ZeroDivisionError("division\nby zero")

    assert run_guarded(work, err) == ExitCode.CANNOT
    assert err.getvalue().startswith(
        "error[bug]: this is a bug in netprobe: ZeroDivisionError: division by zero"
        " (at test_exits.py:"
    )
    assert err.getvalue().count("\n") == 1


def test_closed_pipe_is_no_error() -> None:
    """``netprobe check ... | head`` ends quietly."""

    def work() -> ExitCode:
        raise BrokenPipeError

    err = io.StringIO()

    assert run_guarded(work, err) == ExitCode.HEALTHY
    assert err.getvalue() == ""
