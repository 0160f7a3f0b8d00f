"""Run netprobe as ``python -m netprobe``."""

from __future__ import annotations

import io
import os
import signal
import sys

from netprobe.cli import completion
from netprobe.cli.app import app
from netprobe.cli.exits import ExitCode, run_guarded
from netprobe.cli.process import writing_to_stdout


def main() -> None:
    """Run the command line, or complete one; the console script's entry."""
    try:
        sys.exit(run_guarded(_answer, sys.stderr or io.StringIO()))
    finally:  # the exit code stands: a late second Ctrl-C must not replace it
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def _answer() -> ExitCode:
    """Answer the command line, which exits by itself but where it fails, to show its help say."""
    with writing_to_stdout():
        completion.answer(app, os.environ)  # noqa: TID251 # the shell asks by a variable
    return ExitCode.HEALTHY


if __name__ == "__main__":
    main()
