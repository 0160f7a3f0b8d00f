"""How a check keeps what it was judged by, judges it again, and leaves names out of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, TextIO

from netprobe.aws.evidence import Evidence, write_evidence
from netprobe.aws.raw import RawSnapshot
from netprobe.aws.redaction import Redaction, redact
from netprobe.aws.saved import Saved, convert_all
from netprobe.aws.service_hosts import BotocoreHosts
from netprobe.aws.source import AwsSnapshotSource, SavedSnapshotSource
from netprobe.cli.check_options import CheckOptions
from netprobe.errors import UsageError
from netprobe.model.addresses import Family
from netprobe.model.report import CleanUp, Report
from netprobe.render.clean import clean
from netprobe.workflows.capabilities import (
    Clock,
    Progress,
    SnapshotSource,
    SystemClock,
    new_run_id,
)
from netprobe.workflows.check import Capabilities, CheckRequest, Prepared, run_check
from netprobe.workflows.replay import RecordingRunner, ReplayingRunner

Plan = dict[str, Any]
"""What would be created, as ``netprobe.plan/1`` has it."""


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

    def plan(self, prepared: Prepared, request: CheckRequest, source: SnapshotSource) -> Plan:
        """Return what would be created as JSON; without names, under those evidence would have."""
        document = plan_document(prepared)
        if not self.redact:
            return document
        asked = replace(request, vpc_id=prepared.vpc_id)
        _, redaction = redact(Evidence(raws=_kept(source), request=asked))
        document = Plan(json.loads(json.dumps(document)))  # lists, where the plan has tuples
        named = ("account", "vpc_id", "standing_for", "role_arn", "targets")
        functions = [
            item | {"source": {key: redaction.value(i, key) for key, i in item["source"].items()}}
            for item in document["functions"]
        ]
        told = {key: redaction.value(document[key], key) for key in named}
        return document | told | {"functions": functions}

    def tell(self, err: TextIO) -> None:
        """Say where the evidence is, and under its own name what a redacted report cannot name."""
        if self.save_to is not None:
            print(f"saved evidence in {self.save_to}", file=err)
        for left in self.clean_up.left if self.redact else ():
            print(clean(f"left: {left}"), file=err)


def _evidence_of(
    request: CheckRequest, capabilities: Capabilities, runner: RecordingRunner, report: Report
) -> Evidence:
    return Evidence.of_answers(
        raws=_kept(capabilities.source),
        answers=runner.answers,
        request=replace(request, vpc_id=request.vpc_id or report.vpc_id),
        started_at=report.started_at,
        finished_at=report.finished_at,
        netprobe_version=report.netprobe_version,
    )


def _kept(source: SnapshotSource) -> tuple[RawSnapshot, ...]:
    """Return the answers that a source has read."""
    if isinstance(source, SavedSnapshotSource):
        return tuple(source.kept)
    if isinstance(source, AwsSnapshotSource):  # a second look that read less was thrown away
        return (min(reversed(source.kept), key=lambda raw: len(raw.gaps)),)
    return ()


def plan_document(prepared: Prepared) -> Plan:
    """Return what would be created as JSON, for ``--dry-run``."""
    plan = prepared.plan
    return {
        "run_id": plan.run_id,
        "account": prepared.snapshot.account,
        "region": prepared.snapshot.region,
        "vpc_id": prepared.vpc_id,
        "standing_for": plan.standing_for,
        "role": asdict(plan.role) if plan.role else None,
        "role_arn": plan.role_arn,
        "functions": [asdict(function) for function in plan.functions],
        "caller_actions": list(plan.caller_actions),
        "targets": [target.given for target in prepared.chosen.targets],
    }


def _judged(
    evidence: Evidence, progress: Progress, redaction: Redaction, clean_up: CleanUp
) -> Report:
    """Return the report of redacted evidence, with what was cleaned up as it is called there."""
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


def refuse_beside_evidence(options: CheckOptions) -> None:
    """Raise UsageError for options that evidence has an answer to, or makes no sense of."""
    if options.save_evidence is not None and options.dry_run:
        what = "--dry-run judges nothing, so there is no evidence to save"
        raise UsageError("no-evidence-yet", what, hint="leave --dry-run or --save-evidence out")
    if options.evidence is None:
        return
    about_probes = (
        *("--snapshot",) * (options.snapshot is not None),
        *("--keep",) * options.keep,
        *("--dry-run",) * options.dry_run,
        *("--role-arn",) * (options.role_arn is not None),
    )
    if about_probes:
        what = f"{about_probes[0]} does not go with --evidence, which reads all from its folder"
        raise UsageError("evidence-is-complete", what, hint=f"leave {about_probes[0]} out")


def _refuse_another_probe(options: CheckOptions) -> None:
    """Raise UsageError for what only another probe could answer."""
    usual = CheckOptions()
    for name, given, default in (
        ("--timeout", options.timeout_seconds, usual.timeout_seconds),
        ("--attempts", options.attempts, usual.attempts),
        ("--path-mtu", options.path_mtu, usual.path_mtu),
    ):
        if given != default:
            what = f"{name} is about probing, and evidence was probed already"
            raise UsageError("evidence-is-complete", what, hint=f"leave {name} out")


def asked_again(options: CheckOptions, evidence: Evidence, saved: Saved) -> CheckOptions:
    """Return the options with what they leave open as it was asked when the evidence was saved.

    Evidence of other means may not say; without observations configuration alone is judged.
    Raises UsageError.
    """
    _refuse_another_probe(options)
    no_probe = options.no_probe or not evidence.observations
    asked = evidence.request
    vpcs = saved.snapshot.vpcs
    only = vpcs[0].vpc_id if len(vpcs) == 1 else None
    named = options.vpc is not None or options.function is not None
    if asked is None:
        return replace(options, no_probe=no_probe, vpc=options.vpc if named else only)
    families = (options.ipv4_only, options.ipv6_only)
    if not any(families) and len(asked.families) == 1:
        families = (asked.families[0] is Family.IPV4, asked.families[0] is Family.IPV6)
    function = options.function if named else asked.wanted.function
    given = bool(options.targets or options.targets_file)
    return replace(
        options,
        vpc=options.vpc if named else (None if function else asked.vpc_id),
        function=function,
        targets=options.targets if given else asked.targets,
        subnets=options.subnets or asked.wanted.subnet_ids,
        all_subnets=options.all_subnets or asked.wanted.all_subnets,
        security_groups=options.security_groups or asked.wanted.security_group_ids,
        ipv4_only=families[0],
        ipv6_only=families[1],
        client=asked.client if options.client is None else options.client,
        timeout_seconds=asked.timeout_seconds,
        attempts=asked.attempts,
        path_mtu=asked.path_mtu,
        no_probe=no_probe,
    )
