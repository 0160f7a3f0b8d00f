"""Expectations by configuration alone: each becomes flows that are walked; nothing is sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from netprobe.diagnosis.expectations import judge_paths
from netprobe.errors import UsageError
from netprobe.model.addresses import Family
from netprobe.model.answer import FlowAnswer
from netprobe.model.expectation import Expectation, JudgedExpectation, Kept, Over
from netprobe.model.finding import PathKey
from netprobe.model.flow import TCP, UDP
from netprobe.model.report import Path, PathVerdict, TargetKind, Witnesses
from netprobe.model.snapshot import Snapshot
from netprobe.model.trace import Disposition
from netprobe.workflows.expecting import RESOURCE
from netprobe.workflows.flow_requests import FlowRequest
from netprobe.workflows.target_databases import database_kind, database_target
from netprobe.workflows.target_urls import HTTPS_PORT, host_target, url_target
from netprobe.workflows.targets import api_of_arn
from netprobe.workflows.trace import FlowTracer

_UNDECIDED = frozenset({Disposition.UNKNOWN, Disposition.LEFT_VIEW, None})
_DATAGRAMS = frozenset({TargetKind.UDP, TargetKind.NTP})


@dataclass(frozen=True, slots=True, kw_only=True)
class _End:
    """A target as the destination of a flow."""

    destination: str
    port: int = HTTPS_PORT
    protocol: int = TCP


def judge_flows(
    expectations: Iterable[Expectation], tracer: FlowTracer
) -> tuple[JudgedExpectation, ...]:
    """Return what the configuration makes of each; raises NetprobeError for an end it lacks."""
    return tuple(_judge(item, tracer) for item in expectations)


def _judge(expectation: Expectation, tracer: FlowTracer) -> JudgedExpectation:
    paths = tuple(_paths(expectation, tracer))
    judged = judge_paths(expectation, paths)
    deciding = [path.trace for path in paths if path.key in judged.paths and path.trace]
    details = dict.fromkeys(
        trace.blockers[0].detail or trace.blockers[0].resource_id
        for trace in deciding
        if trace.blockers
    )
    if judged.state is not Kept.BROKEN or not details:
        return judged
    return replace(judged, says=f"{judged.says}: {'; '.join(details)}")


def _paths(expectation: Expectation, tracer: FlowTracer) -> Iterator[Path]:
    if expectation.source is None:
        raise UsageError(
            "no-such-path",
            f"nothing can keep or break: {expectation}",
            why="a trace starts somewhere",
            hint='write from = "subnet-...", "function:NAME", "eni-..." or "i-..."',
        )
    end = _end(expectation.target, tracer.snapshot)
    refused: list[UsageError] = []
    asked = 0
    for family in expectation.over.families:
        request = FlowRequest(
            source=expectation.source,
            destination=end.destination,
            protocol=end.protocol,
            port=end.port,
            family=family,
        )
        try:
            answer = tracer.ask(request)
        except UsageError as error:
            if error.reference != "other-family" or expectation.over is not Over.ANY:
                raise
            refused.append(error)  # an address has only its own family, and any will do
            continue
        asked += 1
        yield from _answered(expectation, expectation.source, family, answer)
    if not asked:
        raise refused[0]


def _answered(
    expectation: Expectation, source: str, family: Family, answer: FlowAnswer
) -> Iterator[Path]:
    """Yield a path for each subnet: a function that works from one of them works sometimes."""
    for start, disposition in answer.subnets or ((source, answer.disposition),):
        worst = answer.trace is not None and answer.trace.disposition is disposition
        yield Path(
            key=PathKey(source=start, target=expectation.target, family=family),
            verdict=_verdict(disposition),
            witnesses=Witnesses.CONFIGURATION_ONLY,
            trace=answer.trace if worst else None,
        )


def _verdict(disposition: Disposition | None) -> PathVerdict:
    if disposition in _UNDECIDED:
        return PathVerdict.UNKNOWN
    works = disposition is Disposition.DELIVERED
    return PathVerdict.WORKS if works else PathVerdict.BLOCKED


def _end(text: str, snapshot: Snapshot) -> _End:
    """Return what ``--to``, ``--port`` and ``--protocol`` would be; raises UsageError."""
    if RESOURCE.fullmatch(text) or text.startswith("service:"):
        return _End(destination=text)
    if text.startswith("api:"):
        return _End(destination=text.partition("/")[0])
    if database_kind(text):
        database = database_target(text, snapshot)
        return _End(destination=database.host, port=database.port)
    if text.startswith("arn:"):
        api_id, _ = api_of_arn(text)
        return _End(destination=f"api:{api_id}" if api_id else text)
    target = url_target(text) if "://" in text else host_target(text)
    if target.kind is TargetKind.DNS:
        what = f"a trace sends no question: {text}"
        raise UsageError("unsupported-target", what, hint="netprobe check --expect asks it")
    protocol = UDP if target.kind in _DATAGRAMS else TCP
    return _End(destination=target.host, port=target.port, protocol=protocol)
