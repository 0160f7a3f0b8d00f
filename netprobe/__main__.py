"""Run netprobe as ``python -m netprobe``."""

from __future__ import annotations

from netprobe.cli.app import app


def main() -> None:
    """Run the command line; the console script's entry."""
    app()


if __name__ == "__main__":
    main()
