"""What ``netprobe diff`` does once its options are read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from netprobe.aws.capabilities import saved
from netprobe.cli.check_run import read_request
from netprobe.cli.commands.diff import DiffOptions
from netprobe.cli.console import Streams, TerminalProgress
from netprobe.cli.diff_inputs import Reports, Snapshots, read_both
from netprobe.cli.exit_codes import exit_code_of_comparison
from netprobe.cli.exits import ExitCode
from netprobe.cli.options import DiffFormat
from netprobe.cli.process import require_writable, run_command, write_report
from netprobe.errors import UsageError
from netprobe.model.comparison import Comparison, Side
from netprobe.model.snapshot import Snapshot
from netprobe.render.comparing import comparison_to_markdown, render_comparison
from netprobe.render.comparison_v1 import comparison_to_json
from netprobe.workflows.comparing import compare_reports, compare_snapshots, side_of_snapshot
from netprobe.workflows.report_sides import side_of_report


def run(options: DiffOptions, streams: Streams | None = None) -> ExitCode:
    """Run the command and return its exit code."""
    return run_command(lambda to: _run(options, to), streams)


def _run(options: DiffOptions, streams: Streams) -> ExitCode:
    require_writable(options.output)
    with TerminalProgress(streams) as progress:
        progress.step(f"reading {options.before} and {options.now}")
        comparison = _compare(options, read_both(options.before, options.now), progress)
    write_report(_text(comparison, options, streams), options.output, streams)
    code = exit_code_of_comparison(comparison.course)
    return ExitCode.HEALTHY if options.exit_zero else code


def _compare(
    options: DiffOptions, given: Reports | Snapshots, progress: TerminalProgress
) -> Comparison:
    if isinstance(given, Snapshots):
        return compare_snapshots(
            (_side(options, options.before, given.before, progress), given.before),
            (_side(options, options.now, given.now, progress), given.now),
        )
    _require_no_question(options)
    return compare_reports(
        side_of_report(given.before, str(options.before)),
        side_of_report(given.now, str(options.now)),
    )


def _asks(options: DiffOptions) -> bool:
    """Tell whether paths are asked about."""
    return options.vpc is not None or options.function is not None


def _require_no_question(options: DiffOptions) -> None:
    """Raise UsageError for a question that reports have answered already."""
    given = options.targets or options.targets_file or options.subnets
    if _asks(options) or given:
        what = "--vpc, --function and --target ask snapshots, and these are reports"
        raise UsageError("nothing-to-ask", what, hint="leave them out")


def _side(
    options: DiffOptions, path: Path, snapshot: Snapshot, progress: TerminalProgress
) -> Side:
    if not _asks(options):
        if options.targets or options.targets_file or options.subnets:
            read_request(options)  # which says that a VPC or function is needed
        return Side(name=str(path))
    request = read_request(replace(options, snapshot=path))
    capabilities = saved(snapshot, str(path), request, progress, region=options.region)
    return side_of_snapshot(request, capabilities, str(path))


def _text(comparison: Comparison, options: DiffOptions, streams: Streams) -> str:
    match options.form:
        case DiffFormat.JSON:
            return comparison_to_json(comparison)
        case DiffFormat.MARKDOWN:
            return comparison_to_markdown(comparison)
        case DiffFormat.TEXT:
            return render_comparison(
                comparison, width=streams.width, colour=streams.colour, ascii=streams.ascii
            )
