"""Which address families a VPC is made for: what it was never to have is no cause of a fault."""

from __future__ import annotations

from netprobe.diagnosis.case import Case
from netprobe.diagnosis.services import endpoints_for, service_of
from netprobe.diagnosis.states import State, state_of
from netprobe.model.addresses import NAT64_PREFIX, Family, is_private
from netprobe.model.finding import PathKey
from netprobe.model.flow import Source
from netprobe.model.report import Path
from netprobe.model.resources import RouteTable, TargetKind

_AT_ONCE = frozenset({State.ABSENT, State.FAST})


OF_THE_FAR_END = frozenset(
    {
        *("api-resource-policy-source-ip", "bucket-policy-source-ip", "endpoint-policy-deny"),
        *("execute-api-default-endpoint-disabled", "private-api-policy-deny"),
        *("ws-manage-connections-iam", "ws-wrong-endpoint-path"),
    }
)
"""Names of faults that stop a call in whatever family it arrives."""


def is_absent_by_design(case: Case, key: PathKey) -> bool:
    """Tell whether the other family was to carry the calls between these two ends.

    It has a way out, or had one that is broken, and this family has none. A family that keeps a
    client waiting before it tries the other one is a fault, whatever was meant.
    """
    path = case.path(key)
    source, family = case.source(path), key.family
    other = Family.IPV4 if family is Family.IPV6 else Family.IPV6
    order = case.client.order
    waits = state_of(path) not in _AT_ONCE
    if waits and family in order and (other not in order or order.index(family) == 0):
        return False
    if family is Family.IPV4:
        return is_ipv6_meant(case, source) and not is_ipv4_meant(case, source)
    if is_ipv6_meant(case, source):
        return False
    return is_ipv4_meant(case, source) or _stays_inside(
        case, case.between(source, case.target(path)).get(other)
    )


def is_ipv4_meant(case: Case, source: Source) -> bool:
    """Tell whether IPv4 has a way out of the subnet, or had one that is broken.

    A NAT gateway may be there for NAT64 alone, and a route to an internet gateway for others: a
    function never has the public address that it takes.
    """
    table = case.route_table(source.subnet_id)
    if _has_route(table, Family.IPV4, besides=TargetKind.INTERNET_GATEWAY):
        return True
    subnet = case.snapshot.subnet(source.subnet_id)
    nat64 = (subnet is not None and subnet.enable_dns64) or _leads_to_nat64(table)
    gateways = (item for item in case.snapshot.nat_gateways if item.vpc_id == source.vpc_id)
    return not nat64 and any(gateways)


def is_ipv6_meant(case: Case, source: Source) -> bool:
    """Tell whether IPv6 has a way out of the subnet, or had one that is broken."""
    table = case.route_table(source.subnet_id)
    if _has_route(table, Family.IPV6) or _leads_to_nat64(table):
        return True
    return source.ipv6_allowed and any(
        source.vpc_id in item.attached_vpc_ids
        for item in case.snapshot.internet_gateways
        if item.egress_only
    )


def _has_route(
    table: RouteTable | None, family: Family, *, besides: TargetKind | None = None
) -> bool:
    return table is not None and any(
        route.destination == family.everything and route.target is not besides
        for route in table.routes
    )


def _leads_to_nat64(table: RouteTable | None) -> bool:
    return table is not None and any(route.destination == NAT64_PREFIX for route in table.routes)


def _stays_inside(case: Case, path: Path | None) -> bool:
    """Tell whether a path leads, or was to lead, to an address or an endpoint in private reach."""
    if path is None:
        return False
    service = service_of(case, path)
    if service is not None and any(endpoints_for(case, path, service)):
        return True
    resolution = path.trace.resolution if path.trace else None
    if resolution is not None and resolution.endpoint_id is not None:
        return True
    return path.trace is not None and is_private(path.trace.flow.destination)
