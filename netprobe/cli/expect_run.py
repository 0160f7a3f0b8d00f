"""What ``netprobe expect`` does once its options are read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from netprobe.cli.check_run import capabilities_for, read_request
from netprobe.cli.commands.expect import ExpectOptions
from netprobe.cli.console import Streams, TerminalProgress
from netprobe.cli.exits import ExitCode
from netprobe.cli.options import PlainFormat
from netprobe.cli.process import log_to, require_writable, run_command, write_report
from netprobe.errors import NetprobeError, UsageError
from netprobe.render.clean import clean
from netprobe.render.json_v1 import to_document
from netprobe.workflows.check import run_check
from netprobe.workflows.expectation_files import expectations_to_json, write_expectations
from netprobe.workflows.proposed_expectations import propose
from netprobe.workflows.saved_reports import read_report
from netprobe.workflows.text_files import read_file


def run(options: ExpectOptions, streams: Streams | None = None) -> ExitCode:
    """Run the command and return its exit code."""
    return run_command(lambda to: _run(options, to), streams)


def _run(options: ExpectOptions, streams: Streams) -> ExitCode:
    _refuse_overwriting(options)
    require_writable(options.write)
    if options.verbose:
        log_to(streams.err)
    proposal = propose(_answers(options, streams), str(options.report or "the report"))
    for sentence in proposal.left_out:
        print(f"left out: {clean(sentence)}", file=streams.err)
    if not proposal.expectations:
        raise NetprobeError(
            "nothing-to-expect",
            "nothing works now that could be expected to keep working",
            hint="netprobe check says why",
        )
    as_json = options.form is PlainFormat.JSON
    text = (expectations_to_json if as_json else write_expectations)(proposal.expectations)
    write_report(text, options.write, streams)
    return ExitCode.HEALTHY


def _refuse_overwriting(options: ExpectOptions) -> None:
    """Raise UsageError before the work where a file with somebody's own words would be lost."""
    path = options.write
    if path is not None and path.is_file() and not options.force:
        raise UsageError(
            "file-exists",
            f"{path} is there already",
            hint="name another file, or replace it with --force",
        )


def _answers(options: ExpectOptions, streams: Streams) -> Mapping[str, Any]:
    if options.report is None:
        request = read_request(options)
        with TerminalProgress(streams) as progress:
            return to_document(run_check(request, capabilities_for(options, request, progress)))
    if options.vpc is not None or options.function is not None:
        raise UsageError(
            "two-things-to-check",
            "--report has its answers already",
            hint="leave --vpc and --function out",
        )
    return read_report(read_file(options.report), str(options.report))
