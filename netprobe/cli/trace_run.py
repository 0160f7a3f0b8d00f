"""What ``netprobe trace`` does once its options are read."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import cast

from netprobe import api
from netprobe.cli.console import Streams, TerminalProgress
from netprobe.cli.exit_codes import exit_code_of_expectations
from netprobe.cli.exits import ExitCode
from netprobe.cli.options import TraceFormat
from netprobe.cli.process import (
    log_to,
    require_writable,
    run_command,
    write_report,
    writing,
)
from netprobe.cli.trace_expect_run import expectations_text, judge_file
from netprobe.errors import UsageError
from netprobe.model.answer import FlowAnswer
from netprobe.model.changes import Change
from netprobe.model.trace import Disposition
from netprobe.render.flow_lines import AnswerLines
from netprobe.render.flow_text import render_flow
from netprobe.workflows.flow_lines import Tally, answer_lines
from netprobe.workflows.flow_requests import FlowRequest, flow_request
from netprobe.workflows.text_files import unreadable
from netprobe.workflows.trace import FlowTracer

CHUNK = 1 << 16
"""Bytes read at a time; what a pipe holds at once is answered at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceOptions:
    """The command line of ``netprobe trace``."""

    snapshot: str | None = None
    vpc: str | None = None
    source: str | None = None
    destination: str | None = None
    protocol: str = "tcp"
    port: str | None = None
    source_port: str | None = None
    family: str | None = None
    flows: str | None = None
    expect: Path | None = None
    security_groups: tuple[str, ...] = ()
    what_if: str | None = None
    exit_zero: bool = False
    format: TraceFormat | None = None
    output: Path | None = None
    profile: str | None = None
    region: str | None = None
    endpoint_url: str | None = None
    verbose: bool = False


def run(options: TraceOptions, streams: Streams | None = None) -> ExitCode:
    """Run the command and return its exit code."""
    return run_command(lambda to: _run(options, to), streams)


def _run(options: TraceOptions, streams: Streams) -> ExitCode:
    request = read_options(options)
    require_writable(options.output)
    if options.verbose:
        log_to(streams.err)
    if options.expect is not None:
        return _run_expectations(options, options.expect, streams)
    tally = Tally()
    with _reading(options.flows) as chunks:
        tracer = _tracer(options, streams)
        if request is None:
            with writing(options.output, streams) as write:
                for answers in answer_lines(chunks, tracer, tally):
                    write(answers)
        else:
            answer = tracer.ask(request)
            tally.count(answer)
            write_report(answer_text(request, answer, options, streams), options.output, streams)
    return ExitCode.HEALTHY if options.exit_zero else exit_code_of(tally)


def _run_expectations(options: TraceOptions, path: Path, streams: Streams) -> ExitCode:
    judged = judge_file(path, _tracer(options, streams))
    write_report(expectations_text(judged, options.format, streams), options.output, streams)
    return ExitCode.HEALTHY if options.exit_zero else exit_code_of_expectations(judged)


def read_options(options: TraceOptions) -> FlowRequest | None:
    """Return the one flow asked for, None for a file of them or of expectations.

    Raises UsageError.
    """
    if options.snapshot is None and options.vpc is None:
        raise UsageError(
            "nothing-to-trace",
            "no configuration was named",
            hint="give --snapshot PATH, or --vpc ID to read the account",
        )
    one = (options.source, options.destination, options.port, options.source_port, options.family)
    if options.expect is not None:
        if options.flows is not None or any(item is not None for item in one):
            raise UsageError(
                "two-things-to-trace",
                "--expect was given together with flows of their own",
                hint="give --expect FILE alone",
            )
        return None
    if options.flows is not None:
        if any(item is not None for item in one):
            raise UsageError(
                "two-things-to-trace",
                "--flows was given together with a flow of its own",
                hint="give --flows FILE, or --from and --to",
            )
        if options.format not in {None, TraceFormat.JSONL}:
            raise UsageError(
                "two-things-to-trace",
                f"--flows answers line by line, --format {options.format} is for one flow",
                hint="leave --format out, or give --format jsonl",
            )
        return None
    if not options.source or not options.destination:
        raise UsageError(
            "nothing-to-trace",
            "no flow was named",
            hint="give --from SOURCE and --to DESTINATION, or --flows FILE",
        )
    return flow_request(
        options.source,
        options.destination,
        protocol=options.protocol,
        port=options.port,
        source_port=options.source_port,
        family=options.family,
    )


def _tracer(options: TraceOptions, streams: Streams) -> FlowTracer:
    with TerminalProgress(streams) as progress:
        if options.snapshot is None:
            progress.step(f"reading the configuration of {options.vpc}")
        return api.tracer(
            snapshot=options.snapshot,
            vpc=options.vpc,
            security_groups=options.security_groups,
            assumed=_assumed(options.what_if),
            in_detail=options.verbose and options.flows is None,
            profile=options.profile,
            region=options.region,
            endpoint_url=options.endpoint_url,
        )


def _assumed(what_if: str | None) -> tuple[Change, ...]:
    if what_if is None:
        return ()
    from netprobe.workflows.what_if import read_what_if  # noqa: PLC0415 # few flows need it

    return read_what_if(what_if)


@contextmanager
def _reading(flows: str | None) -> Iterator[Iterator[bytes]]:
    """Open the flows before anything is read from an account; raises NetprobeError."""
    if flows is None:
        yield iter(())
    elif flows == "-":
        yield _chunks(cast("BufferedReader", sys.stdin.buffer))
    else:
        try:
            file = Path(flows).open("rb")  # noqa: SIM115 # closed below
        except OSError as error:
            raise unreadable(flows, error) from error
        with file:
            yield _chunks(file)


def _chunks(file: BufferedReader) -> Iterator[bytes]:
    while chunk := _read(file):
        yield chunk


def _read(file: BufferedReader) -> bytes:
    """Return what is there, at the end nothing; raises NetprobeError."""
    try:
        return file.read1(CHUNK)
    except OSError as error:
        raise unreadable(file.name, error) from error


def answer_text(
    request: FlowRequest, answer: FlowAnswer, options: TraceOptions, streams: Streams
) -> str:
    """Return the answer to one flow in the form asked for."""
    match options.format:
        case TraceFormat.JSON:
            return api.to_json(answer)
        case TraceFormat.JSONL:
            return AnswerLines().line(answer).decode()
        case TraceFormat.TEXT | None:
            return render_flow(
                request.source,
                request.destination,
                answer,
                width=streams.width,
                colour=streams.colour,
                ascii=streams.ascii,
            )


def exit_code_of(tally: Tally) -> ExitCode:
    """Return the exit code that stands for all answers."""
    found = {item for item, count in tally.dispositions.items() if count}
    if found - {Disposition.DELIVERED, Disposition.UNKNOWN}:
        return ExitCode.NOT_HEALTHY
    unknown = tally.errors or Disposition.UNKNOWN in found
    return ExitCode.UNKNOWN if unknown else ExitCode.HEALTHY
