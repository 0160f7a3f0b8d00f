"""Every command takes the same six options, whatever it can do with them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from netprobe.cli.accepted import WITHOUT_EFFECT, accepts
from netprobe.cli.app import app
from tests.unit.cli.test_examples import COMMANDS

EVERYWHERE = {"--profile", "--region", "--endpoint-url", "--format", "--output", "--verbose", "-v"}
GIVEN = ("--profile", "nobody", "--region", "eu-west-1", "--endpoint-url", "http://127.0.0.1:9")
GOLDEN = Path(__file__).parents[2] / "golden"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_takes_the_same_options(name: str) -> None:
    """A script passes them on without asking which command it calls."""
    taken = {word for item in COMMANDS[name].params for word in item.opts}

    assert taken >= EVERYWHERE


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_names_the_forms_it_has(name: str) -> None:
    """A form that a command does not know is one line."""
    shown = CliRunner().invoke(app, [*name.split()[1:], "--format", "xml"], prog_name="netprobe")

    assert (shown.exit_code, shown.stdout) == (2, "")
    assert shown.stderr.startswith("error[bad-command-line]: ")
    assert "'xml' is none of " in shown.stderr
    assert shown.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "words",
    [
        ("explain", "NP103", "--format", "json"),
        ("iam-policy", "--format", "json"),
        ("demo", "--replay", "--format", "json"),
        ("expect", "--report", str(GOLDEN / "story-healthy.json"), "--format", "json"),
        ("diff", *[str(GOLDEN / "story-healthy.json")] * 2, "--format", "json"),
    ],
    ids=lambda words: words[0],
)
def test_what_asks_no_account_needs_none(words: tuple[str, ...], tmp_path: Path) -> None:
    """All six are accepted, and one document is written, to stdout or to a file."""
    place = tmp_path / "written.json"

    printed = CliRunner().invoke(app, [*words, *GIVEN, "-v"])
    written = CliRunner().invoke(app, [*words, *GIVEN, "-v", "--output", str(place)])

    assert (printed.exit_code, written.exit_code, written.stdout) == (0, 0, "")
    assert json.loads(printed.stdout).keys() == json.loads(place.read_text("utf-8")).keys()
    assert f"wrote {place}\n" in written.stderr


def test_options_without_effect_are_not_handed_over() -> None:
    """The command keeps its own, in front, with their defaults."""
    seen: list[int] = []
    made = typer.Typer(add_completion=False, rich_markup_mode=None)

    def command(times: int = 1) -> None:
        """Do it."""
        seen.append(times)

    made.command()(accepts(*WITHOUT_EFFECT)(command))
    done = CliRunner().invoke(made, ["--times", "2", *GIVEN, "--format", "json", "-v"])
    shown = CliRunner().invoke(made, ["--help"]).output

    assert (done.exit_code, seen) == (0, [2])
    assert "Do it." in shown
    assert shown.index("--times") < shown.index("--profile")
