"""A dataclass as the command line of several commands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import pytest
import typer
from typer.testing import CliRunner

from netprobe.cli.declared import takes


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Of every kind there is."""

    names: Annotated[tuple[str, ...], typer.Option("--name")] = ()
    seconds: Annotated[float, typer.Option("--seconds", min=0)] = 5.0
    loud: Annotated[bool, typer.Option("--loud")] = False
    standing: bool = False


def asked(*argv: str, only: tuple[str, ...] = (), **fixed: object) -> tuple[Options | None, str]:
    """Return what a command with these options is handed, and what typer says."""
    seen: list[Options] = []
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    app.command()(takes(Options, only, **fixed)(seen.append))
    said = CliRunner().invoke(app, argv).output
    return (seen[0] if seen else None), said


@pytest.mark.parametrize(
    ("argv", "expected"),
    [
        ((), Options()),
        (("--name", "a", "--name", "b"), Options(names=("a", "b"))),
        (("--loud", "--seconds", "2"), Options(loud=True, seconds=2.0)),
    ],
)
def test_command_is_handed_what_was_given(argv: tuple[str, ...], expected: Options) -> None:
    """Defaults are those of the dataclass, and several values arrive as a tuple."""
    assert asked(*argv)[0] == expected


def test_options_keep_their_limits() -> None:
    """What typer checks of an Annotated field is checked here too."""
    options, said = asked("--seconds", "-1")

    assert options is None
    assert "--seconds" in said


def test_command_takes_no_other_options() -> None:
    """Neither those left out nor fields that are no option at all."""
    assert asked("--loud", only=("names",))[0] is None
    assert asked("--standing")[0] is None
    assert asked("--name", "a", only=("names",), standing=True)[0] == Options(
        names=("a",), standing=True
    )


def test_unknown_option_is_a_mistake_of_the_programmer() -> None:
    """A misspelt field must not quietly give a command one option less."""
    with pytest.raises(TypeError, match="Options has no option nmaes"):
        takes(Options, only=("nmaes",))
