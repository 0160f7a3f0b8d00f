"""Whole reports for the tests of what is printed: real pipelines over built or recorded VPCs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from netprobe.aws.convert import convert
from netprobe.aws.raw import RawSnapshot
from netprobe.deploy.plan import PlannedFunction, ProbePlan
from netprobe.diagnosis.case import Case
from netprobe.diagnosis.examine import examine
from netprobe.diagnosis.verdict import felt_paths, judge
from netprobe.errors import NetprobeError
from netprobe.lab import story
from netprobe.model.report import CleanUp, Report
from netprobe.model.snapshot import Snapshot
from netprobe.workflows.capabilities import Asked, Clock, Silence
from netprobe.workflows.check import Capabilities, CheckRequest, run_check
from netprobe.workflows.replay import ReplayingRunner
from netprobe.workflows.sources import Wanted
from probe_lambda.wire import ProbeRequest, ProbeResult

NOON = datetime(2026, 11, 24, 12, 0, 0, tzinfo=UTC)


class StoppedClock:
    """It is always noon."""

    def now(self) -> datetime:
        return NOON


@dataclass
class CheckClock:
    """A check begins at noon and ends nine seconds later."""

    moments: Iterator[datetime] = field(default_factory=lambda: iter((NOON,)))

    def now(self) -> datetime:
        return next(self.moments, NOON + timedelta(seconds=9))


_PROBED_AT = re.compile(r'(?<="started_at":")[^".]*(?=[.])')


def probed_at_noon(answers: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return recorded answers as if they were given when the check that replays them is made."""
    noon = NOON.strftime("%Y-%m-%dT%H:%M:%S")
    return {key: [_PROBED_AT.sub(noon, one) for one in told] for key, told in answers.items()}


class PlainHosts:
    """Service names as AWS's oldest ones are."""

    def host(self, service: str, *, dual_stack: bool) -> str:
        domain = "api.aws" if dual_stack else "amazonaws.com"
        return f"{service}.us-east-1.{domain}"


@dataclass
class OneVpc:
    """A SnapshotSource that knows one configuration."""

    snapshot: Snapshot
    vpc_id: str = "vpc-1"
    asked: list[Asked | None] = field(default_factory=list)

    def read(self, vpc_id: str, asked: Asked | None = None) -> Snapshot:
        self.asked.append(asked)
        if vpc_id != self.vpc_id:
            raise NetprobeError("no-such-vpc", f"no VPC {vpc_id!r}")
        return self.snapshot

    def vpc_of_function(self, name: str) -> str:
        assert name
        return self.vpc_id


@dataclass
class FakeRunner:
    """A ProbeRunner whose functions answer what the test says, or fail."""

    answer: Any = None
    """Called with the planned function and the request; returns a ProbeResult or raises."""
    events: list[str] = field(default_factory=list)
    requests: list[ProbeRequest] = field(default_factory=list)
    clean_up: CleanUp = field(default_factory=CleanUp)

    @contextmanager
    def deployed(self, plan: ProbePlan, *, keep: bool) -> Iterator[FakeRunner]:
        self.events.append(f"deploy {len(plan.functions)}")
        try:
            yield self
        finally:
            self.events.append("keep" if keep else "remove")

    def invoke(self, function: PlannedFunction, request: ProbeRequest) -> ProbeResult:
        self.requests.append(request)
        result: ProbeResult = self.answer(function, request)
        return result


def capabilities(
    snapshot: Snapshot, runner: Any = None, vpc_id: str = "vpc-1", clock: Clock | None = None
) -> Capabilities:
    """Return capabilities that touch nothing outside the test."""
    return Capabilities(
        source=OneVpc(snapshot, vpc_id),
        hosts=PlainHosts(),
        runner=runner or FakeRunner(),
        clock=clock or StoppedClock(),
        progress=Silence(),
        run_id="0123abcd",
        version="0.1.0",
    )


@cache
def recording() -> dict[str, Any]:
    """Return the recording that comes with the demo."""
    text = files("netprobe.lab").joinpath("recordings/story.json").read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    return document


@cache
def report_of_step(number: int) -> Report:
    """Return the demo's report after ``number`` fixes, judged anew from what was recorded."""
    check = recording()["checks"][number]
    snapshot = convert(RawSnapshot.from_document(check["raw"]))
    built = recording()["built"]
    runner = ReplayingRunner(probed_at_noon(check["answers"]))
    told = capabilities(snapshot, runner, built["vpc_id"], CheckClock())
    return run_check(story_request(), told)


def story_request() -> CheckRequest:
    """Return the question of the demo's story."""
    return CheckRequest(
        wanted=Wanted(function=story.FUNCTION_NAME),
        targets=(f"api:{recording()['built']['api_id']}",),
        timeout_seconds=1.5,
    )


def report_of(case: Case, **fields: Any) -> Report:
    """Return the report of a case."""
    findings = examine(case)
    verdict, summary = judge(case, findings)
    report = Report(
        netprobe_version="0.1.0",
        started_at="2026-11-24T12:00:00Z",
        finished_at="2026-11-24T12:00:09Z",
        account="123456789012",
        region="us-east-1",
        vpc_id="vpc-1",
        verdict=verdict,
        summary=summary,
        client=case.client.name,
        sources=case.sources,
        targets=case.targets,
        paths=case.paths,
        findings=findings,
        felt=felt_paths(case),
        gaps=case.snapshot.gaps,
    )
    return replace(report, **fields)
