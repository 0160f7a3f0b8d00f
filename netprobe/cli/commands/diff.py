"""``netprobe diff``: what is not the same in two reports, or in two snapshots."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from netprobe.cli.accepted import accepts
from netprobe.cli.check_options import SOURCES, CheckOptions
from netprobe.cli.declared import takes
from netprobe.cli.options import DiffFormat, a_path


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffOptions(CheckOptions):
    """The command line of ``netprobe diff``."""

    before: Annotated[
        Path,
        typer.Argument(
            help="Report of --format json, or a snapshot, or a folder of describe output.",
            metavar="A",
            show_default=False,
            parser=a_path,
        ),
    ]
    now: Annotated[
        Path,
        typer.Argument(
            help="The later one, of the same kind.",
            metavar="B",
            show_default=False,
            parser=a_path,
        ),
    ]
    form: Annotated[
        DiffFormat, typer.Option("--format", help="text or json; markdown for tickets.")
    ] = DiffFormat.TEXT


@accepts("profile", "region", "endpoint_url", "verbose")
@takes(
    DiffOptions,
    only=(
        "before",
        "now",
        *SOURCES,
        "targets",
        "targets_file",
        "ipv4_only",
        "ipv6_only",
        "form",
        "output",
        "exit_zero",
    ),
    no_probe=True,
)
def command(options: DiffOptions) -> None:
    """Tell which path fares otherwise in B than in A, and which fact of the configuration did it.

    Two reports tell of the paths they have. Two snapshots tell what changed in the configuration;
    with --vpc or --function their paths are judged too. Nothing is sent and no AWS call is made.

    Exit codes: 0 no path got worse, 10 one did, 3 one became unknown and none got worse.

    Example: netprobe diff before.json after.json
    """
    from netprobe.cli.diff_run import run  # noqa: PLC0415 # see app: heavy imports wait

    raise typer.Exit(run(options))
