"""A saved report of JSON version 1 as one side of a comparison."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from netprobe.model.addresses import Family, parse_address
from netprobe.model.comparison import KnownFinding, Side
from netprobe.model.finding import PathKey, Role
from netprobe.model.flow import Flow, Source
from netprobe.model.observation import Observation, Outcome
from netprobe.model.report import Path, PathVerdict, Target, TargetKind, Verdict, Witnesses
from netprobe.model.trace import (
    Blocker,
    Component,
    Disposition,
    Half,
    HalfTrace,
    Hop,
    Reason,
    Trace,
)
from netprobe.workflows.saved_reports import unreadable_report

Json = Mapping[str, Any]


def side_of_report(report: Json, name: str) -> Side:
    """Return what the report says, as far as it is compared; raises NetprobeError."""
    try:
        return _side(report, name)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise unreadable_report(name, "is no whole report", _words(error)) from error


def _words(error: Exception) -> str:
    match error:
        case KeyError(args=[str() as key]):
            return f"it lacks {key!r}"
        case ValueError():
            return str(error)
        case _:
            return "a part of it has another shape"


def _text(item: Json, key: str) -> str:
    """Return a text; raises ValueError for anything else."""
    value = item[key]
    if isinstance(value, str):
        return value
    message = f"{key} is {type(value).__name__}, not text"
    raise ValueError(message)


def _side(report: Json, name: str) -> Side:
    sources = {item["id"]: _source(item, report["vpc_id"]) for item in report["sources"]}
    targets = {item["id"]: _target(item) for item in report["targets"]}
    return Side(
        name=name,
        at=_text(report, "started_at"),
        verdict=Verdict(report["verdict"]),
        summary=_text(report, "summary"),
        sources=tuple(sources.values()),
        targets=tuple(targets.values()),
        paths=tuple(
            _path(item, sources[item["source"]], targets[item["target"]])
            for item in report["paths"]
        ),
        findings=tuple(_findings(report["findings"])),
    )


def _source(item: Json, vpc_id: str) -> Source:
    return Source(
        id=_text(item, "id"),
        vpc_id=vpc_id,
        subnet_id=_text(item, "subnet_id"),
        security_group_ids=tuple(item["security_group_ids"]),
        ipv6_allowed=item["ipv6_allowed"],
        function_name=item["function_name"],
        represents=tuple(map(str, item["represents"])),
    )


def _target(item: Json) -> Target:
    return Target(
        id=_text(item, "id"),
        given=_text(item, "given"),
        host=_text(item, "host"),
        port=item["port"],
        kind=TargetKind(item["kind"]),
        ip_address_type=item["ip_address_type"],
        surveyed=item["surveyed"],
    )


def _path(item: Json, source: Source, target: Target) -> Path:
    key = PathKey(source=source.id, target=target.id, family=Family(item["family"]))
    trace, seen = item["trace"], item["observation"]
    return Path(
        key=key,
        verdict=PathVerdict(item["verdict"]),
        witnesses=Witnesses(item["witnesses"]),
        trace=_trace(trace, source, target) if trace else None,
        observation=Observation(outcome=Outcome(seen["outcome"])) if seen else None,
    )


def _trace(item: Json, source: Source, target: Target) -> Trace:
    flow = Flow(source=source, destination=parse_address(item["destination"]), port=target.port)
    return Trace(
        flow=flow,
        disposition=Disposition(item["disposition"]),
        request=_half(item["request"]),
        reply=_half(item["reply"]),
        blockers=tuple(_blocker(blocker) for blocker in item["blockers"]),
        unread=tuple(map(str, item["unread"])),
    )


def _half(item: Json) -> HalfTrace:
    return HalfTrace(
        disposition=Disposition(item["disposition"]),
        hops=tuple(
            Hop(
                component=Component(hop["component"]),
                resource_id=_text(hop, "resource_id"),
                entry=hop["entry"],
                detail=_text(hop, "detail"),
                blocks=hop["blocks"],
            )
            for hop in item["hops"]
        ),
    )


def _blocker(item: Json) -> Blocker:
    return Blocker(
        component=Component(item["component"]),
        resource_id=_text(item, "resource_id"),
        half=Half(item["half"]),
        reason=Reason(item["reason"]),
        entry=item["entry"],
        detail=_text(item, "detail"),
        subnet_id=item["subnet_id"],
    )


def _findings(items: Iterable[Json]) -> Iterator[KnownFinding]:
    for item in items:
        primary = next((one for one in item["evidence"] if one["primary"]), None)
        if primary is None:
            message = "a finding without primary evidence"
            raise ValueError(message)
        yield KnownFinding(
            code=_text(item, "code"),
            name=_text(item, "name"),
            title=_text(item, "title"),
            role=Role(item["role"]),
            resource_id=_text(primary, "resource_id"),
            says=_text(primary, "says"),
        )
