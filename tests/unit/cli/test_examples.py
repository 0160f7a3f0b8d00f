"""Every command line that help or a document shows is one that the command takes."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from typer.core import TyperGroup

from netprobe.cli.app import app

ROOT = Path(__file__).parent.parent.parent.parent
DOCUMENTS = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
_ENDS = re.compile(r"\s(?:>>?|\||&|&&|;|#)(?:\s|$)|, then ")
"""Where a shell's part begins, or a sentence goes on."""


def commands(group: TyperGroup, name: str = "netprobe") -> Iterator[tuple[str, Any]]:
    for key, command in group.commands.items():
        if isinstance(command, TyperGroup):
            yield from commands(command, f"{name} {key}")
        else:
            yield f"{name} {key}", command


ROOT_COMMAND = typer.main.get_command(app)
assert isinstance(ROOT_COMMAND, TyperGroup)
COMMANDS = dict(commands(ROOT_COMMAND))


def examples() -> Iterator[str]:
    """Yield the command lines of help texts, and of the blocks of documents."""
    for command in COMMANDS.values():
        yield from re.findall(r"Example: (netprobe [^\n]*)", command.help or "")
    for document in DOCUMENTS:
        for block in re.findall(r"```(?:\w*)\n(.*?)```", document.read_text("utf-8"), re.DOTALL):
            if "Usage: netprobe" in block:
                continue
            joined = block.replace("\\\n", " ")
            yield from re.findall(r"^(?:\$ |\s+- run: |\s+)?(netprobe .*)$", joined, re.MULTILINE)


def parse(line: str) -> None:
    """Parse a command line as the shell would hand it over, and run nothing.

    Raises typer's usage error; ``--help`` and ``--version`` end in an Exit of their own.
    """
    words = shlex.split(_ENDS.split(line)[0])[1:]
    command: Any = ROOT_COMMAND
    context = command.make_context("netprobe", list(words))
    while isinstance(command, TyperGroup):
        name, command, words = command.resolve_command(context, words)
        context = command.make_context(name, list(words), parent=context)


@pytest.mark.parametrize("line", dict.fromkeys(examples()))
def test_example_is_a_command_line(line: str) -> None:
    """No option is named that is not there, and no argument is missing."""
    with suppress(typer.Exit):
        parse(line)


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_every_command_has_an_example(name: str) -> None:
    assert f"Example: {name}" in (COMMANDS[name].help or "")


def test_what_is_no_command_line_is_found() -> None:
    """The test above can fail."""
    with pytest.raises(Exception, match="--functoin"):
        parse("netprobe check --functoin push-prices")


def test_workflow_of_the_action_page_is_one() -> None:
    """YAML that GitHub reads: permissions for OIDC, and steps that exist as commands here."""
    text = (ROOT / "docs/github-action.md").read_text(encoding="utf-8")
    (written,) = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    workflow = yaml.safe_load(written)
    (job,) = workflow["jobs"].values()

    assert workflow["permissions"]["id-token"] == "write"
    assert any("netprobe check" in step.get("run", "") for step in job["steps"])
