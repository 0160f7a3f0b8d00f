"""What ``netprobe demo`` does: the story, checked after each step, live in the lab or replayed.

Both ways run the same check over the same steps; they differ in who answers: the lab, or a
recording of what the lab answered.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

from netprobe.aws.convert import convert
from netprobe.aws.deployer import AwsProbeRunner
from netprobe.aws.describe import read_vpc
from netprobe.aws.raw import RawSnapshot
from netprobe.aws.service_hosts import BotocoreHosts
from netprobe.aws.session import AwsSession, open_session
from netprobe.cli.check_run import report_text
from netprobe.cli.console import Streams, TerminalProgress
from netprobe.cli.exits import ExitCode, run_guarded
from netprobe.cli.options import Format
from netprobe.cli.process import (
    SystemClock,
    new_run_id,
    process_streams,
    treat_termination_as_interrupt,
    write_report,
)
from netprobe.errors import NetprobeError
from netprobe.lab import story
from netprobe.model.finding import Role
from netprobe.model.report import Report, Verdict
from netprobe.model.snapshot import Snapshot
from netprobe.workflows.capabilities import ProbeRunner, Progress
from netprobe.workflows.check import Capabilities, CheckRequest, run_check
from netprobe.workflows.replay import RecordingRunner, ReplayingRunner
from netprobe.workflows.sources import Wanted

REGION = "us-east-1"
TIMEOUT_SECONDS = 1.5
"""A silent target costs this much per check; the lab answers in milliseconds."""

RECORDING = "recordings/story.json"
LAB_START_SECONDS = 30

LAB_ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "demo",
    "AWS_SECRET_ACCESS_KEY": "demo",
    "AWS_EC2_METADATA_DISABLED": "true",
}
"""The lab accepts any credentials; the user's own are never used."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What one check read and what its probes answered."""

    vpc_id: str
    raw: RawSnapshot
    runner: ProbeRunner

    def read(self, vpc_id: str) -> Snapshot:  # noqa: ARG002 # only one VPC was read
        """Return the configuration."""
        return convert(self.raw)

    def vpc_of_function(self, name: str) -> str:  # noqa: ARG002 # only one VPC was read
        """Return the VPC of the story's function."""
        return self.vpc_id


class Stage(Protocol):
    """Where the story plays."""

    api_id: str

    def apply(self, step: story.Step) -> None:
        """Make one change."""
        ...

    def answers(self) -> Answers:
        """Return who answers the next check."""
        ...


def run(
    *, replay: bool, record: Path | None, verbose: bool, streams: Streams | None = None
) -> ExitCode:
    """Tell the story; 0 when it ends with an API that answers."""
    streams = streams or process_streams()
    treat_termination_as_interrupt()
    return run_guarded(lambda: _run(streams, replay, record, verbose=verbose), streams.err)


def _run(streams: Streams, replay: bool, record: Path | None, *, verbose: bool) -> ExitCode:
    reason = "asked to" if replay else _why_no_lab()
    teller = _Teller(streams, verbose=verbose)
    if reason:
        teller.say(f"Replayed from a recording, no packets sent: {reason}.")
        return teller.tell(ReplayedStage(_recording()))
    with _lab(streams) as session:
        stage = LiveStage(session, TerminalProgress(streams))
        code = teller.tell(stage)
        if record is not None:
            write_report(json.dumps(stage.recording(), indent=1), record, streams)
        return code


def _why_no_lab() -> str | None:
    """Return why this machine cannot carry packets, None when it can."""
    try:
        from netprobe.lab.network.isolation import available_tier  # noqa: PLC0415 # Linux only
    except ImportError as error:
        return f"the lab is not installed ({error})"
    if available_tier() == "none":
        return "this machine offers neither root nor user namespaces, or lacks ip or nft"
    if find_spec("moto") is None:
        return "the lab is not installed: pip install 'netprobe[lab]'"
    return None


@contextmanager
def _lab(streams: Streams) -> Iterator[AwsSession]:
    """Run a lab of the demo's own; it is stopped, by its process id, on every way out."""
    progress = TerminalProgress(streams)
    progress.step("starting the lab")
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("AWS_")}  # noqa: TID251 # cli may
    process = subprocess.Popen(
        [sys.executable, "-m", "netprobe", "lab", "serve"],
        stdout=subprocess.PIPE,
        text=True,
        env=inherited,
    )
    try:
        line = process.stdout.readline() if process.stdout else ""
        if not line:
            raise NetprobeError("lab-did-not-start", "the lab did not start", why="see above")
        os.environ.update(LAB_ENVIRONMENT)  # noqa: TID251 # cli may
        url = json.loads(line)["endpoint_url"]
        yield open_session(profile=None, region=REGION, endpoint_url=url)
    finally:
        process.terminate()
        process.wait(LAB_START_SECONDS)
        progress.close()


@dataclass(slots=True)
class LiveStage:
    """The story in the lab."""

    session: AwsSession
    progress: Progress
    built: story.Stage = field(init=False)
    api_id: str = field(init=False)
    checks: list[Answers] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Build the VPC, the API and the function."""
        self.progress.step("building the VPC, the API and the function")
        self.built = story.build(self.session.client)
        self.api_id = self.built.api_id

    def apply(self, step: story.Step) -> None:
        """Make the change through the lab's AWS API."""
        step.apply(self.session.client, self.built)

    def answers(self) -> Answers:
        """Read the configuration now and let the lab answer the probes."""
        raw = read_vpc(self.session, self.built.vpc_id)
        runner = RecordingRunner(AwsProbeRunner(self.session, self.progress))
        self.checks.append(Answers(self.built.vpc_id, raw, runner))
        return self.checks[-1]

    def recording(self) -> dict[str, Any]:
        """Return what every check read and was answered."""
        checks = [
            {"raw": item.raw.document(), "answers": item.runner.answers}
            for item in self.checks
            if isinstance(item.runner, RecordingRunner)
        ]
        return {"vpc_id": self.built.vpc_id, "api_id": self.api_id, "checks": checks}


@dataclass(slots=True)
class ReplayedStage:
    """The story as it was recorded."""

    recording: dict[str, Any]
    step: int = 0

    @property
    def api_id(self) -> str:
        """Return the recorded API's id."""
        return str(self.recording["api_id"])

    def apply(self, step: story.Step) -> None:  # noqa: ARG002 # the recording made it
        """Turn the page."""
        self.step += 1

    def answers(self) -> Answers:
        """Return the recorded answers of this step."""
        check = self.recording["checks"][self.step]
        raw = RawSnapshot.from_document(check["raw"])
        return Answers(self.recording["vpc_id"], raw, ReplayingRunner(check["answers"]))


def _recording() -> dict[str, Any]:
    text = files("netprobe.lab").joinpath(RECORDING).read_text(encoding="utf-8")
    recording: dict[str, Any] = json.loads(text)
    return recording


@dataclass(slots=True)
class _Teller:
    """Tells the story on stdout, one check after another."""

    streams: Streams
    verbose: bool
    started: float = field(default_factory=time.monotonic)

    def say(self, text: str = "") -> None:
        print(text, file=self.streams.out, flush=True)

    def tell(self, stage: Stage) -> ExitCode:
        self.say(
            "A function in isolated dual-stack subnets must push to the clients of a WebSocket"
        )
        self.say("API. The API can invoke it; its own call to @connections hangs.")
        self.say("NAT would cost about 36 USD a month, PrivateLink cannot carry a WebSocket API.")
        self.say()
        self.say("$ netprobe check --function push-prices --target api:" + stage.api_id)
        report = self._check(stage)
        self.say(report_text(report, Format.TEXT, self.streams, verbose=self.verbose))
        for number, step in enumerate(story.STEPS, start=1):
            self.say(f"Fix {number} of {len(story.STEPS)}: {step.title}")
            for command in step.commands:
                self.say(f"  $ {command}")
            stage.apply(step)
            report = self._check(stage)
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
            targets=(f"api:{stage.api_id}",),
            timeout_seconds=TIMEOUT_SECONDS,
        )
        with progress:
            return run_check(request, capabilities)

    def _say_what_remains(self, report: Report, *, last: bool) -> None:
        outcomes = {
            path.key.family: path.observation.outcome for path in report.paths if path.observation
        }
        words = ", ".join(f"{family.label} {outcome}" for family, outcome in outcomes.items())
        self.say(f"  checked again: {report.verdict}; {words}")
        waiting = [item for item in report.findings if item.role is Role.ROOT_CAUSE]
        for finding in waiting:
            self.say(f"  still in the way: {finding.code} {finding.title}")
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
        self.say(
            f"@connections answers over IPv6: {seen.source_address} -> {seen.address}, "
            f"HTTP {seen.status} (refused for want of a signature, by the right far end)."
        )
        self.say(f"Standing cost: none. {seconds:.0f} s, nothing left behind.")
        return ExitCode.HEALTHY
