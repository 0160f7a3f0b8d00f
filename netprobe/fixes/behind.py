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
from netprobe.diagnosis.designs import OF_THE_FAR_END
from netprobe.diagnosis.examine import FILTERS, examine, ranked
from netprobe.diagnosis.paths import judge_path
from netprobe.diagnosis.refusing import refusing_statuses
from netprobe.fixes.fronts import BY_OTHERS, LEAD_ASTRAY, MENDS, OF_THE_WAY
from netprobe.fixes.retrace import trace_target
from netprobe.model.addresses import NAT64_PREFIX, Family, family_of
from netprobe.model.finding import IN_FRONT, Confidence, Evidence, Finding, PathKey, Role
from netprobe.model.observation import Observation
from netprobe.model.report import Path
from netprobe.model.resources import Route, TargetKind
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
_ROUTES, _ACLS = "NP1", "NP3"
"""How the codes of faults of routes and what they lead to begin, and those of network ACLs."""
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
        behind = {
            front: keys
            for front in first
            if (keys := [k for k in _shared(item, front, told) if _counts(case, item, front, k)])
        }
        if item.role is Role.ROOT_CAUSE and behind:
            yield _placed(item, behind)


def _shared(item: Finding, front: Finding, told: set[PathKey]) -> Iterator[PathKey]:
    return (key for key in item.paths if key in front.paths and key not in told)


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
    if front.name in LEAD_ASTRAY:
        return item.name in OF_THE_FAR_END
    if front.name not in BY_OTHERS:
        return True
    target = case.target(case.path(key))
    api = api_behind(case.snapshot, target)
    if api is not None and not api.is_private:
        return True
    host = target.host.rstrip(".").lower()
    if host.endswith((".amazonaws.com", ".api.aws")):
        return item.name not in _NO_WAY
    public = "." in host and not host.endswith(_INNER)
    return public and _is_on_the_way_out(case, item, key)


def _is_on_the_way_out(case: Case, item: Finding, key: PathKey) -> bool:
    """Tell whether a finding stops a call to any address outside the VPC.

    Where a narrower route leads out of the VPC, the name may be for what is there.
    """
    source = case.source(case.path(key))
    table = case.route_table(source.subnet_id)
    if table is None or any(_leads_elsewhere(route, key.family) for route in table.routes):
        return False
    own = case.snapshot.network_acl_of(source.subnet_id)
    here = own is None or own.network_acl_id == item.evidence[0].resource_id
    beyond = item.name == "nacl-nat-subnet" or (item.code.startswith(_ACLS) and not here)
    on_the_way = item.code.startswith(_ROUTES) and item.name not in _NO_WAY
    return on_the_way or beyond or item.name == "sg-egress-missing-v4"


def _leads_elsewhere(route: Route, family: Family) -> bool:
    """Tell whether a route leads out of the VPC to addresses of its own, not to an endpoint's."""
    block = route.destination
    if route.target in {TargetKind.LOCAL, TargetKind.VPC_ENDPOINT} or block == NAT64_PREFIX:
        return False
    return block is None or (family_of(block) is family and block.prefixlen > 0)


def _placed(item: Finding, behind: dict[Finding, list[PathKey]]) -> Finding:
    fronts = (
        Evidence(
            resource_id=front.evidence[0].resource_id,
            says=f"{IN_FRONT} ({front.code} {front.name}): met once that is mended",
        )
        for front in behind
    )
    low = item.confidence is Confidence.LOW
    return replace(
        item,
        paths=tuple(dict.fromkeys(key for keys in behind.values() for key in keys)),
        evidence=(*item.evidence, *fronts),
        confidence=Confidence.LOW if low else Confidence.MEDIUM,
    )
