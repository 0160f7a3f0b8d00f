"""``netprobe probe``: the main job by a probe that stands already."""

from __future__ import annotations

import typer

from netprobe.cli.check_options import QUESTION, RUN, SOURCES, CheckOptions
from netprobe.cli.declared import takes


@takes(CheckOptions, only=(*SOURCES, *QUESTION, "expect", "exit_zero", *RUN), standing=True)
def command(options: CheckOptions) -> None:
    """Send packets from the probe that netprobe deploy put in place; create and remove nothing.

    Name the same VPC or function, subnets and groups as for netprobe deploy.

    Example: netprobe probe --function push-prices --target api:a1b2c3d4e5
    """
    from netprobe.cli.check_run import run  # noqa: PLC0415 # see app: heavy imports wait

    raise typer.Exit(run(options))
