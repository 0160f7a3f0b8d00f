"""Options that every command shares, declared once."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from netprobe.cli import completion


def not_empty(text: str) -> str:
    """Return the word that names a file; an empty one would mean the current folder."""
    if not text:
        message = "it is empty; give a path, or leave the option out"
        raise typer.BadParameter(message)
    return text


def a_path(text: str) -> Path:
    """Return the path that a word is."""
    return Path(not_empty(text))


class Format(StrEnum):
    """What a report is written as."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
    HTML = "html"
    JUNIT = "junit"


class PlainFormat(StrEnum):
    """What is written by commands that report on no path."""

    TEXT = "text"
    JSON = "json"


class PageFormat(StrEnum):
    """What pages and lists of them are written as."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


class TraceFormat(StrEnum):
    """What the answers to flows are written as."""

    TEXT = "text"
    JSON = "json"
    JSONL = "jsonl"


class DiffFormat(StrEnum):
    """What a comparison is written as."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


class WatchFormat(StrEnum):
    """What a watch is written as."""

    TEXT = "text"
    JSON = "json"
    JSONL = "jsonl"


Profile = Annotated[
    str | None, typer.Option(help="Profile of the AWS configuration files.", metavar="NAME")
]
Region = Annotated[
    str | None,
    # boto3 reads AWS_DEFAULT_REGION only; the AWS CLI and the other SDKs read this one too.
    typer.Option(help="AWS region, such as eu-west-1.", metavar="REGION", envvar="AWS_REGION"),
]
EndpointUrl = Annotated[
    str | None,
    typer.Option(help="Send AWS calls to this URL, such as that of the lab.", metavar="URL"),
]
ReportFormat = Annotated[
    Format,
    typer.Option(
        "--format",
        help="Form of the report: text or json; markdown for tickets, html for a page to send, "
        "junit for pipelines.",
    ),
]
PlainForm = Annotated[PlainFormat, typer.Option("--format", help="text or json.")]
Output = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        help="Write the report to FILE, not stdout.",
        metavar="FILE",
        parser=a_path,
    ),
]
SnapshotPath = Annotated[
    Path | None,
    typer.Option(
        "--snapshot",
        help="Judge the snapshot, or the folder of describe output, at PATH: no credentials, no "
        "AWS call, no probe.",
        metavar="PATH",
        parser=a_path,
    ),
]
EvidencePath = Annotated[
    Path | None,
    typer.Option(
        "--evidence",
        help="Judge again what --save-evidence kept at PATH, a folder or zip file: no "
        "credentials, no AWS call, no probe. Other options change what is asked of it.",
        metavar="PATH",
        parser=a_path,
    ),
]
SaveEvidence = Annotated[
    Path | None,
    typer.Option(
        "--save-evidence",
        help="Keep all that the check was judged by at PATH: a folder, or a zip file by its name.",
        metavar="PATH",
        parser=a_path,
    ),
]
Redact = Annotated[
    bool,
    typer.Option(
        "--redact",
        help="Replace accounts, ids, addresses, names and tags, in what is printed and saved.",
    ),
]
WhatIf = Annotated[
    str | None,
    typer.Option(
        "--what-if",
        help="Judge as if the changes in FILE were made, sending nothing: a list of changes, a "
        "fix, or REPORT:FIX-ID.",
        metavar="FILE",
        parser=not_empty,
    ),
]
Verbose = Annotated[
    bool, typer.Option("--verbose", "-v", help="Show every hop, stage and note; log AWS calls.")
]

VpcId = Annotated[
    str | None,
    typer.Option("--vpc", help="This VPC.", metavar="VPC-ID", autocompletion=completion.vpcs),
]
FunctionName = Annotated[
    str | None,
    typer.Option(
        "--function",
        help="This function's subnets, groups and IPv6 flag.",
        metavar="NAME",
        autocompletion=completion.functions,
    ),
]
Targets = Annotated[
    tuple[str, ...],
    typer.Option(
        "--target",
        help="What to reach; repeatable. https://HOST/PATH, wss://HOST/PATH, tcp://HOST:PORT, "
        "udp://HOST:PORT, ntp://HOST, dns://NAME, HOST[:PORT], api:ID[/STAGE], service:NAME, the "
        "ARN of an API, or of a cluster or instance of Neptune or RDS. "
        "Default: the region's APIs, the services with endpoints here, and a survey of common "
        "services and of the VPC's Neptune clusters.",
        metavar="TARGET",
        autocompletion=completion.targets,
    ),
]
TargetsFile = Annotated[
    str | None,
    typer.Option(
        "--targets",
        help="Read targets from FILE, one a line.",
        metavar="FILE",
        parser=not_empty,
    ),
]
Subnets = Annotated[
    tuple[str, ...],
    typer.Option(
        "--subnet",
        help="Probe only this subnet; repeatable.",
        metavar="ID",
        autocompletion=completion.subnets,
    ),
]
AllSubnets = Annotated[
    bool, typer.Option("--all-subnets", help="Probe each subnet, not one per class.")
]
SecurityGroups = Annotated[
    tuple[str, ...],
    typer.Option(
        "--security-group",
        help="Probe with this group instead; repeatable.",
        metavar="ID",
        autocompletion=completion.security_groups,
    ),
]
Ipv4Only = Annotated[bool, typer.Option("--ipv4-only", help="Ask about IPv4 only.")]
Ipv6Only = Annotated[bool, typer.Option("--ipv6-only", help="Ask about IPv6 only.")]
ClientName = Annotated[
    str | None,
    typer.Option(
        "--client",
        help="Judge dead families by this client's habits: boto3, requests, aiohttp, node18, "
        "node20, java, go, curl, ipv4-only, ipv6-only. Default: from the function's runtime.",
        metavar="NAME",
        autocompletion=completion.clients,
    ),
]
Timeout = Annotated[
    float,
    typer.Option(
        "--timeout",
        help="Deadline of each stage of a probe.",
        min=0.1,
        max=60,
        metavar="SECONDS",
    ),
]
Attempts = Annotated[
    int,
    typer.Option(
        "--attempts",
        help="Try everything N times, and tell always, sometimes and never apart.",
        min=1,
        max=100,
        metavar="N",
    ),
]
PathMtu = Annotated[
    bool,
    typer.Option(
        "--path-mtu", help="Also send requests longer than one packet, which may stall alone."
    ),
]
DryRun = Annotated[
    bool,
    typer.Option("--dry-run", help="Print resources, permissions and cost, create nothing."),
]
NoProbe = Annotated[
    bool, typer.Option("--no-probe", help="Configuration only: create nothing in AWS.")
]
Keep = Annotated[
    bool, typer.Option("--keep", help="Leave the probe in place; netprobe cleanup removes it.")
]
RoleArn = Annotated[
    str | None,
    typer.Option("--role-arn", help="Execution role to use instead of a new one.", metavar="ARN"),
]
Expect = Annotated[
    Path | None,
    typer.Option(
        "--expect",
        help="Hold what was found against the expectations in FILE: exit 0 when all are kept, 10 "
        "when one is broken, 3 when one is unknown. Names the targets where --target does not.",
        metavar="FILE",
        parser=a_path,
    ),
]
ExitZero = Annotated[bool, typer.Option("--exit-zero", help="Exit 0 whatever the verdict.")]
Wait = Annotated[
    float,
    typer.Option(
        "--wait",
        help="How long to wait for Lambda to release network interfaces.",
        min=0,
        metavar="SECONDS",
    ),
]
