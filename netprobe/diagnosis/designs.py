"""Which address families a VPC is made for: what it was never to have is no cause of a fault."""

from __future__ import annotations

from netprobe.diagnosis.case import Case
from netprobe.diagnosis.services import endpoints_for, service_of
from netprobe.diagnosis.states import State, state_of
from netprobe.model.addresses import NAT64_PREFIX, Family, is_private
from netprobe.model.finding import PathKey
from netprobe.model.flow import Source
from netprobe.model.observation import Outcome
from netprobe.model.report import Path
from netprobe.model.resources import RouteTable, TargetKind

_NO_NAME = frozenset({Outcome.DNS_NODATA, Outcome.DNS_NXDOMAIN})
ABOUT_RECORDS = frozenset(
    {
        *("api-ipv4-only", "api-custom-domain-ipv4-only", "sdk-not-dualstack"),
        *("third-party-no-aaaa", "execute-api-endpoint-hides-aaaa"),
    }
)
"""Names of faults that say why a name has no AAAA record."""
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
    client waiting before it tries the other one, or is the only one it knows, is a fault whatever
    was meant; and what lies inside needs no way out.
    """
    path = case.path(key)
    source, family, order = case.source(path), key.family, case.client.order
    other = Family.IPV4 if family is Family.IPV6 else Family.IPV6
    waits = state_of(path) not in _AT_ONCE
    if order == (family,) or (waits and order[0] is family):
        return False
    ipv4 = path if family is Family.IPV4 else _between(case, path, other)
    inside = _stays_inside(case, ipv4)
    if family is Family.IPV4:
        return is_ipv6_alone_meant(case, source) and not inside
    if is_ipv6_meant(case, source):  # but not for a name that has no AAAA record
        return lacks_record(case, key) and has_route_over_ipv4(case, source)
    return is_ipv4_meant(case, source) or inside


def lacks_record(case: Case, key: PathKey) -> bool:
    """Tell whether the name between these two ends is known to have no AAAA record."""
    path = _between(case, case.path(key), Family.IPV6)
    if path is None:
        return True
    if path.observation is not None and path.observation.outcome in _NO_NAME:
        return True
    resolution = path.trace.resolution if path.trace else None
    return resolution is not None and resolution.lacks_record


def _between(case: Case, path: Path, family: Family) -> Path | None:
    return case.between(case.source(path), case.target(path)).get(family)


def is_ipv6_alone_meant(case: Case, source: Source) -> bool:
    """Tell whether all was to leave the subnet over IPv6.

    Where IPv4 has nothing, an egress-only gateway of the VPC is there for IPv6, even when neither
    a route nor the function uses it.
    """
    subnet = case.snapshot.subnet(source.subnet_id)
    has_block = subnet is not None and bool(subnet.ipv6_blocks)
    meant = is_ipv6_meant(case, source) or (has_block and _has_egress_only(case, source))
    return meant and not is_ipv4_meant(case, source)


def is_ipv4_meant(case: Case, source: Source) -> bool:
    """Tell whether IPv4 has a way out of the subnet, or had one that is broken.

    A NAT gateway may be there for NAT64 alone, and a route to an internet gateway for others: a
    function never has the public address that it takes.
    """
    if has_route_over_ipv4(case, source):
        return True
    table, subnet = case.route_table(source.subnet_id), case.snapshot.subnet(source.subnet_id)
    nat64 = (subnet is not None and subnet.enable_dns64) or leads_to_nat64(table)
    gateways = (item for item in case.snapshot.nat_gateways if item.vpc_id == source.vpc_id)
    return not nat64 and any(gateways)


def has_route_over_ipv4(case: Case, source: Source) -> bool:
    """Tell whether a default route leads, or led, out over IPv4, but to an internet gateway."""
    table = case.route_table(source.subnet_id)
    return _has_route(table, Family.IPV4, besides=TargetKind.INTERNET_GATEWAY)


def is_ipv6_meant(case: Case, source: Source) -> bool:
    """Tell whether IPv6 has a way out of the subnet, or had one that is broken."""
    table = case.route_table(source.subnet_id)
    if _has_route(table, Family.IPV6) or leads_to_nat64(table):
        return True
    return source.ipv6_allowed and _has_egress_only(case, source)


def _has_egress_only(case: Case, source: Source) -> bool:
    return any(
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


def leads_to_nat64(table: RouteTable | None) -> bool:
    """Tell whether a table has a route for the addresses that DNS64 makes."""
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
