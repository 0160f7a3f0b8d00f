"""The command tree.

Only the standard library and typer are imported here and in ``commands``; every command's body
imports what it needs, so that ``--help`` costs no more than typer does.
"""

from __future__ import annotations

from typing import Annotated

import typer

from netprobe.cli.command_line import CommandLine
from netprobe.cli.commands import (
    check,
    cleanup,
    demo,
    deploy,
    destroy,
    diff,
    expect,
    explain,
    iam_policy,
    lab,
    probe,
    snapshot,
    trace,
    watch,
)

app = typer.Typer(
    name="netprobe",
    cls=CommandLine,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("check", short_help="Probe a VPC or function and explain what fails.")(check.command)
app.command("watch", short_help="Look again and again while somebody edits.")(watch.command)
app.command("trace", short_help="Walk flows through the configuration; sends nothing.")(
    trace.command
)
app.command("deploy", short_help="Put a probe in place for repeated use.")(deploy.command)
app.command("probe", short_help="Check with the probe that stands already.")(probe.command)
app.command("destroy", short_help="Take a standing probe away.")(destroy.command)
app.command("expect", short_help="Write down what works, for check --expect.")(expect.command)
app.command("snapshot", short_help="Keep what was read, to judge it without credentials.")(
    snapshot.command
)
app.command("diff", short_help="Tell what changed between two reports or snapshots.")(diff.command)
app.command("cleanup", short_help="Remove what earlier runs left behind.")(cleanup.command)
app.command("explain", short_help="Show the page of a finding or an error.")(explain.command)
app.command("iam-policy", short_help="Print the exact IAM policies.")(iam_policy.command)
app.command("demo", short_help="Watch the story in the lab, no AWS account.")(demo.command)
app.add_typer(lab.app, name="lab")


@app.callback(
    invoke_without_command=True,
    epilog="Exit codes: 0 healthy, 3 unknown, 10 any other verdict, 1 netprobe could not do its "
    "job, 2 usage, 130 interrupted.",
)
def root(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and exit.")
    ] = False,
) -> None:
    """Can it reach that, over IPv4 and over IPv6? If not: exactly why, and the cheapest way out.

    netprobe puts a tiny probe function into the VPC, sends real packets, walks the configuration,
    and joins both. It removes what it creates and changes nothing else.
    """
    if version:
        from importlib.metadata import version as installed  # noqa: PLC0415 # 40 ms, only needed here

        typer.echo(f"netprobe {installed('netprobe')}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
