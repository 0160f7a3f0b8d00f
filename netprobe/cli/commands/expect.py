"""``netprobe expect``: write down what works today."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from netprobe.cli.check_options import QUESTION, SOURCES, CheckOptions
from netprobe.cli.declared import takes
from netprobe.cli.options import PlainFormat, a_path


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectOptions(CheckOptions):
    """The command line of ``netprobe expect``."""

    report: Annotated[
        Path | None,
        typer.Option(
            "--report",
            help="Take the answers from this JSON report; no AWS call.",
            metavar="FILE",
            parser=a_path,
        ),
    ] = None
    write: Annotated[
        Path | None,
        typer.Option(
            "--write",
            "--output",
            "-o",
            help="Write the expectations to FILE, not stdout.",
            metavar="FILE",
            parser=a_path,
        ),
    ] = None
    form: Annotated[
        PlainFormat,
        typer.Option("--format", help="text: TOML to edit. json: the same for programs."),
    ] = PlainFormat.TEXT
    force: Annotated[bool, typer.Option("--force", help="Replace FILE if it is there.")] = False


@takes(
    ExpectOptions,
    only=(
        *SOURCES,
        *QUESTION,
        "no_probe",
        "snapshot",
        "role_arn",
        "wait_seconds",
        "report",
        "write",
        "form",
        "force",
        "profile",
        "region",
        "endpoint_url",
        "verbose",
    ),
)
def command(options: ExpectOptions) -> None:
    """Propose expectations from what works now, by a check or from the report of one.

    Edit the file, give each flow its reason, and hold the network against it with
    netprobe check --expect FILE. What does not work now is left out, and named on stderr.

    Example: netprobe expect --function push-prices --write expectations.toml
    """
    from netprobe.cli.expect_run import run  # noqa: PLC0415 # see app: heavy imports wait

    raise typer.Exit(run(options))
