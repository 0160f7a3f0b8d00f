"""Faults that hide behind another one: where the call would go once that is mended.

A name that leads astray, or to nothing, keeps the packets and the walk from the way that was
meant, and so does a service that leaves by the internet because its gateway endpoint misses a
table. What stands on that way alone still stops the call after the first fault is mended, so it is
a root cause as well, found by walking the configuration as it would be then. No packet has been
there: the configuration speaks alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from netprobe.analysis.tracer import Tracer
from netprobe.diagnosis.arns import api_behind
from netprobe.diagnosis.case import Case
from netprobe.diagnosis.examine import FILTERS, examine, ranked
from netprobe.diagnosis.paths import judge_path
from netprobe.diagnosis.refusing import refusing_statuses
from netprobe.fixes.fronts import BY_OTHERS, MENDS, OF_THE_WAY
from netprobe.fixes.retrace import trace_target
from netprobe.model.finding import IN_FRONT, Confidence, Evidence, Finding, PathKey, Role
from netprobe.model.observation import Observation
from netprobe.model.report import Path
from netprobe.model.snapshot import Snapshot

MOST_LAYERS = 3
"""A fault behind a fault may hide another one; deeper than this nobody has met any."""

_INGRESS = frozenset({"NP205", "NP206", "NP207", "NP208"})
_EXACT = frozenset({"sg-egress-prefix-list-gap", "nacl-blocks-gateway-prefixes"})
"""What a group or an ACL lacks for a gateway endpoint, which keeps public addresses."""
_NO_WAY = frozenset(
    {
        *("route-v4-no-default-route", "route-mixed-subnets-intermittent", "route-v6-no-default"),
        *("route-table-main-implicit", "service-endpoint-absent", "gateway-endpoint-absent"),
        *("endpoint-wrong-flavour", "private-answer-unrouted"),
    }
)
"""What is missing on the way to a public address, and need not be on the way to another one."""
_WHEREVER_IT_LEADS = frozenset(
    {
        *("nat-deleted-blackhole", "nat-failed-or-pending", "nat-in-private-subnet"),
        *("nat-private-connectivity", "sg-egress-missing-v4"),
    }
)
"""What stops a call to any address that no narrower route or rule is for."""
_INNER = (".internal", ".local", ".corp", ".lan", ".intranet", ".intra", ".private", ".home.arpa")
"""Endings of names that public DNS does not have."""


def with_faults_behind(case: Case, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return the findings with those that are met once a fault in front of them is mended."""
    found, snapshot, mended = findings, case.snapshot, set[str]()
    for _ in range(MOST_LAYERS):
        first = [
            item
            for item in found
            if item.role is Role.ROOT_CAUSE and item.name in MENDS and item.name not in mended
        ]
        if not first:
            break
        mended.update(item.name for item in first)
        for item in first:
            for key in item.paths:
                snapshot = MENDS[item.name](snapshot, case, case.path(key), item)
        further = examine(_walked_again(case, snapshot, first))
        found = _with_new(found, tuple(_new(case, further, found, first)))
    return ranked(found)


def _walked_again(case: Case, snapshot: Snapshot, first: Iterable[Finding]) -> Case:
    """Return the case whose paths behind the first faults are those of the mended snapshot."""
    tracer, fronts = Tracer(snapshot), tuple(first)
    behind = {key for item in fronts for key in item.paths}
    renamed = {key for item in fronts if item.name not in OF_THE_WAY for key in item.paths}
    paths = tuple(
        _again(case, tracer, path, None if path.key in renamed else path.observation)
        if path.key in behind
        else path
        for path in case.paths
    )
    return replace(case, snapshot=snapshot, paths=paths, index=None)


def _again(case: Case, tracer: Tracer, path: Path, seen: Observation | None) -> Path:
    """Walk a path again, to the address that was seen where that is still the right one."""
    source, target = case.source(path), case.target(path)
    trace = trace_target(tracer, source, target, path.key.family, seen)
    refused = refusing_statuses(tracer.snapshot, source, target, trace)
    verdict, witnesses = judge_path(target, trace, None, refused)
    return replace(path, trace=trace, observation=None, verdict=verdict, witnesses=witnesses)


def _with_new(known: tuple[Finding, ...], new: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return both; a name that says more of a closed group or ACL takes the other's paths."""
    exact = [item for item in new if item.name in _EXACT]
    kept = (_without(item, [other for other in exact if _is_same_filter(item, other)], known)
            for item in known)  # fmt: skip
    return (*filter(None, kept), *new)


def _without(item: Finding, exact: list[Finding], known: tuple[Finding, ...]) -> Finding | None:
    """Return a finding without the paths of others, None where nothing is left of it."""
    taken = {key for other in exact for key in other.paths}
    rest = tuple(key for key in item.paths if key not in taken)
    if len(rest) == len(item.paths):
        return item
    fronts = {key for i in known if i.name in item.moot_beside for key in i.paths}
    if not rest:
        return None
    role = Role.CONTRIBUTING if fronts.issuperset(rest) else item.role
    return replace(item, paths=rest, role=role)


def _new(
    case: Case,
    further: Iterable[Finding],
    known: tuple[Finding, ...],
    first: Iterable[Finding],
) -> Iterator[Finding]:
    """Yield the root causes that were not known of a path, with what they stand behind."""
    for item in further:
        told = {key for other in known if _says_the_same(item, other) for key in other.paths}
        for front in first:
            keys = [
                key
                for key in item.paths
                if key in front.paths and key not in told and _counts(case, item, front, key)
            ]
            if item.role is Role.ROOT_CAUSE and keys:
                yield _placed(item, front, keys)
                break


def _says_the_same(item: Finding, other: Finding) -> bool:
    """Tell whether two findings are one: a closed group is called by what it lets out instead."""
    return other.name == item.name or (item.name not in _EXACT and _is_same_filter(item, other))


def _is_same_filter(item: Finding, other: Finding) -> bool:
    group, resource = item.code[:-2], item.evidence[0].resource_id
    is_same = other.code[:-2] == group and other.evidence[0].resource_id == resource
    one_way = (item.code in _INGRESS) == (other.code in _INGRESS)
    return is_same and one_way and group in FILTERS and other.role is Role.ROOT_CAUSE


def _counts(case: Case, item: Finding, front: Finding, key: PathKey) -> bool:
    """Tell whether a finding holds wherever the name leads, once those who are asked answer.

    Servers of a company's own, and zones that are shared, may know an address of a name that the
    account does not show: a hub's endpoint, a host on premises. An API that is not private has
    API Gateway's public addresses, whoever is asked.
    """
    if front.name not in BY_OTHERS:
        return True
    target = case.target(case.path(key))
    api = api_behind(case.snapshot, target)
    if api is not None and not api.is_private:
        return True
    host = target.host.rstrip(".").lower()
    if host.endswith((".amazonaws.com", ".api.aws")):
        return item.name not in _NO_WAY
    public = "." in host and not host.endswith(_INNER) and front.name != "resolver-rule-hijack"
    return public and item.name in _WHEREVER_IT_LEADS


def _placed(item: Finding, front: Finding, keys: list[PathKey]) -> Finding:
    behind = Evidence(
        resource_id=front.evidence[0].resource_id,
        says=f"{IN_FRONT} ({front.code} {front.name}): met once that is mended",
    )
    low = item.confidence is Confidence.LOW
    return replace(
        item,
        paths=tuple(keys),
        evidence=(*item.evidence, behind),
        confidence=Confidence.LOW if low else Confidence.MEDIUM,
    )
