"""How a check keeps what it was judged by, judges it again, and leaves names out of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from netprobe.aws.evidence import Evidence, write_evidence
from netprobe.aws.redaction import Redaction, redact
from netprobe.aws.saved import Saved, convert_all
from netprobe.aws.service_hosts import BotocoreHosts
from netprobe.aws.source import AwsSnapshotSource, SavedSnapshotSource
from netprobe.cli.process import SystemClock, new_run_id
from netprobe.model.report import CleanUp, Report
from netprobe.workflows.capabilities import Clock, Progress
from netprobe.workflows.check import Capabilities, CheckRequest, run_check
from netprobe.workflows.replay import RecordingRunner, ReplayingRunner


@dataclass(frozen=True, slots=True)
class RecordedClock:
    """The times of the run that is judged again: when it began, then when it ended."""

    moments: Iterator[datetime]
    last: datetime

    def now(self) -> datetime:
        """Return the next time, and the last one for good."""
        return next(self.moments, self.last)


@dataclass(slots=True)
class Keeping:
    """What becomes of the evidence of a check."""

    save_to: Path | None = None
    redact: bool = False
    clean_up: CleanUp = field(default_factory=CleanUp)
    """As it really was, for those who have to finish it."""

    def run(self, request: CheckRequest, capabilities: Capabilities) -> Report:
        """Run the check; keep its evidence, and judge that instead where names are left out."""
        if self.save_to is None and not self.redact:
            return run_check(request, capabilities)
        runner = RecordingRunner(capabilities.runner)
        report = run_check(request, replace(capabilities, runner=runner))
        self.clean_up = report.clean_up
        evidence = _evidence_of(request, capabilities, runner, report)
        if self.redact:
            evidence, redaction = redact(evidence)
            report = _judged(evidence, capabilities.progress, redaction, report.clean_up)
        if self.save_to is not None:
            write_evidence(evidence, self.save_to)
        return report


def _evidence_of(
    request: CheckRequest, capabilities: Capabilities, runner: RecordingRunner, report: Report
) -> Evidence:
    source = capabilities.source
    kept = source.kept if isinstance(source, AwsSnapshotSource | SavedSnapshotSource) else []
    return Evidence.of_answers(
        raws=tuple(kept),
        answers=runner.answers,
        request=replace(request, vpc_id=request.vpc_id or report.vpc_id),
        started_at=report.started_at,
        finished_at=report.finished_at,
        netprobe_version=report.netprobe_version,
    )


def _judged(
    evidence: Evidence, progress: Progress, redaction: Redaction, clean_up: CleanUp
) -> Report:
    """Return the report of redacted evidence; what was cleaned up is told as it is called there."""
    request = evidence.request or CheckRequest()
    saved = Saved(evidence.raws, convert_all(evidence.raws))
    told = CleanUp(
        created=tuple(map(redaction.text, clean_up.created)),
        removed=tuple(map(redaction.text, clean_up.removed)),
        left=tuple(map(redaction.text, clean_up.left)),
    )
    capabilities = capabilities_of_evidence(
        evidence, saved, "the evidence", progress, clean_up=told
    )
    return run_check(request, capabilities)


def capabilities_of_evidence(
    evidence: Evidence,
    saved: Saved,
    place: str,
    progress: Progress,
    *,
    clean_up: CleanUp | None = None,
    region: str | None = None,
) -> Capabilities:
    """Return what a check of evidence needs: no session, and a runner that sends nothing."""
    return Capabilities(
        source=SavedSnapshotSource(saved.snapshot, place, list(saved.raws)),
        hosts=BotocoreHosts(region or saved.snapshot.region),
        runner=ReplayingRunner(evidence.answers, clean_up or CleanUp()),
        clock=_clock_of(evidence),
        progress=progress,
        run_id=new_run_id(),
        version=version("netprobe"),
    )


def _clock_of(evidence: Evidence) -> Clock:
    """Return a clock that shows the times in the evidence; without them it is this machine's."""
    try:
        started = datetime.fromisoformat(evidence.started_at or "")
        finished = datetime.fromisoformat(evidence.finished_at or "")
    except ValueError:
        return SystemClock()
    return RecordedClock(iter((started, finished)), finished)
