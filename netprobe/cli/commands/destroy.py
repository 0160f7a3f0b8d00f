"""``netprobe destroy``: take a standing probe away."""

from __future__ import annotations

from typing import Annotated

import typer

from netprobe.cli.check_options import CheckOptions
from netprobe.cli.options import (
    EndpointUrl,
    Format,
    FunctionName,
    Output,
    Profile,
    Region,
    ReportFormat,
    Verbose,
    VpcId,
    Wait,
)


def command(
    vpc: VpcId = None,
    function: FunctionName = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be removed, remove nothing.")
    ] = False,
    wait: Wait = 0.0,
    report_format: ReportFormat = Format.TEXT,
    output: Output = None,
    profile: Profile = None,
    region: Region = None,
    endpoint_url: EndpointUrl = None,
    verbose: Verbose = False,
) -> None:
    """Take away the probe that netprobe deploy put in place; doing it twice changes nothing.

    Example: netprobe destroy --function push-prices
    """
    from netprobe.cli.standing_run import run_destroy  # noqa: PLC0415 # see app: heavy imports wait

    options = CheckOptions(
        vpc=vpc,
        function=function,
        standing=True,
        dry_run=dry_run,
        format=report_format,
        output=output,
        profile=profile,
        region=region,
        endpoint_url=endpoint_url,
        verbose=verbose,
    )
    raise typer.Exit(run_destroy(options, wait_seconds=wait))
