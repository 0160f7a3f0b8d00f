"""``netprobe check``: the main job."""

from __future__ import annotations

import typer

from netprobe.cli.check_options import CheckOptions
from netprobe.cli.declared import takes


@takes(CheckOptions)
def command(options: CheckOptions) -> None:
    """Deploy a probe into the VPC, send packets, walk the configuration, explain, clean up.

    Example: netprobe check --function push-prices --target api:a1b2c3d4e5

    Example: netprobe check --evidence case.zip --client node20
    """
    from netprobe.cli.check_run import run  # noqa: PLC0415 # see app: heavy imports wait

    raise typer.Exit(run(options))
