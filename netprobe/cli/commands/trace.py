"""``netprobe trace``: what the configuration says about one flow, or many."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from netprobe.cli import completion
from netprobe.cli.options import (
    EndpointUrl,
    Output,
    Profile,
    Region,
    TraceFormat,
    Verbose,
    WhatIf,
    a_path,
    not_empty,
)


def command(
    snapshot: Annotated[
        str | None,
        typer.Option(
            help="Read this snapshot, or folder of aws describe-* outputs; no credentials.",
            metavar="PATH",
            parser=not_empty,
        ),
    ] = None,
    vpc: Annotated[
        str | None,
        typer.Option(
            help="Read this VPC from the account; with --snapshot, the VPC whose addresses "
            "--from means.",
            metavar="VPC-ID",
            autocompletion=completion.vpcs,
        ),
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(
            "--from",
            help="Where the flow starts: eni-..., i-..., subnet-..., function:NAME, or an "
            "address of a known interface.",
            metavar="SOURCE",
            autocompletion=completion.flow_sources,
        ),
    ] = None,
    destination: Annotated[
        str | None,
        typer.Option(
            "--to",
            help="Where it goes: an address, eni-..., i-..., vpce-..., a host name, api:ID, "
            "service:NAME or service:NAME+dualstack.",
            metavar="DESTINATION",
            autocompletion=completion.flow_destinations,
        ),
    ] = None,
    protocol: Annotated[
        str, typer.Option(help="tcp, udp, icmp, or a protocol number.", metavar="PROTOCOL")
    ] = "tcp",
    port: Annotated[
        str | None,
        typer.Option(help="Destination port; 443 for tcp if not given.", metavar="PORT"),
    ] = None,
    source_port: Annotated[
        str | None,
        typer.Option(
            help="Source port; if not given, any ephemeral one (1024-65535).", metavar="PORT"
        ),
    ] = None,
    family: Annotated[
        str | None,
        typer.Option(
            help="ipv4 or ipv6; if not given, that of the address, or for a name the one a "
            "client tries first.",
            metavar="FAMILY",
        ),
    ] = None,
    flows: Annotated[
        str | None,
        typer.Option(
            help="Ask all flows of FILE, JSON Lines in and out; - is stdin.",
            metavar="FILE",
            parser=not_empty,
        ),
    ] = None,
    security_group: Annotated[
        list[str] | None,
        typer.Option(
            help="Groups of a source that is a subnet or function, instead of the VPC's default "
            "group or the function's own; repeatable.",
            metavar="ID",
            autocompletion=completion.security_groups,
        ),
    ] = None,
    expect: Annotated[
        Path | None,
        typer.Option(
            help="Hold the configuration against the expectations in FILE, each with its from: "
            "exit 0 when all are kept, 10 when one is broken, 3 when one is unknown.",
            metavar="FILE",
            parser=a_path,
        ),
    ] = None,
    what_if: WhatIf = None,
    exit_zero: Annotated[
        bool, typer.Option("--exit-zero", help="Exit 0 whatever the answers.")
    ] = False,
    report_format: Annotated[
        TraceFormat | None,
        typer.Option("--format", help="Form of the answer: text for one flow, jsonl for many."),
    ] = None,
    output: Output = None,
    profile: Profile = None,
    region: Region = None,
    endpoint_url: EndpointUrl = None,
    verbose: Verbose = False,
) -> None:
    """Walk flows through the configuration, request and reply, and name all that stops them.

    Nothing is sent and nothing is changed. A line of a flows file has the fields id, source,
    destination, protocol and port, and may have source_port and family.

    Exit codes: 0 every flow is delivered, 10 at least one is not, 3 at least one is unknown or
    cannot be asked and no other fails, 1 netprobe could not do its job, 2 usage, 130 interrupted.

    Example: netprobe trace --snapshot dump/ --from i-0abc --to 10.0.2.9 --port 5432
    """
    from netprobe.cli.trace_run import TraceOptions, run  # noqa: PLC0415 # see app: heavy imports wait

    options = TraceOptions(
        snapshot=snapshot,
        vpc=vpc,
        source=source,
        destination=destination,
        protocol=protocol,
        port=port,
        source_port=source_port,
        family=family,
        flows=flows,
        expect=expect,
        security_groups=tuple(security_group or ()),
        what_if=what_if,
        exit_zero=exit_zero,
        format=report_format,
        output=output,
        profile=profile,
        region=region,
        endpoint_url=endpoint_url,
        verbose=verbose,
    )
    raise typer.Exit(run(options))
