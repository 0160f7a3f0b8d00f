"""Which exit code an answer is: a verdict, kept and broken expectations, a comparison."""

from __future__ import annotations

from collections.abc import Iterable

from netprobe.cli.exits import ExitCode
from netprobe.model.comparison import Course
from netprobe.model.expectation import JudgedExpectation, Kept, worst
from netprobe.model.report import Verdict


def exit_code_of(verdict: Verdict) -> ExitCode:
    """Return the exit code of a verdict."""
    match verdict:
        case Verdict.HEALTHY:
            return ExitCode.HEALTHY
        case Verdict.UNKNOWN:
            return ExitCode.UNKNOWN
        case _:
            return ExitCode.NOT_HEALTHY


def exit_code_of_expectations(judged: Iterable[JudgedExpectation]) -> ExitCode:
    """Return the exit code of expectations: theirs stands for the verdict's."""
    match worst(judged):
        case Kept.KEPT:
            return ExitCode.HEALTHY
        case Kept.UNKNOWN:
            return ExitCode.UNKNOWN
        case Kept.BROKEN:
            return ExitCode.NOT_HEALTHY


def exit_code_of_comparison(course: Course) -> ExitCode:
    """Return the exit code of a comparison, by the worst that happened to a path."""
    match course:
        case Course.WORSE:
            return ExitCode.NOT_HEALTHY
        case Course.UNCERTAIN:
            return ExitCode.UNKNOWN
        case Course.BETTER | Course.SAME:
            return ExitCode.HEALTHY
