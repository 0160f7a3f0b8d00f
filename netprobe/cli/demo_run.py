"""What ``netprobe demo`` does: the story, checked after each step, live in the lab or replayed.

Both ways run the same check over the same steps; they differ in who answers: the lab, or a
recording of what the lab answered.
"""

from __future__ import annotations

import io
import json
import time
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from netprobe.aws.service_hosts import BotocoreHosts
from netprobe.cli.check_run import report_text
from netprobe.cli.console import Streams, TerminalProgress
from netprobe.cli.demo_stages import (
    REGION,
    LiveStage,
    ReplayedStage,
    Stage,
    read_recording,
    running_lab,
    why_no_lab,
)
from netprobe.cli.exits import ExitCode
from netprobe.cli.options import Format, PlainFormat
from netprobe.cli.process import require_writable, run_command, write_report
from netprobe.lab import story
from netprobe.model.finding import Role
from netprobe.model.report import Report, Verdict
from netprobe.render.blocks import Block, Line, Tone
from netprobe.render.json_v1 import to_document
from netprobe.render.narrative import grid_of
from netprobe.render.terminal import render_blocks
from netprobe.workflows.capabilities import SystemClock, new_run_id
from netprobe.workflows.check import Capabilities, CheckRequest, run_check
from netprobe.workflows.sources import Wanted

_BEFORE = (
    "A function in isolated dual-stack subnets must push to the clients of a",
    "WebSocket API. The API can invoke it; its own call to @connections hangs.",
    "NAT would cost about 36 USD a month, PrivateLink cannot carry a WebSocket API.",
)
TIMEOUT_SECONDS = 1.5
"""A silent target costs this much per check; the lab answers in milliseconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoOptions:
    """The command line of ``netprobe demo``."""

    replay: bool = False
    record: Path | None = None
    verbose: bool = False
    form: PlainFormat = PlainFormat.TEXT
    output: Path | None = None


def run(options: DemoOptions, streams: Streams | None = None) -> ExitCode:
    """Tell the story; 0 when it ends with an API that answers."""
    return run_command(lambda to: _run(options, to), streams)


def _run(options: DemoOptions, streams: Streams) -> ExitCode:
    require_writable(options.output)
    if options.output is None and options.form is PlainFormat.TEXT:
        return _tell(options, _Teller(streams, verbose=options.verbose))
    told = io.StringIO()  # what is shown as it goes is kept until it can be written whole
    teller = _Teller(replace(streams, out=told), verbose=options.verbose)
    code = _tell(options, teller)
    as_json = options.form is PlainFormat.JSON
    text = json.dumps(teller.document, indent=2) if as_json else told.getvalue()
    write_report(text, options.output, streams)
    return code


def _tell(options: DemoOptions, teller: _Teller) -> ExitCode:
    reason = "asked to" if options.replay else why_no_lab()
    if reason:
        teller.document["replayed"] = reason
        teller.say(f"Replayed from a recording, no packets sent: {reason}.")
        return teller.tell(ReplayedStage(read_recording()))
    with running_lab(teller.streams) as session:
        stage = LiveStage(session, TerminalProgress(teller.streams))
        code = teller.tell(stage)
        if options.record is not None:
            text = json.dumps(stage.recording(), indent=1)
            write_report(text, options.record, teller.streams)
        return code


@dataclass(slots=True)
class _Teller:
    """Tells the story on stdout, one check after another."""

    streams: Streams
    verbose: bool
    started: float = field(default_factory=time.monotonic)
    document: dict[str, Any] = field(default_factory=lambda: {"replayed": None, "checks": []})
    """Why no packets were sent, if none were; each fix, the first check none, and its report."""

    def say(self, text: str = "") -> None:
        print(text, file=self.streams.out, flush=True)

    def show(self, heading: str, *lines: Line) -> None:
        """Say it as reports do: broken between words, and commands so that they can be pasted."""
        streams, told = self.streams, Block(heading=heading, tone=Tone.PLAIN, lines=lines)
        text = render_blocks(
            (told,), width=streams.width, colour=streams.colour, ascii=streams.ascii
        )
        self.say(text.rstrip("\n"))

    def tell(self, stage: Stage) -> ExitCode:
        for sentence in _BEFORE:
            self.say(sentence)
        self.say()
        self.say("$ netprobe check --function push-prices --target api:" + stage.built.api_id)
        report = self._check(stage)
        self.document["checks"].append({"report": to_document(report)})
        self.say(report_text(report, Format.TEXT, self.streams, verbose=self.verbose))
        for number, step in enumerate(story.STEPS, start=1):
            typed = step.typed(stage.built)
            commands = (Line(text=i, mark="$", command=True) for i in typed)
            self.show(f"Fix {number} of {len(story.STEPS)}: {step.title}", *commands)
            stage.apply(step)
            report = self._check(stage)
            self.document["checks"].append(
                {"fix": step.title, "commands": typed, "report": to_document(report)}
            )
            self._say_what_remains(report, last=number == len(story.STEPS))
        return self._end(report)

    def _check(self, stage: Stage) -> Report:
        answers = stage.answers()
        progress = TerminalProgress(self.streams)
        capabilities = Capabilities(
            source=answers,
            hosts=BotocoreHosts(REGION),
            runner=answers.runner,
            clock=SystemClock(),
            progress=progress,
            run_id=new_run_id(),
            version=version("netprobe"),
        )
        request = CheckRequest(
            wanted=Wanted(function=story.FUNCTION_NAME),
            targets=(f"api:{stage.built.api_id}",),
            timeout_seconds=TIMEOUT_SECONDS,
        )
        with progress:
            return run_check(request, capabilities)

    def _say_what_remains(self, report: Report, *, last: bool) -> None:
        waiting = (
            Line(text=f"still in the way: {item.code} {item.name}: {item.phrase}", mark="✗")
            for item in report.findings
            if item.role is Role.ROOT_CAUSE
        )
        self.show(f"checked again: {report.verdict}; {_words(report)}", *waiting)
        if last and self.verbose:
            self.say(report_text(report, Format.TEXT, self.streams, verbose=True))
        self.say()

    def _end(self, report: Report) -> ExitCode:
        seconds = time.monotonic() - self.started
        path = next((p for p in report.paths if p.key.family == "ipv6" and p.observation), None)
        if report.verdict is not Verdict.HEALTHY or path is None or path.observation is None:
            self.say(f"The story did not end well: {report.summary}")
            return ExitCode.NOT_HEALTHY
        seen = path.observation
        self.show(
            f"@connections answers over IPv6: {seen.source_address} → {seen.address}, "
            f"HTTP {seen.status} (refused for want of a signature, by the right far end)."
        )
        self.say(f"Standing cost: none. {seconds:.0f} s, nothing left behind.")
        return ExitCode.HEALTHY


def _words(report: Report) -> str:
    """Return how each family fares, in the words of the report's own table."""
    grid = grid_of(report)
    cells = zip(*(row.cells for row in grid.rows), strict=True)
    return ", ".join(
        f"{family} {' or '.join(dict.fromkeys(cell.text for cell in column))}"
        for family, column in zip(grid.families, cells, strict=True)
    )
