"""``netprobe cleanup``: remove what earlier runs left behind."""

from __future__ import annotations

from typing import Annotated

import typer

from netprobe.cli.options import (
    EndpointUrl,
    Output,
    PlainForm,
    PlainFormat,
    Profile,
    Region,
    Verbose,
    Wait,
)


def command(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be removed, remove nothing.")
    ] = False,
    wait: Wait = 0.0,
    report_format: PlainForm = PlainFormat.TEXT,
    output: Output = None,
    profile: Profile = None,
    region: Region = None,
    endpoint_url: EndpointUrl = None,
    verbose: Verbose = False,
) -> None:
    """Find and remove every probe in the region, by its tag, whichever run it is of.

    That of a check that is running now, and one that netprobe deploy put in place, go too:
    --dry-run shows what it would be.

    Example: netprobe cleanup --region eu-west-1
    """
    from netprobe.cli.cleanup_run import CleanupOptions, run  # noqa: PLC0415 # heavy imports wait

    options = CleanupOptions(
        dry_run=dry_run,
        wait_seconds=wait,
        format=report_format,
        output=output,
        profile=profile,
        region=region,
        endpoint_url=endpoint_url,
        verbose=verbose,
    )
    raise typer.Exit(run(options))
