"""Which address families a VPC is made for: what it was never to have is no cause of a fault."""

from __future__ import annotations

from collections.abc import Iterable

from netprobe.diagnosis.case import Case, Hit
from netprobe.model.addresses import NAT64_PREFIX, Family
from netprobe.model.flow import Source
from netprobe.model.observation import Outcome
from netprobe.model.report import Path
from netprobe.model.resources import RouteTable, TargetKind

_NO_NAME = frozenset({Outcome.DNS_NODATA, Outcome.DNS_NXDOMAIN})


def is_ipv6_design(case: Case, hits: Iterable[Hit]) -> bool:
    """Tell whether all was to go over IPv6.

    IPv6 is set up there, IPv4 is not, and the targets have IPv6.
    """
    return all(
        is_ipv6_meant(case, case.source(hit.path))
        and not is_ipv4_meant(case, case.source(hit.path))
        and _has_ipv6(case, hit.path)
        for hit in hits
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
    if _has_route(case.route_table(source.subnet_id), Family.IPV6):
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


def _has_ipv6(case: Case, path: Path) -> bool:
    other = case.between(case.source(path), case.target(path)).get(Family.IPV6)
    if other is None:
        return False
    if other.observation is not None and other.observation.outcome in _NO_NAME:
        return False
    resolution = other.trace.resolution if other.trace else None
    return resolution is None or not resolution.lacks_record
