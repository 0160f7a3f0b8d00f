"""The command line as a whole: what it gets wrong is one line, as every other error is.

typer would print three lines, and name neither the nearest value nor the nearest option.
"""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Sequence
from typing import Any

import typer
from typer.core import TyperGroup

from netprobe.cli.completion import VARIABLE
from netprobe.cli.exits import ExitCode, tell
from netprobe.errors import UsageError

_MISUSE: type[BaseException] = typer.BadParameter.__mro__[1]
"""What typer raises for each wrong word of a command line; it has no public name."""
_SHELLS = ("bash", "zsh", "fish", "powershell", "pwsh")
_NOT_A_CHOICE = re.compile(r"'(?P<given>[^']*)' is not one of (?P<known>'.*')")
_NO_VALUE = re.compile(r"Input should be (.*?)(?:, unable to .*)?$")
"""What is said of a value that is of another type, or out of its bounds."""


class CommandLine(TyperGroup):
    """The tree of commands."""

    def main(self, args: Sequence[str] | None = None, *more: Any, **named: Any) -> Any:  # noqa: ANN401 # as typer has it
        """Run the command that the words name, and exit."""
        words = list(sys.argv[1:] if args is None else args)
        err = sys.stderr or io.StringIO()
        try:
            given = named | _asked_of_a_shell(words) | {"standalone_mode": False}
            found = super().main(given.pop("args", words), *more, **given)
        except UsageError as error:
            sys.exit(tell(error, err))
        except _MISUSE as error:
            sys.exit(tell(_in_one_line(error), err))
        sys.exit(found or ExitCode.HEALTHY)


def _asked_of_a_shell(words: list[str]) -> dict[str, Any]:
    """Return how typer is called for the completion of a shell that is named; it takes no name.

    What it shows is that of the shell around it, unless a variable asks. Raises UsageError.
    """
    if len(words) != 2 or words[0] not in {"--show-completion", "--install-completion"}:  # noqa: PLR2004 # and its shell
        return {}
    option, shell = words
    if shell not in _SHELLS:
        what = f"no completion for the shell {shell!r}"
        raise UsageError("bad-command-line", what, hint=f"known: {', '.join(_SHELLS)}")
    if option == "--install-completion":
        what = f"{option} takes no shell, it installs for the one it runs in"
        hint = f"run it in {shell}, or keep what netprobe --show-completion {shell} prints"
        raise UsageError("bad-command-line", what, hint=hint)
    os.environ[VARIABLE] = f"source_{shell}"  # noqa: TID251 # cli may
    return {"args": [], "prog_name": "netprobe", "complete_var": VARIABLE}


def _in_one_line(error: Any) -> UsageError:  # noqa: ANN401 # see _MISUSE
    """Return the error with the nearest value or option, and else with where to read more."""
    text = str(error.format_message()).replace("Value error, ", "").strip().rstrip(".")
    text = _NO_VALUE.sub(r"it has to be \1", text)
    hint = ""
    if (choice := _NOT_A_CHOICE.search(text)) is not None:
        known = [item.strip("'") for item in choice["known"].split(", ")]
        text = f"{text[: choice.start()]}{choice['given']!r} is none of {', '.join(known)}"
        hint = _nearest(choice["given"], known)
    elif possibilities := getattr(error, "possibilities", None):
        text = str(error.message)
        hint = _nearest(str(getattr(error, "option_name", "")), possibilities)
    text = text.replace(". Did you mean ", "; did you mean ")
    context = getattr(error, "ctx", None)
    if not hint and "did you mean" not in text:
        path = context.command_path if context is not None else "netprobe"
        hint = f"{path} --help tells more"
    return UsageError("bad-command-line", f"{text[:1].lower()}{text[1:]}", hint=hint)


def _nearest(given: str, known: Sequence[str]) -> str:
    import difflib  # noqa: PLC0415 # 10 ms that help need not pay

    near = difflib.get_close_matches(given, known, n=1, cutoff=0.5)
    return f"did you mean {near[0]}?" if near else ""
