"""``netprobe deploy``: a probe that stays, for repeated use."""

from __future__ import annotations

import typer

from netprobe.cli.options import (
    AllSubnets,
    DryRun,
    EndpointUrl,
    Format,
    FunctionName,
    Output,
    Profile,
    Region,
    ReportFormat,
    RoleArn,
    SecurityGroups,
    Subnets,
    Timeout,
    Verbose,
    VpcId,
)


def command(
    vpc: VpcId = None,
    function: FunctionName = None,
    subnet: Subnets = None,
    all_subnets: AllSubnets = False,
    security_group: SecurityGroups = None,
    timeout: Timeout = 5.0,
    dry_run: DryRun = False,
    role_arn: RoleArn = None,
    report_format: ReportFormat = Format.TEXT,
    output: Output = None,
    profile: Profile = None,
    region: Region = None,
    endpoint_url: EndpointUrl = None,
    verbose: Verbose = False,
) -> None:
    """Put a probe in place that stays until netprobe destroy; doing it twice changes nothing.

    Example: netprobe deploy --function push-prices
    """
    from netprobe.cli.check_run import CheckOptions  # noqa: PLC0415 # see app: heavy imports wait
    from netprobe.cli.standing_run import run_deploy  # noqa: PLC0415 # as above

    options = CheckOptions(
        vpc=vpc,
        function=function,
        subnets=tuple(subnet or ()),
        all_subnets=all_subnets,
        security_groups=tuple(security_group or ()),
        timeout_seconds=timeout,
        standing=True,
        dry_run=dry_run,
        role_arn=role_arn,
        format=report_format,
        output=output,
        profile=profile,
        region=region,
        endpoint_url=endpoint_url,
        verbose=verbose,
    )
    raise typer.Exit(run_deploy(options))
