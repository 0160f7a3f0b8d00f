"""``netprobe check``: the main job."""

from __future__ import annotations

from typing import Annotated

import typer

from netprobe.cli.options import (
    AllSubnets,
    Attempts,
    ClientName,
    DryRun,
    EndpointUrl,
    ExitZero,
    Format,
    FunctionName,
    Ipv4Only,
    Ipv6Only,
    Output,
    PathMtu,
    Profile,
    Region,
    ReportFormat,
    RoleArn,
    SecurityGroups,
    SnapshotPath,
    Subnets,
    Targets,
    TargetsFile,
    Timeout,
    Verbose,
    VpcId,
    Wait,
    WhatIf,
)


def command(
    vpc: VpcId = None,
    function: FunctionName = None,
    target: Targets = None,
    targets: TargetsFile = None,
    subnet: Subnets = None,
    all_subnets: AllSubnets = False,
    security_group: SecurityGroups = None,
    ipv4_only: Ipv4Only = False,
    ipv6_only: Ipv6Only = False,
    client: ClientName = None,
    timeout: Timeout = 5.0,
    attempts: Attempts = 1,
    path_mtu: PathMtu = False,
    no_probe: Annotated[
        bool, typer.Option("--no-probe", help="Configuration only: create nothing in AWS.")
    ] = False,
    snapshot: SnapshotPath = None,
    what_if: WhatIf = None,
    dry_run: DryRun = False,
    keep: Annotated[
        bool, typer.Option("--keep", help="Leave the probe in place; netprobe cleanup removes it.")
    ] = False,
    role_arn: RoleArn = None,
    wait: Wait = 0.0,
    exit_zero: ExitZero = False,
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
        probe=not no_probe and snapshot is None and what_if is None,
        snapshot=snapshot,
        what_if=what_if,
        dry_run=dry_run,
        keep=keep,
        role_arn=role_arn,
        wait_seconds=wait,
        exit_zero=exit_zero,
        format=report_format,
        output=output,
        profile=profile,
        region=region,
        endpoint_url=endpoint_url,
        verbose=verbose,
    )
    raise typer.Exit(run(options))
