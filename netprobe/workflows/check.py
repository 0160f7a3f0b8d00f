"""The main job: collect, probe, trace, examine, report.

The pipeline, in order:

1. read the VPC's configuration once (``SnapshotSource``), untouched AWS answers made into values;
2. choose sources (subnets, groups, IPv6 flag) and targets;
3. plan the probe, one function per source, and stop here for ``--dry-run``;
4. put it into the account, invoke all functions at once, look once more at what both witnesses
   disagree about, take it away (``ProbeRunner``);
5. trace every path over the snapshot, towards the address the probe really got;
6. join both witnesses per path, examine them for faults, judge the whole;
7. find ways out of what fails, prove each on the changed configuration;
8. return a Report; words and exit codes are made elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from netprobe.analysis.tracer import Tracer
from netprobe.deploy.plan import ProbePlan, plan_probe, standing_run_id
from netprobe.diagnosis.case import Case
from netprobe.diagnosis.clients import CLIENTS, client_for_runtime
from netprobe.diagnosis.egress import egress_identities
from netprobe.diagnosis.examine import examine
from netprobe.diagnosis.expectations import judge_expectations
from netprobe.diagnosis.habits import habits
from netprobe.diagnosis.paths import judge_path
from netprobe.diagnosis.refusing import refusing_statuses
from netprobe.diagnosis.verdict import felt_paths, judge
from netprobe.errors import UsageError
from netprobe.fixes.best import say_free_way
from netprobe.fixes.retrace import trace_target
from netprobe.fixes.ways_out import find_ways_out, linked
from netprobe.model.addresses import Address, Family, parse_address
from netprobe.model.expectation import Expectation
from netprobe.model.finding import Finding, PathKey
from netprobe.model.observation import ProbeRun
from netprobe.model.report import Path, Report, Target, Verdict
from netprobe.model.snapshot import Snapshot
from netprobe.workflows.asked import asked_about
from netprobe.workflows.capabilities import (
    Asked,
    Clock,
    ProbeRunner,
    Progress,
    ServiceHosts,
    SnapshotSource,
)
from netprobe.workflows.expecting import require_paths
from netprobe.workflows.probing import ask, run_probes, seconds_needed
from netprobe.workflows.second_look import Again, Looked, look_again
from netprobe.workflows.sources import Sources, Wanted, choose_sources
from netprobe.workflows.targets import Chosen, choose_targets
from probe_lambda.wire import ProbeRequest

FORGOTTEN_AFTER = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRequest:
    """What the user asked, as values."""

    vpc_id: str | None = None
    wanted: Wanted = field(default_factory=Wanted)
    targets: tuple[str, ...] = ()
    families: tuple[Family, ...] = (Family.IPV4, Family.IPV6)
    client: str | None = None
    timeout_seconds: float = 5.0
    attempts: int = 1
    path_mtu: bool = False
    """Also send requests that are too long for one packet."""
    probe: bool = True
    keep: bool = False
    standing: bool = False
    """Use the probe that ``netprobe deploy`` put in place."""
    in_detail: bool = False
    """Keep every rule, entry and route that was looked at."""
    role_arn: str | None = None
    expectations: tuple[Expectation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a check needs from outside."""

    source: SnapshotSource
    hosts: ServiceHosts
    runner: ProbeRunner
    clock: Clock
    progress: Progress
    run_id: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A check before anything was created: all of it can be printed."""

    vpc_id: str
    snapshot: Snapshot
    sources: Sources
    chosen: Chosen
    plan: ProbePlan
    started_at: datetime


def prepare(request: CheckRequest, capabilities: Capabilities) -> Prepared:
    """Read the account and decide what to do; changes nothing. Raises NetprobeError."""
    started_at = capabilities.clock.now()
    vpc_id = request.vpc_id or _vpc_of(request, capabilities)
    capabilities.progress.step(f"reading the configuration of {vpc_id}")
    snapshot = capabilities.source.read(vpc_id, _asked(request))
    sources = choose_sources(snapshot, vpc_id, request.wanted)
    standing_for = (request.wanted.function or vpc_id) if request.standing else None
    plan = plan_probe(
        sources.sources,
        run_id=standing_run_id(standing_for, sources.sources)
        if standing_for
        else capabilities.run_id,
        expires=(started_at + FORGOTTEN_AFTER).strftime("%Y-%m-%dT%H:%M:%SZ"),
        timeout_seconds=seconds_needed(request.timeout_seconds, request.attempts),
        role_arn=request.role_arn,
        standing_for=standing_for,
    )
    chosen = choose_targets(request.targets, snapshot, vpc_id, capabilities.hosts)
    require_paths(
        request.expectations,
        sources.sources,
        chosen.targets,
        {item.id: _families_of(item, request.families) for item in chosen.targets},
    )
    return Prepared(
        vpc_id=vpc_id,
        snapshot=snapshot,
        sources=sources,
        chosen=chosen,
        plan=plan,
        started_at=started_at,
    )


def _vpc_of(request: CheckRequest, capabilities: Capabilities) -> str:
    if request.wanted.function is None:
        what = "neither a VPC nor a function was named"
        raise UsageError("nothing-to-check", what, hint="give --vpc ID or --function NAME")
    return capabilities.source.vpc_of_function(request.wanted.function)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What both witnesses say of every path, and what that comes to."""

    case: Case
    findings: tuple[Finding, ...]
    verdict: Verdict
    summary: str


def look(prepared: Prepared, request: CheckRequest, runs: Iterable[ProbeRun]) -> Seen:
    """Walk every path, join both witnesses, look for faults and judge; no ways out."""
    sources, runs = prepared.sources, tuple(runs)
    client = (
        CLIENTS[request.client]
        if request.client
        else client_for_runtime(sources.function.runtime if sources.function else None)
    )
    case = Case(
        snapshot=prepared.snapshot,
        sources=sources.sources,
        targets=prepared.chosen.targets,
        paths=tuple(_paths(prepared, request, runs)),
        client=client,
        sandboxes=tuple(run.sandbox for run in runs if run.sandbox is not None),
    )
    findings = examine(case)
    verdict, summary = judge(case, findings)
    return Seen(case=case, findings=findings, verdict=verdict, summary=summary)


def question_of(request: CheckRequest, chosen: Chosen) -> ProbeRequest:
    """Return what every probe is asked."""
    return ask(
        chosen.targets,
        request.families,
        timeout_seconds=request.timeout_seconds,
        attempts=request.attempts,
        path_mtu=request.path_mtu,
    )


def run_check(request: CheckRequest, capabilities: Capabilities) -> Report:
    """Answer the request; what was created is removed on every way out."""
    prepared = prepare(request, capabilities)
    looked = Looked(snapshot=prepared.snapshot, runs=())
    if request.probe:
        question = question_of(request, prepared.chosen)
        runner, progress = capabilities.runner, capabilities.progress
        with run_probes(prepared.plan, question, runner, progress, keep=request.keep) as (
            deployed,
            runs,
        ):
            again = Again(
                read=lambda: capabilities.source.read(prepared.vpc_id, _asked(request)),
                walk=lambda snapshot, said: _paths(
                    replace(prepared, snapshot=snapshot), request, said
                ),
                deployed=deployed,
                plan=prepared.plan,
                question=question,
                progress=progress,
            )
            looked = look_again(again, prepared.snapshot, runs)
    prepared = replace(prepared, snapshot=looked.snapshot)
    return _report(prepared, request, capabilities, looked.runs, looked.remarks)


def _asked(request: CheckRequest) -> Asked:
    return asked_about(request.targets, probing=request.probe, function=request.wanted.function)


def _report(
    prepared: Prepared,
    request: CheckRequest,
    capabilities: Capabilities,
    runs: tuple[ProbeRun, ...],
    remarks: tuple[str, ...],
) -> Report:
    capabilities.progress.step("walking the configuration")
    seen = look(prepared, request, runs)
    case, findings, paths = seen.case, seen.findings, seen.case.paths
    capabilities.progress.step("looking for ways out")
    out = find_ways_out(case)
    needed = {call for path in paths if path.trace for call in path.trace.unread}
    missing = tuple(dict.fromkeys(sentence for run in runs for sentence in run.missing))
    return Report(
        netprobe_version=capabilities.version,
        started_at=_timestamp(prepared.started_at),
        finished_at=_timestamp(capabilities.clock.now()),
        account=prepared.snapshot.account,
        region=prepared.snapshot.region,
        vpc_id=prepared.vpc_id,
        verdict=seen.verdict,
        summary=seen.summary + say_free_way(case, seen.verdict, findings, out.fixes),
        client=case.client.name,
        sources=case.sources,
        targets=case.targets,
        paths=paths,
        findings=linked(findings, out.fixes),
        felt=felt_paths(case),
        fixes=out.fixes,
        ways_out=out.ways,
        gaps=tuple(gap for gap in prepared.snapshot.gaps if gap.asked or gap.call in needed),
        clean_up=capabilities.runner.clean_up,
        clients=tuple(habits(case)),
        sandboxes=case.sandboxes,
        remarks=(
            *prepared.sources.remarks,
            *prepared.chosen.remarks,
            *egress_identities(prepared.snapshot, paths),
            *missing,
            *remarks,
        ),
        expectations=judge_expectations(
            request.expectations, case.sources, case.targets, paths, findings
        ),
    )


def _timestamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _paths(prepared: Prepared, request: CheckRequest, runs: Iterable[ProbeRun]) -> Iterator[Path]:
    tracer = Tracer(prepared.snapshot, in_detail=request.in_detail)
    by_source = {run.source_id: run for run in runs}
    for source in prepared.sources.sources:
        run = by_source.get(source.id)
        for target in prepared.chosen.targets:
            for family in _families_of(target, request.families):
                observation = run.observations.get((target.id, family)) if run else None
                trace = trace_target(tracer, source, target, family, observation)
                refused = refusing_statuses(prepared.snapshot, source, target, trace)
                verdict, witnesses = judge_path(target, trace, observation, refused)
                key = PathKey(source=source.id, target=target.id, family=family)
                yield Path(
                    key=key,
                    verdict=verdict,
                    witnesses=witnesses,
                    trace=trace,
                    observation=observation,
                )


def _families_of(target: Target, families: tuple[Family, ...]) -> tuple[Family, ...]:
    """Return the families that can be asked about: a literal address has only its own."""
    literal = _parse(target.host)
    if literal is None:
        return families
    return tuple(item for item in families if item is Family(f"ipv{literal.version}"))


def _parse(text: str) -> Address | None:
    try:
        return parse_address(text)
    except ValueError:
        return None
