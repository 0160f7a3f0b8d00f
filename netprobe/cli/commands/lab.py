"""``netprobe lab serve``: an AWS endpoint whose VPCs carry real packets."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from netprobe.cli.accepted import accepts
from netprobe.cli.options import Output, a_path

app = typer.Typer(help="An AWS endpoint here whose VPCs carry real packets.")


@app.callback(invoke_without_command=True)
def group(context: typer.Context) -> None:
    """Run an AWS endpoint on this machine whose VPCs carry real packets."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command("serve")
@accepts("form", "profile", "endpoint_url", "verbose")
def serve(
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="TCP port on 127.0.0.1; 0 picks a free one.")
    ] = 0,
    world: Annotated[
        Path | None,
        typer.Option(
            help="TOML file of hosts on the other side of the internet.",
            metavar="FILE",
            parser=a_path,
        ),
    ] = None,
    story: Annotated[
        bool,
        typer.Option(
            "--story",
            help="Begin with the VPC of netprobe demo, whose function cannot push to its API.",
        ),
    ] = False,
    region: Annotated[
        str,
        typer.Option(help="Region that the line names; clients may use any.", metavar="REGION"),
    ] = "us-east-1",
    output: Output = None,
) -> None:
    """Serve until stopped; prints one JSON line with the endpoint URL when ready.

    Example: netprobe lab serve --port 4566, then AWS_ENDPOINT_URL=http://127.0.0.1:4566
    """
    from netprobe.cli.lab_run import run  # noqa: PLC0415 # heavy imports wait

    raise typer.Exit(run(port=port, world=world, story=story, region=region, output=output))
