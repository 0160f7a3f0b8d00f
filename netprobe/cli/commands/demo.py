"""``netprobe demo``: the story, in the lab."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def command(
    replay: Annotated[
        bool, typer.Option("--replay", help="Replay recorded evidence even where a lab would run.")
    ] = False,
    record: Annotated[
        Path | None, typer.Option(help="Write what was answered to FILE.", hidden=True)
    ] = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Show the whole report after each step.")
    ] = False,
) -> None:
    """Break a WebSocket push, explain it, and mend it one free fix at a time.

    Needs no AWS account and no configuration; takes less than a minute.

    Example: netprobe demo
    """
    from netprobe.cli.demo_run import run  # noqa: PLC0415 # heavy imports wait

    raise typer.Exit(run(replay=replay, record=record, verbose=verbose))
