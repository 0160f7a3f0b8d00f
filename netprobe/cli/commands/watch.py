"""``netprobe watch``: look again and again while somebody edits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import typer

from netprobe.cli.check_options import QUESTION, SOURCES, CheckOptions
from netprobe.cli.declared import takes
from netprobe.cli.options import WatchFormat


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchOptions(CheckOptions):
    """The command line of ``netprobe watch``."""

    interval_seconds: Annotated[
        float,
        typer.Option(
            "--interval",
            help="From the beginning of one round to that of the next.",
            min=1,
            max=3600,
            metavar="SECONDS",
        ),
    ] = 10.0
    rounds: Annotated[
        int | None, typer.Option("--rounds", help="End after N rounds.", min=1, metavar="N")
    ] = None
    until_healthy: Annotated[
        bool, typer.Option("--until-healthy", help="End once the verdict is healthy.")
    ] = False
    lines: Annotated[
        WatchFormat,
        typer.Option(
            "--format",
            help="text: a live table in a terminal, lines elsewhere. jsonl: an object "
            "for each change, as it comes. json: all of them in one document, when it ends.",
        ),
    ] = WatchFormat.TEXT


@takes(
    WatchOptions,
    only=(
        *SOURCES,
        *QUESTION,
        "no_probe",
        "role_arn",
        "wait_seconds",
        "output",
        "profile",
        "region",
        "endpoint_url",
        "verbose",
        "interval_seconds",
        "rounds",
        "until_healthy",
        "lines",
    ),
)
def command(options: WatchOptions) -> None:
    """Keep a probe in place, look every few seconds, and tell what opened or closed, and why.

    For the minutes in which somebody edits routes and wants to see it heal. Ctrl-C ends it and
    removes the probe: exit code 130. With --rounds and --until-healthy the code is that of the
    last verdict.

    Example: netprobe watch --function push-prices --target api:a1b2c3d4e5 --until-healthy
    """
    from netprobe.cli.watch_run import run  # noqa: PLC0415 # see app: heavy imports wait

    raise typer.Exit(run(options))
