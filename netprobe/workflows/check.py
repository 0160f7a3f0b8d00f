"""The main job: collect, probe, trace, examine, report.

The pipeline, in order:

1. read the VPC's configuration once (``SnapshotSource``), untouched AWS answers made into values;
2. choose sources (subnets, groups, IPv6 flag) and targets;
3. plan the probe, one function per source, and stop here for ``--dry-run``;
4. put it into the account, invoke all functions at once, take it away (``ProbeRunner``);
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
from netprobe.diagnosis.habits import habits
from netprobe.diagnosis.paths import judge_path
from netprobe.diagnosis.refusing import refusing_statuses
from netprobe.diagnosis.verdict import judge
from netprobe.errors import NetprobeError, UsageError
from netprobe.fixes.passages import beside_the_vpc, passages
from netprobe.fixes.proposed import ask_instead, propose_all
from netprobe.fixes.retrace import trace_target
from netprobe.fixes.savings import savings
from netprobe.fixes.ways_out import find_ways_out, linked
from netprobe.model.addresses import Address, Family, parse_address
from netprobe.model.changes import Change, UseDualStackName
from netprobe.model.finding import PathKey
from netprobe.model.observation import ProbeRun
from netprobe.model.report import Path, Report, Target
from netprobe.model.snapshot import Gap, Snapshot
from netprobe.workflows.asked import asked_about
from netprobe.workflows.capabilities import (
    Clock,
    ProbeRunner,
    Progress,
    ServiceHosts,
    SnapshotSource,
)
from netprobe.workflows.probing import ask, run_probes, seconds_needed
from netprobe.workflows.sources import Sources, Wanted, choose_sources
from netprobe.workflows.targets import Chosen, choose_targets

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
    role_arn: str | None = None
    assumed: tuple[Change, ...] = ()
    """Changes that are taken for made, which no packet can be sent to ask about."""


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
    asked = asked_about(request.targets, probing=request.probe)
    snapshot = propose_all(capabilities.source.read(vpc_id, asked), request.assumed)
    sources = choose_sources(snapshot, vpc_id, request.wanted)
    chosen = choose_targets(request.targets, snapshot, vpc_id, capabilities.hosts)
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
    return Prepared(
        vpc_id=vpc_id,
        snapshot=snapshot,
        sources=sources,
        chosen=_renamed(chosen, request.assumed),
        plan=plan,
        started_at=started_at,
    )


def _renamed(chosen: Chosen, assumed: tuple[Change, ...]) -> Chosen:
    """Return the targets under the names that clients are assumed to ask for.

    Raises NetprobeError where a name is assumed for one that nobody asks for.
    """
    hosts = {item.host for item in chosen.targets}
    for change in assumed:
        if isinstance(change, UseDualStackName) and change.host not in hosts:
            what = f"{change.host!r}, the name to replace, is no target of this check"
            raise NetprobeError("no-such-resource", what, hint="name it with --target")
    targets = tuple(replace(item, host=ask_instead(assumed, item.host)) for item in chosen.targets)
    return replace(chosen, targets=targets)


def _vpc_of(request: CheckRequest, capabilities: Capabilities) -> str:
    if request.wanted.function is None:
        what = "neither a VPC nor a function was named"
        raise UsageError("nothing-to-check", what, hint="give --vpc ID or --function NAME")
    return capabilities.source.vpc_of_function(request.wanted.function)


def run_check(request: CheckRequest, capabilities: Capabilities) -> Report:
    """Answer the request; what was created is removed on every way out."""
    prepared = prepare(request, capabilities)
    runs: tuple[ProbeRun, ...] = ()
    if request.probe:
        question = ask(
            prepared.chosen.targets,
            request.families,
            timeout_seconds=request.timeout_seconds,
            attempts=request.attempts,
            path_mtu=request.path_mtu,
        )
        runner, progress = capabilities.runner, capabilities.progress
        runs = run_probes(prepared.plan, question, runner, progress, keep=request.keep)
    return _report(prepared, request, capabilities, runs)


def _report(
    prepared: Prepared,
    request: CheckRequest,
    capabilities: Capabilities,
    runs: tuple[ProbeRun, ...],
) -> Report:
    capabilities.progress.step("walking the configuration")
    sources, targets = prepared.sources, prepared.chosen.targets
    paths = tuple(_paths(prepared, request.families, {run.source_id: run for run in runs}))
    client = (
        CLIENTS[request.client]
        if request.client
        else client_for_runtime(sources.function.runtime if sources.function else None)
    )
    case = Case(
        snapshot=prepared.snapshot,
        sources=sources.sources,
        targets=targets,
        paths=paths,
        client=client,
    )
    findings = examine(case)
    verdict, summary = judge(case, findings)
    capabilities.progress.step("looking for ways out")
    out = find_ways_out(case)
    found = tuple(passages(case))
    needed = {call for path in paths if path.trace for call in path.trace.unread}
    missing = tuple(dict.fromkeys(sentence for run in runs for sentence in run.missing))
    return Report(
        netprobe_version=capabilities.version,
        started_at=_timestamp(prepared.started_at),
        finished_at=_timestamp(capabilities.clock.now()),
        account=prepared.snapshot.account,
        region=prepared.snapshot.region,
        vpc_id=prepared.vpc_id,
        verdict=verdict,
        summary=_with_assumed(summary, request.assumed),
        client=client.name,
        sources=sources.sources,
        targets=targets,
        paths=paths,
        findings=linked(findings, out.fixes),
        fixes=out.fixes,
        ways_out=out.ways,
        passages=found,
        savings=tuple(savings(case, found)),
        gaps=tuple(gap for gap in prepared.snapshot.gaps if gap.asked or gap.call in needed),
        clean_up=capabilities.runner.clean_up,
        clients=tuple(habits(case)),
        sandboxes=tuple(run.sandbox for run in runs if run.sandbox is not None),
        assumed=request.assumed,
        remarks=(
            *(f"assumed: {change}" for change in request.assumed),
            *sources.remarks,
            *prepared.chosen.remarks,
            *egress_identities(prepared.snapshot, paths),
            *beside_the_vpc(case),
            *missing,
        ),
    )


def _with_assumed(summary: str, assumed: tuple[Change, ...]) -> str:
    """Return the answer with what it hangs on, wherever it is pasted."""
    if not assumed:
        return summary
    count = len(assumed)
    return f"with {count} change{'s' * (count > 1)} assumed, {summary}"


def _gaps_that_matter(snapshot: Snapshot, paths: Iterable[Path]) -> Iterator[Gap]:
    """Yield what was asked for in vain, and what nobody asked for where a path needs it."""
    needed = {call for path in paths if path.trace for call in path.trace.unread}
    return (gap for gap in snapshot.gaps if gap.asked or gap.call in needed)


def _timestamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _paths(
    prepared: Prepared, families: Iterable[Family], runs: dict[str, ProbeRun]
) -> Iterator[Path]:
    families, tracer = tuple(families), Tracer(prepared.snapshot)
    for source in prepared.sources.sources:
        run = runs.get(source.id)
        for target in prepared.chosen.targets:
            for family in families:
                observation = run.observations.get((target.id, family)) if run else None
                if not _is_asked(target, family):
                    continue
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


def _is_asked(target: Target, family: Family) -> bool:
    """Tell whether the family can be asked about: a literal address has only its own."""
    literal = _parse(target.host)
    return literal is None or Family(f"ipv{literal.version}") is family


def _parse(text: str) -> Address | None:
    try:
        return parse_address(text)
    except ValueError:
        return None
