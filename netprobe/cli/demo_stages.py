"""Where the demo's story plays: live in a lab of its own, or as it was recorded in one."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from importlib.util import find_spec
from typing import Any, Protocol

from netprobe.aws.convert import convert
from netprobe.aws.deployer import AwsProbeRunner
from netprobe.aws.describe import read_vpc
from netprobe.aws.raw import RawSnapshot
from netprobe.aws.session import AwsSession, open_session
from netprobe.cli.console import Streams, TerminalProgress
from netprobe.errors import NetprobeError
from netprobe.lab import story
from netprobe.model.snapshot import Snapshot
from netprobe.workflows.asked import asked_about
from netprobe.workflows.capabilities import Asked, ProbeRunner, Progress
from netprobe.workflows.replay import RecordingRunner, ReplayingRunner

REGION = "us-east-1"
RECORDING = "recordings/story.json"
STOP_SECONDS = 30
LAB_ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "demo",
    "AWS_SECRET_ACCESS_KEY": "demo",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
}
"""The lab accepts any credentials; the user's own are never used."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What one check read and what its probes answered."""

    vpc_id: str
    raw: RawSnapshot
    runner: ProbeRunner

    def read(
        self,
        vpc_id: str,  # noqa: ARG002 # only one VPC was read
        asked: Asked | None = None,  # noqa: ARG002 # and all of it
    ) -> Snapshot:
        """Return the configuration."""
        return convert(self.raw)

    def vpc_of_function(self, name: str) -> str:  # noqa: ARG002 # only one VPC was read
        """Return the VPC of the story's function."""
        return self.vpc_id


class Stage(Protocol):
    """Where the story plays."""

    @property
    def built(self) -> story.Stage:
        """Return the ids of what was built."""
        ...

    def apply(self, step: story.Step) -> None:
        """Make one change."""
        ...

    def answers(self) -> Answers:
        """Return who answers the next check."""
        ...


def why_no_lab() -> str | None:
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
def running_lab(streams: Streams) -> Iterator[AwsSession]:
    """Run a lab of the demo's own; it is stopped, by its process id, on every way out."""
    progress = TerminalProgress(streams)
    progress.step("starting the lab")
    _forget_the_users_account()
    process = subprocess.Popen(
        [sys.executable, "-m", "netprobe", "lab", "serve"],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        line = process.stdout.readline() if process.stdout else ""
        if not line:
            raise NetprobeError("lab-did-not-start", "the lab did not start", why="see above")
        url = json.loads(line)["endpoint_url"]
        yield open_session(profile=None, region=REGION, endpoint_url=url)
    finally:
        process.terminate()
        process.wait(STOP_SECONDS)
        progress.close()


def _forget_the_users_account() -> None:
    """Let nothing of the user's AWS settings reach this process or the lab."""
    for name in [item for item in os.environ if item.startswith("AWS_")]:  # noqa: TID251 # cli may
        del os.environ[name]  # noqa: TID251 # cli may
    os.environ.update(LAB_ENVIRONMENT)  # noqa: TID251 # cli may


@dataclass(slots=True)
class LiveStage:
    """The story in the lab."""

    session: AwsSession
    progress: Progress
    built: story.Stage = field(init=False)
    checks: list[Answers] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Build the VPC, the API and the function."""
        self.progress.step("building the VPC, the API and the function")
        self.built = story.build(self.session.client)

    def apply(self, step: story.Step) -> None:
        """Make the change through the lab's AWS API."""
        step.apply(self.session.client, self.built)

    def answers(self) -> Answers:
        """Read the configuration now and let the lab answer the probes."""
        asked = asked_about([f"api:{self.built.api_id}"], probing=True)
        raw = read_vpc(self.session, self.built.vpc_id, asked)
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
        return {"built": dataclasses.asdict(self.built), "checks": checks}


@dataclass(slots=True)
class ReplayedStage:
    """The story as it was recorded."""

    recording: dict[str, Any]
    step: int = 0

    @property
    def built(self) -> story.Stage:
        """Return the ids of what was built when it was recorded."""
        built = self.recording["built"]
        return story.Stage(**built | {"subnet_ids": tuple(built["subnet_ids"])})

    def apply(self, step: story.Step) -> None:  # noqa: ARG002 # the recording made it
        """Turn the page."""
        self.step += 1

    def answers(self) -> Answers:
        """Return the recorded answers of this step."""
        check = self.recording["checks"][self.step]
        raw = RawSnapshot.from_document(check["raw"])
        return Answers(self.built.vpc_id, raw, ReplayingRunner(check["answers"]))


def read_recording() -> dict[str, Any]:
    """Return the recording that comes with netprobe."""
    text = files("netprobe.lab").joinpath(RECORDING).read_text(encoding="utf-8")
    recording: dict[str, Any] = json.loads(text)
    return recording
