"""The main job: collect, probe, trace, examine, report.

The pipeline, in order:

1. read the VPC's configuration once (``SnapshotSource``), untouched AWS answers made into values;
2. choose sources (subnets, groups, IPv6 flag) and targets;
3. plan the probe, one function per source, and stop here for ``--dry-run``;
4. put it into the account and invoke all functions at once (``ProbeRunner``);
5. trace every path over the snapshot, towards the address the probe really got, and join both
   witnesses; look once more at what they disagree about, and take the probe away;
6. examine the paths for faults, judge the whole;
7. find ways out of what fails, prove each on the changed configuration;
8. return a Report; words and exit codes are made elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from netprobe.analysis.tracer import Tracer
from netprobe.diagnosis.case import Case
from netprobe.diagnosis.clients import CLIENTS, client_for_runtime
from netprobe.diagnosis.egress import egress_identities
from netprobe.diagnosis.examine import examine
from netprobe.diagnosis.expectations import judge_expectations
from netprobe.diagnosis.habits import habits
from netprobe.diagnosis.paths import judge_path
from netprobe.diagnosis.refusing import refusing_statuses
from netprobe.diagnosis.verdict import felt_paths, judge
from netprobe.fixes.behind import with_faults_behind
from netprobe.fixes.best import say_free_way
from netprobe.fixes.passages import beside_the_vpc, passages
from netprobe.fixes.retrace import trace_target
from netprobe.fixes.savings import savings
from netprobe.fixes.ways_out import find_ways_out, linked
from netprobe.model.changes import Change
from netprobe.model.finding import Finding, PathKey
from netprobe.model.observation import ProbeRun
from netprobe.model.report import Path, Report, Verdict
from netprobe.model.snapshot import Snapshot
from netprobe.workflows.preparing import (
    Capabilities,
    CheckRequest,
    Prepared,
    asked_by,
    families_of,
    prepare,
)
from netprobe.workflows.probing import ask, run_probes
from netprobe.workflows.second_look import Again, Looked, look_again
from netprobe.workflows.targets import Chosen
from probe_lambda.wire import ProbeRequest

__all__ = [
    "Capabilities",
    "CheckRequest",
    "Prepared",
    "Seen",
    "look",
    "prepare",
    "question_of",
    "run_check",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What both witnesses say of every path, and what that comes to."""

    case: Case
    findings: tuple[Finding, ...]
    verdict: Verdict
    summary: str


def look(prepared: Prepared, request: CheckRequest, runs: Iterable[ProbeRun]) -> Seen:
    """Walk every path, join both witnesses, look for faults and judge; no ways out."""
    runs = tuple(runs)
    return _seen(prepared, request, runs, tuple(_paths(prepared, request, runs)))


def _seen(
    prepared: Prepared,
    request: CheckRequest,
    runs: tuple[ProbeRun, ...],
    paths: tuple[Path, ...],
) -> Seen:
    sources = prepared.sources
    client = (
        CLIENTS[request.client]
        if request.client
        else client_for_runtime(sources.function.runtime if sources.function else None)
    )
    case = Case(
        snapshot=prepared.snapshot,
        sources=sources.sources,
        targets=prepared.chosen.targets,
        paths=paths,
        client=client,
        sandboxes=tuple(run.sandbox for run in runs if run.sandbox is not None),
    )
    findings = with_faults_behind(case, examine(case))
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
    progress = capabilities.progress

    def walk(snapshot: Snapshot, said: tuple[ProbeRun, ...]) -> tuple[Path, ...]:
        progress.step("walking the configuration")
        return tuple(_paths(replace(prepared, snapshot=snapshot), request, said))

    if request.probe:
        question, runner = question_of(request, prepared.chosen), capabilities.runner
        with run_probes(prepared.plan, question, runner, progress, keep=request.keep) as (
            deployed,
            runs,
        ):
            again = Again(
                read=lambda: capabilities.source.read(prepared.vpc_id, asked_by(request)),
                walk=walk,
                deployed=deployed,
                plan=prepared.plan,
                question=question,
                progress=progress,
            )
            looked = look_again(again, prepared.snapshot, runs)
    else:
        looked = Looked(snapshot=prepared.snapshot, runs=(), paths=walk(prepared.snapshot, ()))
    return _report(replace(prepared, snapshot=looked.snapshot), request, capabilities, looked)


def _report(
    prepared: Prepared,
    request: CheckRequest,
    capabilities: Capabilities,
    looked: Looked,
) -> Report:
    seen = _seen(prepared, request, looked.runs, looked.paths)
    case, findings, paths = seen.case, seen.findings, seen.case.paths
    capabilities.progress.step("looking for ways out")
    out = find_ways_out(case)
    found = tuple(passages(case))
    needed = {call for path in paths if path.trace for call in path.trace.unread}
    missing = tuple(dict.fromkeys(sentence for run in looked.runs for sentence in run.missing))
    return Report(
        netprobe_version=capabilities.version,
        started_at=_timestamp(prepared.started_at),
        finished_at=_timestamp(capabilities.clock.now()),
        account=prepared.snapshot.account,
        region=prepared.snapshot.region,
        vpc_id=prepared.vpc_id,
        verdict=seen.verdict,
        summary=_with_assumed(
            seen.summary + say_free_way(case, seen.verdict, findings, out.fixes), request.assumed
        ),
        client=case.client.name,
        sources=case.sources,
        targets=case.targets,
        paths=paths,
        findings=linked(findings, out.fixes),
        felt=felt_paths(case),
        fixes=out.fixes,
        ways_out=out.ways,
        passages=found,
        savings=tuple(savings(case, found)),
        gaps=tuple(gap for gap in prepared.snapshot.gaps if gap.asked or gap.call in needed),
        clean_up=capabilities.runner.clean_up,
        clients=tuple(habits(case)),
        sandboxes=case.sandboxes,
        assumed=request.assumed,
        remarks=(
            *(f"assumed: {change}" for change in request.assumed),
            *prepared.sources.remarks,
            *prepared.chosen.remarks,
            *egress_identities(prepared.snapshot, paths),
            *beside_the_vpc(case),
            *missing,
            *looked.remarks,
        ),
        expectations=judge_expectations(
            request.expectations, case.sources, case.targets, paths, findings
        ),
    )


def _with_assumed(summary: str, assumed: tuple[Change, ...]) -> str:
    """Return the answer with what it hangs on, wherever it is pasted."""
    if not assumed:
        return summary
    count = len(assumed)
    return f"with {count} change{'s' * (count > 1)} assumed, {summary}"


def _timestamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _paths(prepared: Prepared, request: CheckRequest, runs: Iterable[ProbeRun]) -> Iterator[Path]:
    tracer = Tracer(prepared.snapshot, in_detail=request.in_detail)
    by_source = {run.source_id: run for run in runs}
    for source in prepared.sources.sources:
        run = by_source.get(source.id)
        for target in prepared.chosen.targets:
            for family in families_of(target, request.families):
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
