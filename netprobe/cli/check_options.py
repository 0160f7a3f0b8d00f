"""What ``netprobe check`` and its relatives can be asked, and which of them takes which option."""

from __future__ import annotations

from dataclasses import dataclass

from netprobe.cli.options import (
    AllSubnets,
    Attempts,
    ClientName,
    DryRun,
    EndpointUrl,
    EvidencePath,
    ExitZero,
    Expect,
    Format,
    FunctionName,
    Ipv4Only,
    Ipv6Only,
    Keep,
    NoProbe,
    Output,
    PathMtu,
    Profile,
    Redact,
    Region,
    ReportFormat,
    RoleArn,
    SaveEvidence,
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

SOURCES = ("vpc", "function", "subnets", "all_subnets", "security_groups")
QUESTION = (
    "targets",
    "targets_file",
    "ipv4_only",
    "ipv6_only",
    "client",
    "timeout_seconds",
    "attempts",
    "path_mtu",
)
RUN = ("format", "output", "profile", "region", "endpoint_url", "verbose")


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckOptions:
    """The command line of ``netprobe check``; its relatives take a part of it.

    Help shows the options in this order. What is not ``Annotated`` is no option.
    """

    vpc: VpcId = None
    function: FunctionName = None
    targets: Targets = ()
    targets_file: TargetsFile = None
    subnets: Subnets = ()
    all_subnets: AllSubnets = False
    security_groups: SecurityGroups = ()
    ipv4_only: Ipv4Only = False
    ipv6_only: Ipv6Only = False
    client: ClientName = None
    timeout_seconds: Timeout = 5.0
    attempts: Attempts = 1
    path_mtu: PathMtu = False
    no_probe: NoProbe = False
    snapshot: SnapshotPath = None
    """Where configuration was saved; what is there is judged without AWS."""
    evidence: EvidencePath = None
    """Where a check was saved with all it was judged by; it is judged again."""
    save_evidence: SaveEvidence = None
    redact: Redact = False
    what_if: WhatIf = None
    """File of changes that are taken for made."""
    dry_run: DryRun = False
    keep: Keep = False
    role_arn: RoleArn = None
    wait_seconds: Wait = 0.0
    expect: Expect = None
    exit_zero: ExitZero = False
    format: ReportFormat = Format.TEXT
    output: Output = None
    profile: Profile = None
    region: Region = None
    endpoint_url: EndpointUrl = None
    verbose: Verbose = False
    standing: bool = False
    """The probe is that of ``netprobe deploy``."""

    @property
    def probe(self) -> bool:
        """Tell whether packets are sent; nothing can be sent into a snapshot."""
        return not self.no_probe and self.snapshot is None
