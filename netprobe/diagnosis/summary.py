"""The answer in one sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from netprobe.diagnosis.case import Case
from netprobe.diagnosis.paths import is_captured, is_silence
from netprobe.diagnosis.states import State, state_of
from netprobe.model.addresses import Family
from netprobe.model.finding import Finding, Role
from netprobe.model.report import PathVerdict, Target, TargetKind, Verdict

MOST_REASONS = 2
"""Beside the first target's; a sentence with more of them is none."""


def summarize(
    case: Case, findings: tuple[Finding, ...], verdict: Verdict, guilty: tuple[Target, ...]
) -> str:
    """Return the sentence a person would paste into a ticket."""
    name = _named(case, guilty)
    match verdict:
        case Verdict.HEALTHY:
            return f"{name} can be reached{_ways(case, guilty)}"
        case Verdict.UNKNOWN:
            certain = tuple(item for item in _roots(findings) if not item.code.startswith("NP9"))
            known = f". Certain already: {_causes(case, certain, case.targets)}" if certain else ""
            return f"no answer for {name}: {_why_unknown(case)}{known}"
        case Verdict.APPLICATION_ERROR:
            return f"the network is fine, {name} refuses: {_refusal(case, findings, guilty)}"
        case Verdict.DEGRADED:
            cut_off = _is_cut_off_somewhere(case, guilty)
            how = " from some subnets only" if cut_off else f", but {_delay(case)}"
            return _each(case, findings, guilty, f"can be reached{how}")
        case Verdict.INTERMITTENT:
            return _each(case, findings, guilty, "can be reached from some subnets only")
        case Verdict.BROKEN:
            return _each(case, findings, guilty, "cannot be reached")


def _delay(case: Case) -> str:
    """Return who waits, and how long, before what works is tried."""
    client, seconds = case.client, case.client.fallback_seconds
    if seconds is None:
        return f"{client.name} does not get through at once"
    each = "" if client.races else " an address"
    return f"{client.name} waits {seconds:g} s{each} for {client.order[0].label} first"


def _each(case: Case, findings: tuple[Finding, ...], guilty: tuple[Target, ...], what: str) -> str:
    """Return the sentence for targets that fail alike, and beside it why the others do."""
    alike: dict[str, list[Target]] = {}
    for target in guilty:
        alike.setdefault(_causes(case, findings, (target,)), []).append(target)
    (first, targets), *others = alike.items()
    said = [f"{_named(case, targets)} {what}: {first}"]
    said += [f"{_named(case, group)}: {causes}" for causes, group in others[:MOST_REASONS]]
    rest = sum(len(group) for _, group in others[MOST_REASONS:])
    if rest:
        said.append(f"{rest} more target{'s' * (rest > 1)} for other reasons")
    return ". ".join(said)


def _named(case: Case, targets: Sequence[Target]) -> str:
    """Return the first target by its name, and how many there are beside it."""
    if not targets:
        return "nothing"
    others = len(targets) - 1
    name = describe(case, targets[0])
    return f"{name} and {others} other target{'s' * (others > 1)}" if others else name


def describe(case: Case, target: Target) -> str:
    """Return a target as people speak of it."""
    api = case.snapshot.api(target.api_id) if target.api_id else None
    if api is None:
        return target.given
    if target.kind is TargetKind.WEBSOCKET_API:
        return f"@connections of WebSocket API {api.api_id}"
    return f"{api.kind.upper()} API {api.api_id}"


def _ways(case: Case, guilty: tuple[Target, ...]) -> str:
    ids = {target.id for target in guilty}
    working = {
        path.key.family
        for path in case.paths
        if path.key.target in ids and path.verdict is PathVerdict.WORKS
    }
    return f" over {' and '.join(item.label for item in Family if item in working)}"


def _is_cut_off_somewhere(case: Case, guilty: tuple[Target, ...]) -> bool:
    """Tell whether from one of the sources no family reaches one of the targets."""
    return any(
        all(
            path.verdict is PathVerdict.BLOCKED
            for path in case.paths
            if (path.key.source, path.key.target) == (source.id, target.id)
        )
        for source in case.sources
        for target in guilty
    )


def _why_unknown(case: Case) -> str:
    unread = dict.fromkeys(call for path in case.paths if path.trace for call in path.trace.unread)
    by_id = {target.id: target for target in case.targets}
    if not unread and any(is_silence(by_id[p.key.target], p.observation) for p in case.paths):
        return "nothing came back, which proves nothing of UDP: name a --target that answers"
    perhaps = [p for p in case.paths if state_of(p) is State.PERHAPS]
    if not unread and perhaps:
        host = by_id[perhaps[0].key.target].host
        return f"whether {host} has an IPv6 address is not known; send packets to find out"
    if not unread:
        return "the way leads out of what this account can show; send packets to find out"
    actions = dict.fromkeys(
        gap.iam_action if (gap := case.snapshot.gap(call)) else call for call in unread
    )
    return f"{', '.join(unread)} could not be read; allow {', '.join(actions)}"


def _refusal(case: Case, findings: tuple[Finding, ...], guilty: tuple[Target, ...]) -> str:
    path = next(
        item
        for item in case.paths
        if item.key.target == guilty[0].id and item.verdict is PathVerdict.REFUSED
    )
    seen = path.observation
    last = seen.stages[-1] if seen and seen.stages else None
    if last is None and not is_captured(path):  # configuration alone tells
        return _causes(case, findings, guilty)
    if last is None:
        return "the name leads to an endpoint that does not serve it"
    headers = last.detail.get("headers") or {}
    kind = headers.get("x-amzn-errortype")
    return f"HTTP {last.detail.get('status')}" + (f" {kind}" if kind else "")


def _roots(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    return tuple(item for item in findings if item.role is Role.ROOT_CAUSE)


def _causes(case: Case, findings: tuple[Finding, ...], targets: Iterable[Target]) -> str:
    """Return the root causes of some targets, per family where they differ."""
    ids = {target.id for target in targets}
    roots = [i for i in _roots(findings) if any(key.target in ids for key in i.paths)]
    if not roots:
        probed = any(path.observation is not None for path in case.paths)
        who = "packets say" if probed else "configuration says"
        return f"the {who} so and nothing readable explains it"
    words = {}
    for family in Family:
        mine = [
            item
            for item in roots
            if any(key.family is family and key.target in ids for key in item.paths)
        ]
        if mine:
            words[family] = ", ".join(dict.fromkeys(item.phrase for item in mine))
    if len(words) == len(Family) and len(set(words.values())) == 1:
        return next(iter(words.values()))
    return "; ".join(f"{family.label}: {causes}" for family, causes in words.items())
