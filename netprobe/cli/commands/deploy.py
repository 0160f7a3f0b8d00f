"""``netprobe deploy``: a probe that stays, for repeated use."""

from __future__ import annotations

import typer

from netprobe.cli.check_options import RUN, SOURCES, CheckOptions
from netprobe.cli.declared import takes


@takes(
    CheckOptions, only=(*SOURCES, "timeout_seconds", "dry_run", "role_arn", *RUN), standing=True
)
def command(options: CheckOptions) -> None:
    """Put a probe in place that stays until netprobe destroy; doing it twice changes nothing.

    Example: netprobe deploy --function push-prices
    """
    from netprobe.cli.standing_run import run_deploy  # noqa: PLC0415 # see app: heavy imports wait

    raise typer.Exit(run_deploy(options))
