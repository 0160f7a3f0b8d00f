"""``netprobe snapshot``: keep what a check would read."""

from __future__ import annotations

from typing import Annotated

import typer

from netprobe.cli import completion
from netprobe.cli.accepted import accepts
from netprobe.cli.options import EndpointUrl, Output, Profile, Redact, Region, Verbose


@accepts("form")
def command(
    vpc: Annotated[
        str | None,
        typer.Option(
            help="Read this VPC and the VPCs joined to it. Default: the whole region.",
            metavar="VPC-ID",
            autocompletion=completion.vpcs,
        ),
    ] = None,
    redact: Redact = False,
    output: Output = None,
    profile: Profile = None,
    region: Region = None,
    endpoint_url: EndpointUrl = None,
    verbose: Verbose = False,
) -> None:
    """Write AWS's own answers about a VPC, or about a region, to one JSON file.

    netprobe check and netprobe trace read it back with --snapshot, without credentials. What a
    call could not tell is kept as a gap. Environment variables of functions are left out.

    Example: netprobe snapshot --vpc vpc-0123456789abcdef0 --output vpc.json
    """
    from netprobe.cli.snapshot_run import SnapshotOptions, run  # noqa: PLC0415 # heavy imports wait

    options = SnapshotOptions(
        vpc=vpc,
        redact=redact,
        output=output,
        profile=profile,
        region=region,
        endpoint_url=endpoint_url,
        verbose=verbose,
    )
    raise typer.Exit(run(options))
