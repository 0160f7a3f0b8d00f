"""What ``netprobe snapshot`` does once its options are read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from netprobe.aws.describe import read_region, read_vpc
from netprobe.aws.raw import RawSnapshot
from netprobe.aws.redaction import redact_snapshot
from netprobe.aws.session import open_session
from netprobe.cli.console import Streams, TerminalProgress
from netprobe.cli.exits import ExitCode
from netprobe.cli.process import log_to, require_writable, run_command, write_report
from netprobe.render.clean import clean


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotOptions:
    """The command line of ``netprobe snapshot``."""

    vpc: str | None = None
    redact: bool = False
    output: Path | None = None
    profile: str | None = None
    region: str | None = None
    endpoint_url: str | None = None
    verbose: bool = False


def run(options: SnapshotOptions, streams: Streams | None = None) -> ExitCode:
    """Run the command and return its exit code."""
    return run_command(lambda to: _run(options, to), streams, unwinds=False)


def _run(options: SnapshotOptions, streams: Streams) -> ExitCode:
    require_writable(options.output)
    if options.verbose:
        log_to(streams.err)
    session = open_session(
        profile=options.profile, region=options.region, endpoint_url=options.endpoint_url
    )
    with TerminalProgress(streams) as progress:
        progress.step(f"reading {options.vpc or session.region}")
        raw = read_vpc(session, options.vpc) if options.vpc else read_region(session)
    told = redact_snapshot(raw) if options.redact else raw
    write_report(json.dumps(told.document(), indent=1), options.output, streams)
    for line in _gap_lines(raw):
        print(clean(line), file=streams.err)
    return ExitCode.HEALTHY


def _gap_lines(raw: RawSnapshot) -> list[str]:
    """Return what is missing from the file, and how to get it next time."""
    return [
        f"could not read {gap.needed_for}: {gap.call}: {gap.error}; allow {gap.iam_action}"
        for gap in raw.gaps
    ]
