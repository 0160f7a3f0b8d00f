"""``netprobe demo``: the story, in the lab."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from netprobe.cli.accepted import accepts
from netprobe.cli.options import Output, PlainFormat


@accepts("profile", "region", "endpoint_url")
def command(
    replay: Annotated[
        bool, typer.Option("--replay", help="Replay recorded evidence even where a lab would run.")
    ] = False,
    record: Annotated[
        Path | None, typer.Option(help="Write what was answered to FILE.", hidden=True)
    ] = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Show the last report whole, with every hop.")
    ] = False,
    form: Annotated[
        PlainFormat,
        typer.Option("--format", help="text: the story as it goes. json: every report of it."),
    ] = PlainFormat.TEXT,
    output: Output = None,
) -> None:
    """Break a WebSocket push, explain it, and mend it one free fix at a time.

    Needs no AWS account and no configuration; takes less than a minute.

    Example: netprobe demo
    """
    from netprobe.cli.demo_run import DemoOptions, run  # noqa: PLC0415 # heavy imports wait

    options = DemoOptions(replay=replay, record=record, verbose=verbose, form=form, output=output)
    raise typer.Exit(run(options))
