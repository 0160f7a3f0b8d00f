"""What ``netprobe cleanup`` does once its options are read."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from netprobe.aws.cleanup import find_leftovers, remove_leftovers
from netprobe.aws.session import open_session
from netprobe.cli.console import Streams, TerminalProgress
from netprobe.cli.exits import ExitCode
from netprobe.cli.options import PlainFormat
from netprobe.cli.process import log_to, require_writable, run_command, write_report
from netprobe.model.report import CleanUp
from netprobe.render.clean import clean


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanupOptions:
    """The command line of ``netprobe cleanup``."""

    dry_run: bool = False
    wait_seconds: float = 0.0
    format: PlainFormat = PlainFormat.TEXT
    output: Path | None = None
    profile: str | None = None
    region: str | None = None
    endpoint_url: str | None = None
    verbose: bool = False


def run(options: CleanupOptions, streams: Streams | None = None) -> ExitCode:
    """Run the command and return its exit code."""
    return run_command(lambda to: _run(options, to), streams, unwinds=False)


def _run(options: CleanupOptions, streams: Streams) -> ExitCode:
    require_writable(options.output)
    if options.verbose:
        log_to(streams.err)
    session = open_session(
        profile=options.profile, region=options.region, endpoint_url=options.endpoint_url
    )
    with TerminalProgress(streams) as progress:
        progress.step(f"looking for leftovers in {session.region}")
        leftovers = find_leftovers(session)
        if options.dry_run:
            done = CleanUp(left=tuple(item.resource_id for item in leftovers))
        else:
            done = remove_leftovers(
                session, leftovers, wait_seconds=options.wait_seconds, progress=progress
            )
    if options.format is PlainFormat.JSON:
        text = json.dumps(asdict(done), indent=2)
    else:
        text = _text(done, session.region, dry_run=options.dry_run)
    write_report(text, options.output, streams)
    return ExitCode.CANNOT if done.left and not options.dry_run else ExitCode.HEALTHY


def _text(done: CleanUp, region: str, *, dry_run: bool) -> str:
    if not done.left and not done.removed:
        return f"nothing of netprobe's is left in {region}"
    left = "would be removed" if dry_run else "left"
    lines = [f"removed {item}" for item in done.removed]
    return "\n".join(clean(line) for line in [*lines, *(f"{left}: {i}" for i in done.left)])
