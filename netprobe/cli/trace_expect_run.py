"""What ``netprobe trace --expect`` does: expectations against the configuration."""

from __future__ import annotations

import json
from pathlib import Path

from netprobe.cli.console import Streams
from netprobe.cli.options import TraceFormat
from netprobe.model.expectation import JudgedExpectation
from netprobe.render.expectations import narrate_expectations
from netprobe.render.expectations_v1 import expectation_v1
from netprobe.render.terminal import render_blocks
from netprobe.workflows.expectation_files import load_expectations
from netprobe.workflows.expected_flows import judge_flows
from netprobe.workflows.trace import FlowTracer


def judge_file(path: Path, tracer: FlowTracer) -> tuple[JudgedExpectation, ...]:
    """Return what became of the expectations in a file; raises NetprobeError."""
    return judge_flows(load_expectations(path), tracer)


def expectations_text(
    judged: tuple[JudgedExpectation, ...], form: TraceFormat | None, streams: Streams
) -> str:
    """Return them in the form asked for; as JSON Lines, one a line."""
    documents = [expectation_v1(item) for item in judged]
    match form:
        case TraceFormat.JSON:
            return json.dumps({"expectations": documents}, indent=2)
        case TraceFormat.JSONL:
            return "\n".join(json.dumps(item) for item in documents)
        case TraceFormat.TEXT | None:
            return render_blocks(
                tuple(narrate_expectations(judged, ())),
                width=streams.width,
                colour=streams.colour,
                ascii=streams.ascii,
            )
