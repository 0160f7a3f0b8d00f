"""``netprobe iam-policy``: what to allow, exactly."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from netprobe.cli.accepted import accepts
from netprobe.cli.options import Output, PlainFormat


class Policy(StrEnum):
    """Which policy to print."""

    READ_ONLY = "read-only"
    PROBE = "probe"
    PROBE_ROLE = "probe-role"


@accepts("profile", "region", "endpoint_url", "verbose")
def command(
    policy: Annotated[
        Policy,
        typer.Argument(
            help="read-only: to judge by configuration. probe: to send packets too, beside "
            "read-only. probe-role: of a role of your own, for --role-arn.",
            metavar="POLICY",
        ),
    ] = Policy.READ_ONLY,
    form: Annotated[
        PlainFormat,
        typer.Option("--format", help="json: what AWS takes. text: a line for each permission."),
    ] = PlainFormat.JSON,
    output: Output = None,
) -> None:
    """Print the exact IAM policy as JSON: read-only (the default), probe, or probe-role.

    Example: netprobe iam-policy probe > probe.json
    """
    from netprobe.cli.iam_policy_run import run  # noqa: PLC0415 # see app: heavy imports wait

    raise typer.Exit(run(policy.value, form, output))
