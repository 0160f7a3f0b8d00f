"""The command tree: help that is quick and reads well."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from netprobe.cli.app import app

COMMANDS = [
    [],
    ["check"],
    ["watch"],
    ["trace"],
    ["deploy"],
    ["probe"],
    ["destroy"],
    ["expect"],
    ["snapshot"],
    ["cleanup"],
    ["explain"],
    ["demo"],
    ["lab"],
    ["lab", "serve"],
]
HEAVY = {"boto3", "botocore", "moto", "dns", "rich.table", "rich.console", "netprobe.aws"}
"""What no help text needs."""


def imports_of(*arguments: str) -> set[str]:
    """Return every module that a run of the command line imports."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "netprobe", *arguments],
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": os.defpath},
    )
    return {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}


@pytest.mark.parametrize("command", COMMANDS, ids=lambda words: " ".join(words) or "netprobe")
def test_help_imports_nothing_heavy(command: list[str]) -> None:
    """Help is there before a finger leaves the key."""
    imported = imports_of(*command, "--help")

    assert "typer" in imported
    assert not {
        name
        for name in imported
        for heavy in HEAVY
        if name == heavy or name.startswith(f"{heavy}.")
    }


@pytest.mark.parametrize("command", COMMANDS, ids=lambda words: " ".join(words) or "netprobe")
def test_help_reads_well(command: list[str]) -> None:
    """80 columns, every option explained in a sentence, and an example for what can be run."""
    shown = CliRunner().invoke(
        app, [*command, "--help"], env={"COLUMNS": "80"}, prog_name="netprobe"
    )

    assert shown.exit_code == 0
    assert all(len(line) <= 80 for line in shown.output.splitlines()), shown.output
    assert shown.output.startswith("Usage: netprobe")
    options = shown.output.split("Options:\n")[1].split("\nCommands:")[0].split("\n\n")[0]
    assert options.replace("\n", " ").count("--help") == 1
    if command and command != ["lab"]:
        assert f"Example: netprobe {' '.join(command)}" in shown.output


def test_no_arguments_show_the_help() -> None:
    """Whoever types only the name learns what it does."""
    shown = CliRunner().invoke(app, [], prog_name="netprobe")

    assert shown.exit_code == 0
    assert "Can it reach that" in shown.output


def test_version() -> None:
    """One line, for bug reports."""
    shown = CliRunner().invoke(app, ["--version"])

    assert (shown.exit_code, shown.output) == (0, "netprobe 0.1.0\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ["chek"],
        ["check", "--nonsense"],
        ["check", "--timeout", "soon"],
        ["lab", "serve", "x"],
        ["lab", "serve", "--port", "99999"],
        ["trace", "--format", "xml"],
    ],
    ids=" ".join,
)
def test_unknown_words_are_usage_errors(arguments: list[str]) -> None:
    """Exit code 2, on stderr, no traceback."""
    shown = CliRunner().invoke(app, arguments)

    assert shown.exit_code == 2
    assert shown.stdout == ""
    assert "Traceback" not in shown.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        *(
            ["check", option, ""]
            for option in (
                "--snapshot", "--evidence", "--save-evidence", "--output", "--expect",
                "--what-if", "--targets",
            )
        ),
        ["trace", "--flows", ""],
        ["trace", "--snapshot", ""],
        ["diff", "", "now.json"],
        ["expect", "--report", ""],
        ["expect", "--write", ""],
        ["lab", "serve", "--world", ""],
    ],
    ids=" ".join,
)  # fmt: skip
def test_empty_path_is_refused(arguments: list[str]) -> None:
    """A variable of a script that was never set must not mean the current folder."""
    shown = CliRunner().invoke(app, arguments)

    assert shown.exit_code == 2
    assert "it is empty; give a path" in shown.stderr
