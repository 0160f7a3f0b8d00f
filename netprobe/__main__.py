"""Run netprobe as ``python -m netprobe``."""

from __future__ import annotations

import signal

from netprobe.cli.app import app


def main() -> None:
    """Run the command line; the console script's entry."""
    try:
        app()
    finally:  # the exit code stands: a late second Ctrl-C must not replace it
        signal.signal(signal.SIGINT, signal.SIG_IGN)


if __name__ == "__main__":
    main()
