"""Run netprobe as ``python -m netprobe``."""

from __future__ import annotations

import os
import signal

from netprobe.cli import completion
from netprobe.cli.app import app


def main() -> None:
    """Run the command line, or complete one; the console script's entry."""
    try:
        completion.answer(app, os.environ)  # noqa: TID251 # the shell asks by a variable
    finally:  # the exit code stands: a late second Ctrl-C must not replace it
        signal.signal(signal.SIGINT, signal.SIG_IGN)


if __name__ == "__main__":
    main()
