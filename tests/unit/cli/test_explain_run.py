"""``netprobe explain``."""

from __future__ import annotations

import io

import pytest

from netprobe.cli.console import Streams
from netprobe.cli.explain_run import run
from netprobe.diagnosis.faults import FAULTS
from netprobe.render.error_pages import PAGES


def explain(code: str | None, *, list_all: bool = False) -> tuple[int, str, str]:
    streams = Streams.test()
    exit_code = run(code, list_all=list_all, streams=streams)
    assert isinstance(streams.out, io.StringIO)
    assert isinstance(streams.err, io.StringIO)
    return exit_code, streams.out.getvalue(), streams.err.getvalue()


@pytest.mark.parametrize("given", ["NP103", "np103", "route-v4-no-default-route"])
def test_finding_by_code_or_name(given: str) -> None:
    """Either word of a report works."""
    code, out, err = explain(given)

    assert (code, err) == (0, "")
    assert out.startswith("# NP103 route-v4-no-default-route\n")


def test_error_by_its_name() -> None:
    """The word in brackets of an error line works too."""
    code, out, _ = explain("no-such-vpc")

    assert code == 0
    assert out.startswith("# no-such-vpc\n")


def test_list_has_every_finding_and_error() -> None:
    """One line each."""
    code, out, _ = explain(None, list_all=True)

    assert code == 0
    assert len(out.splitlines()) == len(FAULTS) + len(PAGES)


@pytest.mark.parametrize(
    ("given", "exit_code", "words"),
    [
        ("NP10", 1, "did you mean NP"),
        ("route-v4-no-default-rout", 1, "did you mean route-v4-no-default-route?"),
        ("qqq", 1, "netprobe explain --list"),
        (None, 2, "netprobe explain --list"),
    ],
)
def test_unknown_words_get_the_nearest(given: str | None, exit_code: int, words: str) -> None:
    """Or where to look."""
    code, out, err = explain(given)

    assert (code, out) == (exit_code, "")
    assert words in err
