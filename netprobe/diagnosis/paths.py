"""Joining the two witnesses of one path."""

from __future__ import annotations

from netprobe.diagnosis.refusals import names_a_policy
from netprobe.model.addresses import Family
from netprobe.model.observation import Observation, Outcome, StageName
from netprobe.model.report import Path, PathVerdict, Target, TargetKind, Witnesses
from netprobe.model.trace import Disposition, Trace

_REACHED = frozenset({Outcome.REACHABLE, Outcome.HTTP_ERROR, Outcome.TLS_FAILED, Outcome.REFUSED})
"""Outcomes that only a far end can give: the network carried packets both ways."""

_UNDECIDED = frozenset({Disposition.UNKNOWN, Disposition.LEFT_VIEW})

_SERVER_ERROR = 500
_UNSIGNED_ANSWERS = frozenset({400, 401, 403, 404, 405, 410, 426})
"""What the right far end answers without credentials, or to a path that may not exist."""

_REFUSALS = ("AccessDenied", "ForbiddenException", "WAFFiltered")
"""``x-amzn-errortype`` of answers that a policy gave, not the lack of a signature."""


def judge_path(
    target: Target,
    trace: Trace | None,
    observation: Observation | None,
    refused_with: frozenset[int] = frozenset(),
) -> tuple[PathVerdict, Witnesses]:
    """Return what holds for a path, and whether both witnesses say so.

    Packets decide what works; configuration speaks alone where none were sent. Where it says
    that the far end refuses, ``refused_with`` holds the statuses that agree with that.
    """
    if observation is None or observation.outcome is Outcome.NOT_PROBED:
        verdict, witnesses = _by_configuration(trace), Witnesses.CONFIGURATION_ONLY
        agrees = bool(refused_with)
    elif is_silence(target, observation) and _by_configuration(trace) is not PathVerdict.BLOCKED:
        return PathVerdict.UNKNOWN, Witnesses.CONFIGURATION_ONLY
    else:
        verdict = _by_packets(target, trace, observation)
        witnesses = _agreement(trace, observation)
        agrees = observation.status in refused_with
    refused = agrees and verdict is PathVerdict.WORKS
    return PathVerdict.REFUSED if refused else verdict, witnesses


def is_silence(target: Target, seen: Observation | None) -> bool:
    """Tell whether the packets prove nothing: not every datagram is one that gets an answer."""
    silent = seen is not None and seen.outcome is Outcome.TIMEOUT
    return silent and target.kind is TargetKind.UDP


def is_captured(path: Path) -> bool:
    """Tell whether an execute-api endpoint's private DNS answers for an API it cannot serve."""
    resolution = path.trace.resolution if path.trace else None
    return resolution is not None and resolution.captured


def hangs_on_record(trace: Trace) -> bool:
    """Tell whether an open IPv6 path leads to a name that may have no AAAA record.

    Public names are not in the configuration; nearly all have an A record, and many nothing else.
    """
    resolution = trace.resolution
    return (
        trace.disposition is Disposition.DELIVERED
        and resolution is not None
        and resolution.family is Family.IPV6
        and resolution.assumed
        and resolution.exists is None
    )


def _by_configuration(trace: Trace | None) -> PathVerdict:
    if trace is None or trace.disposition in _UNDECIDED:
        return PathVerdict.UNKNOWN
    if trace.disposition is not Disposition.DELIVERED:
        return PathVerdict.BLOCKED
    if hangs_on_record(trace):
        return PathVerdict.UNKNOWN
    captured = trace.resolution is not None and trace.resolution.captured
    return PathVerdict.REFUSED if captured else PathVerdict.WORKS


def _by_packets(target: Target, trace: Trace | None, seen: Observation) -> PathVerdict:
    if seen.outcome is Outcome.REACHABLE:
        return PathVerdict.WORKS
    if seen.outcome is not Outcome.HTTP_ERROR:
        return PathVerdict.BLOCKED
    if trace is not None and trace.resolution is not None and trace.resolution.captured:
        return PathVerdict.REFUSED
    return PathVerdict.WORKS if _is_expected(target, seen) else PathVerdict.REFUSED


def _is_expected(target: Target, seen: Observation) -> bool:
    """Tell whether an unsigned request is refused as the right far end refuses all of them.

    ``@connections`` wants a signature and answers 403; that answer proves the way to it.
    """
    stage = seen.stage(StageName.REQUEST)
    if stage is None or stage.outcome is Outcome.REACHABLE:
        stage = seen.stage(StageName.WEBSOCKET) or stage
    status = stage.detail.get("status") if stage else None
    if not isinstance(status, int) or status >= _SERVER_ERROR:
        return False
    if names_a_policy(seen):
        return False
    headers = (stage.detail.get("headers") if stage else None) or {}
    kind = str(headers.get("x-amzn-errortype", ""))
    if target.kind is TargetKind.WEBSOCKET_API and "@connections" in (target.path or ""):
        return not kind.startswith(_REFUSALS)
    if target.kind in {TargetKind.SERVICE, TargetKind.CONTROL}:
        return True
    return not target.path_given and status in _UNSIGNED_ANSWERS and not kind.startswith(_REFUSALS)


def _agreement(trace: Trace | None, seen: Observation) -> Witnesses:
    if trace is None or trace.disposition in _UNDECIDED:
        return Witnesses.PACKETS_ONLY
    delivered = trace.disposition is Disposition.DELIVERED
    reached = seen.outcome in _REACHED or _connected(seen)
    undecided = trace.resolution is not None and trace.resolution.exists is None
    if seen.outcome in {Outcome.DNS_NODATA, Outcome.DNS_NXDOMAIN} and delivered and undecided:
        return Witnesses.PACKETS_ONLY  # configuration does not know what public names hold
    return Witnesses.AGREE if delivered == reached else Witnesses.DISAGREE


def _connected(seen: Observation) -> bool:
    stage = seen.stage(StageName.CONNECT)
    return stage is not None and stage.outcome is Outcome.REACHABLE
