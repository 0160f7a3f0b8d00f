"""Faults that hide behind another one: where the call would go once that is mended.

A name that leads astray, or to nothing, keeps the packets and the walk from the way that was
meant, and so does a service that leaves by the internet because its gateway endpoint misses a
table. What stands on that way alone still stops the call after the first fault is mended, so it is
a root cause as well, found by walking the configuration as it would be then. No packet has been
there: the configuration speaks alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from netprobe.analysis.tracer import Tracer
from netprobe.diagnosis.case import Case
from netprobe.diagnosis.examine import examine, ranked
from netprobe.diagnosis.paths import judge_path
from netprobe.diagnosis.refusing import refusing_statuses
from netprobe.fixes.apply import apply_all
from netprobe.fixes.retrace import trace_target
from netprobe.model.changes import AddEndpointTable, EnableDns, LeaveZone, SetPrivateDns
from netprobe.model.finding import Confidence, Evidence, Finding, PathKey, Role
from netprobe.model.report import Path, Target
from netprobe.model.snapshot import Snapshot

MOST_LAYERS = 3
"""A fault behind a fault may hide another one; deeper than this nobody has met any."""

_Mend = Callable[[Snapshot, Case, Path, Finding], Snapshot]

_FILTERS = ("NP2", "NP3")
_OF_ROUTES = frozenset(
    {
        "route-v4-no-default-route",
        "route-mixed-subnets-intermittent",
        "route-table-main-implicit",
        "route-v6-no-default",
    }
)
"""What a company's own servers say of a name may be an address that has a route."""


def with_faults_behind(case: Case, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return the findings with those that are met once a fault in front of them is mended."""
    found, snapshot, mended = findings, case.snapshot, set[str]()
    for _ in range(MOST_LAYERS):
        first = [
            item
            for item in found
            if item.role is Role.ROOT_CAUSE and item.name in _MENDS and item.name not in mended
        ]
        if not first:
            break
        mended.update(item.name for item in first)
        for item in first:
            for key in item.paths:
                snapshot = _MENDS[item.name](snapshot, case, case.path(key), item)
        further = examine(_walked_again(case, snapshot, first))
        found = (*found, *_new(case, further, found, first))
    return ranked(found)


def _walked_again(case: Case, snapshot: Snapshot, first: Iterable[Finding]) -> Case:
    """Return the case whose paths behind the first faults are those of the mended snapshot."""
    tracer, keys = Tracer(snapshot), {key for item in first for key in item.paths}
    paths = tuple(_again(case, tracer, path) if path.key in keys else path for path in case.paths)
    return replace(case, snapshot=snapshot, paths=paths, index=None)


def _again(case: Case, tracer: Tracer, path: Path) -> Path:
    source, target = case.source(path), case.target(path)
    trace = trace_target(tracer, source, target, path.key.family, None)
    refused = refusing_statuses(tracer.snapshot, source, target, trace)
    verdict, witnesses = judge_path(target, trace, None, refused)
    return replace(path, trace=trace, observation=None, verdict=verdict, witnesses=witnesses)


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
    group, resource = item.code[:-2], item.evidence[0].resource_id
    is_same_filter = other.code[:-2] == group and other.evidence[0].resource_id == resource
    return other.name == item.name or (
        is_same_filter and group in _FILTERS and other.role is Role.ROOT_CAUSE
    )


def _counts(case: Case, item: Finding, front: Finding, key: PathKey) -> bool:
    own = front.name in _BY_OWN_SERVERS and not _is_of_aws(case.target(case.path(key)))
    return not (own and item.name in _OF_ROUTES)


def _is_of_aws(target: Target) -> bool:
    return target.service is not None or target.host.endswith((".amazonaws.com", ".api.aws"))


def _placed(item: Finding, front: Finding, keys: list[PathKey]) -> Finding:
    behind = Evidence(
        resource_id=front.evidence[0].resource_id,
        says=f"stands in front of it ({front.code} {front.name}): met once that is mended",
    )
    low = item.confidence is Confidence.LOW
    return replace(
        item,
        paths=tuple(keys),
        evidence=(*item.evidence, behind),
        confidence=Confidence.LOW if low else Confidence.MEDIUM,
    )


def _ask_amazon(snapshot: Snapshot, case: Case, path: Path, _: Finding) -> Snapshot:
    """Ask the Amazon resolver, which knows public names and those of the VPC."""
    vpc_id = case.source(path).vpc_id
    vpcs = tuple(
        replace(item, dhcp_options_id=None) if item.vpc_id == vpc_id else item
        for item in snapshot.vpcs
    )
    return replace(snapshot, vpcs=vpcs)


def _enable_dns(snapshot: Snapshot, case: Case, path: Path, _: Finding) -> Snapshot:
    vpc_id = case.source(path).vpc_id
    vpcs = tuple(
        replace(item, enable_dns_hostnames=True) if item.vpc_id == vpc_id else item
        for item in snapshot.vpcs
    )
    return apply_all(replace(snapshot, vpcs=vpcs), (EnableDns(vpc_id=vpc_id),))


def _private_dns_on(snapshot: Snapshot, case: Case, path: Path, finding: Finding) -> Snapshot:
    """Let the endpoint that the finding names answer for its service."""
    vpc_id = case.source(path).vpc_id
    named = {item.resource_id for item in finding.evidence}
    changes = [
        SetPrivateDns(vpc_endpoint_id=item.vpc_endpoint_id, enabled=True)
        for item in snapshot.vpc_endpoints
        if item.vpc_endpoint_id in named and item.vpc_id == vpc_id
    ]
    return apply_all(snapshot, changes[:1])


def _release(snapshot: Snapshot, _: Case, path: Path, __: Finding) -> Snapshot:
    """Let public DNS answer for a name that an endpoint captures."""
    resolution = path.trace.resolution if path.trace else None
    if resolution is None or resolution.endpoint_id is None:
        return snapshot
    off = SetPrivateDns(vpc_endpoint_id=resolution.endpoint_id, enabled=False)
    return apply_all(snapshot, (off,))


def _leave_zone(snapshot: Snapshot, case: Case, path: Path, _: Finding) -> Snapshot:
    resolution, source = path.trace.resolution if path.trace else None, case.source(path)
    if resolution is None or resolution.authority_id is None:
        return snapshot
    left = LeaveZone(
        hosted_zone_id=resolution.authority_id, vpc_id=source.vpc_id, region=snapshot.region
    )
    return apply_all(snapshot, (left,))


def _add_table(snapshot: Snapshot, case: Case, path: Path, finding: Finding) -> Snapshot:
    """Associate the gateway endpoint with the source's table."""
    named = {item.resource_id for item in finding.evidence}
    table = case.route_table(case.source(path).subnet_id)
    lists = {item.name: item.prefix_list_id for item in snapshot.prefix_lists}
    for item in snapshot.vpc_endpoints:
        listed = lists.get(item.service_name)
        if item.vpc_endpoint_id in named and table is not None and listed is not None:
            added = AddEndpointTable(
                vpc_endpoint_id=item.vpc_endpoint_id,
                prefix_list_id=listed,
                route_table_id=table.route_table_id,
            )
            if table.route_table_id not in item.route_table_ids:
                return apply_all(snapshot, (added,))
    return snapshot


_BY_OWN_SERVERS = frozenset({"sg-blocks-custom-dns", "dhcp-dns-unaware"})
_MENDS: dict[str, _Mend] = {
    **dict.fromkeys(_BY_OWN_SERVERS, _ask_amazon),
    "vpc-dns-support-off": _enable_dns,
    "endpoint-private-dns-disabled": _private_dns_on,
    "private-api-name-unresolvable": _private_dns_on,
    "apigw-private-dns-hijack-rest-http": _release,
    "apigw-private-dns-hijack-websocket": _release,
    "stale-central-zone-association": _leave_zone,
    "gateway-endpoint-not-in-table": _add_table,
}
"""What each fault in front keeps the call from, as the configuration would be without it."""
