"""``netprobe check``: the main job."""

from __future__ import annotations

from typing import Annotated

import typer

from netprobe.cli.options import (
    EndpointUrl,
    Format,
    Output,
    Profile,
    Region,
    ReportFormat,
    Verbose,
)


def command(
    vpc: Annotated[str | None, typer.Option(help="Check this VPC.", metavar="VPC-ID")] = None,
    function: Annotated[
        str | None,
        typer.Option(help="Check this function's subnets, groups and flags.", metavar="NAME"),
    ] = None,
    target: Annotated[
        list[str] | None,
        typer.Option(
            help="What to reach; repeatable. https://HOST/PATH, wss://HOST/PATH, tcp://HOST:PORT, "
            "udp://HOST:PORT, ntp://HOST, dns://NAME, HOST[:PORT], api:ID[/STAGE], service:NAME. "
            "Default: the region's APIs, the services with endpoints here, and a survey of common "
            "services.",
            metavar="TARGET",
        ),
    ] = None,
    targets: Annotated[
        str | None, typer.Option(help="Read targets from FILE, one a line.", metavar="FILE")
    ] = None,
    subnet: Annotated[
        list[str] | None, typer.Option(help="Probe only this subnet; repeatable.", metavar="ID")
    ] = None,
    all_subnets: Annotated[
        bool, typer.Option("--all-subnets", help="Probe each subnet, not one per class.")
    ] = False,
    security_group: Annotated[
        list[str] | None,
        typer.Option(help="Probe with this group instead; repeatable.", metavar="ID"),
    ] = None,
    ipv4_only: Annotated[bool, typer.Option("--ipv4-only", help="Ask about IPv4 only.")] = False,
    ipv6_only: Annotated[bool, typer.Option("--ipv6-only", help="Ask about IPv6 only.")] = False,
    client: Annotated[
        str | None,
        typer.Option(
            help="Judge dead families by this client's habits: boto3, requests, aiohttp, node18, "
            "node20, java, go, curl, ipv4-only, ipv6-only. Default: from the function's runtime.",
            metavar="NAME",
        ),
    ] = None,
    timeout: Annotated[
        float,
        typer.Option(
            help="Deadline of each stage of a probe.", min=0.1, max=60, metavar="SECONDS"
        ),
    ] = 5.0,
    attempts: Annotated[
        int,
        typer.Option(
            help="Try everything N times, and tell always, sometimes and never apart.",
            min=1,
            max=100,
            metavar="N",
        ),
    ] = 1,
    path_mtu: Annotated[
        bool,
        typer.Option(
            "--path-mtu", help="Also send requests longer than one packet, which may stall alone."
        ),
    ] = False,
    no_probe: Annotated[
        bool, typer.Option("--no-probe", help="Configuration only: create nothing in AWS.")
    ] = False,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Print resources, permissions and cost, create nothing."),
    ] = False,
    keep: Annotated[
        bool, typer.Option("--keep", help="Leave the probe in place; netprobe cleanup removes it.")
    ] = False,
    role_arn: Annotated[
        str | None, typer.Option(help="Execution role to use instead of a new one.", metavar="ARN")
    ] = None,
    exit_zero: Annotated[
        bool, typer.Option("--exit-zero", help="Exit 0 whatever the verdict.")
    ] = False,
    report_format: ReportFormat = Format.TEXT,
    output: Output = None,
    profile: Profile = None,
    region: Region = None,
    endpoint_url: EndpointUrl = None,
    verbose: Verbose = False,
) -> None:
    """Deploy a probe into the VPC, send packets, walk the configuration, explain, clean up.

    Example: netprobe check --function push-prices --target api:a1b2c3d4e5
    """
    from netprobe.cli.check_run import CheckOptions, run  # noqa: PLC0415 # see app: heavy imports wait

    options = CheckOptions(
        vpc=vpc,
        function=function,
        targets=tuple(target or ()),
        targets_file=targets,
        subnets=tuple(subnet or ()),
        all_subnets=all_subnets,
        security_groups=tuple(security_group or ()),
        ipv4_only=ipv4_only,
        ipv6_only=ipv6_only,
        client=client,
        timeout_seconds=timeout,
        attempts=attempts,
        path_mtu=path_mtu,
        probe=not no_probe,
        dry_run=dry_run,
        keep=keep,
        role_arn=role_arn,
        exit_zero=exit_zero,
        format=report_format,
        output=output,
        profile=profile,
        region=region,
        endpoint_url=endpoint_url,
        verbose=verbose,
    )
    raise typer.Exit(run(options))
