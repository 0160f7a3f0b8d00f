"""Options that every command shares, declared once."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Format(StrEnum):
    """What a report is written as."""

    TEXT = "text"
    JSON = "json"


class TraceFormat(StrEnum):
    """What the answers to flows are written as."""

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
ReportFormat = Annotated[Format, typer.Option("--format", help="Form of the report.")]
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="Write the report to FILE, not stdout.", metavar="FILE"),
]
Verbose = Annotated[
    bool, typer.Option("--verbose", "-v", help="Show every hop, stage and note; log AWS calls.")
]
