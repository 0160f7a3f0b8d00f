"""Snapshots of several accounts and regions as one: each resource once, as fully as it was read.

A gap in one place is a gap of all, because a look-up does not know whose resource it is after.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from operator import attrgetter
from typing import Any

from netprobe.model.interconnect import (
    TransitGatewayAttachment,
    TransitGatewayRouteTable,
    VpcPeeringConnection,
)
from netprobe.model.names import DomainName, HostedZone, ResolverRule
from netprobe.model.policies import RolePolicies
from netprobe.model.resources import PrefixList
from netprobe.model.snapshot import Gap, Snapshot
from netprobe.model.workloads import Function, LoadBalancer

_IDS: dict[str, str] = {
    "vpcs": "vpc_id",
    "subnets": "subnet_id",
    "route_tables": "route_table_id",
    "internet_gateways": "gateway_id",
    "nat_gateways": "nat_gateway_id",
    "network_acls": "network_acl_id",
    "security_groups": "group_id",
    "network_interfaces": "network_interface_id",
    "vpc_endpoints": "vpc_endpoint_id",
    "prefix_lists": "prefix_list_id",
    "dhcp_options": "dhcp_options_id",
    "functions": "function_arn",
    "apis": "api_id",
    "endpoint_services": "service_name",
    "instances": "instance_id",
    "vpn_gateways": "vpn_gateway_id",
    "vpc_peering_connections": "vpc_peering_connection_id",
    "transit_gateways": "transit_gateway_id",
    "transit_gateway_attachments": "attachment_id",
    "transit_gateway_route_tables": "route_table_id",
    "hosted_zones": "hosted_zone_id",
    "resolver_rules": "resolver_rule_id",
    "load_balancers": "load_balancer_arn",
    "databases": "database_arn",
    "domain_names": "domain_name",
    "role_policies": "key",
    "bucket_policies": "bucket",
}
"""What tells a resource from others of its kind."""


def merge(snapshots: list[Snapshot], labels: list[str]) -> Snapshot:
    """Return one snapshot of several; ``labels`` say of each which place it was read from."""
    first = max(snapshots, key=lambda snapshot: len(snapshot.vpcs))
    merged: dict[str, Any] = {
        kind: _unique(_all(snapshots, kind), attrgetter(key)) for kind, key in _IDS.items()
    }
    return replace(
        first,
        **merged,
        block_public_access=tuple(dict.fromkeys(_all(snapshots, "block_public_access"))),
        firewall_rules=tuple(dict.fromkeys(_all(snapshots, "firewall_rules"))),
        gaps=_gaps(snapshots, labels),
    )


def _all(snapshots: list[Snapshot], kind: str) -> list[Any]:
    return [item for snapshot in snapshots for item in getattr(snapshot, kind)]


def _unique(items: Iterable[Any], key: Callable[[Any], str]) -> tuple[Any, ...]:
    found: dict[str, Any] = {}
    for item in items:
        known = found.setdefault(key(item), item)
        if known is not item and known != item:
            found[key(item)] = fuller(known, item)
    return tuple(found.values())


def fuller(one: Any, other: Any) -> Any:
    """Return what two readings of the same resource tell of it together."""
    join = _JOINS.get(type(one))
    return join(one, other) if join else one


def _with_all_vpcs(one: Any, other: Any) -> Any:
    best = one if getattr(one, "records_read", True) else other
    return replace(best, vpc_ids=one.vpc_ids | other.vpc_ids)


def _with_all_apis(one: DomainName, other: DomainName) -> DomainName:
    return replace(one, api_ids=tuple(dict.fromkeys((*one.api_ids, *other.api_ids))))


def _shown(peering: VpcPeeringConnection) -> int:
    """Return how much of both sides a connection shows."""
    return len(peering.requester.cidrs) + len(peering.accepter.cidrs)


def _fuller_table(
    one: TransitGatewayRouteTable, other: TransitGatewayRouteTable
) -> TransitGatewayRouteTable:
    routes = one if one.routes_read else other
    associations = one if one.associations_read else other
    return replace(
        routes,
        attachment_ids=associations.attachment_ids,
        associations_read=associations.associations_read,
    )


def _fuller_attachment(
    one: TransitGatewayAttachment, other: TransitGatewayAttachment
) -> TransitGatewayAttachment:
    best, rest = (one, other) if one.subnets_read else (other, one)
    return replace(best, route_table_id=best.route_table_id or rest.route_table_id)


def _joined(one: Gap, other: Gap) -> Gap:
    """Return the gap that is the graver one, about the subjects of both."""
    graver = other if other.asked and not one.asked else one
    everyone = not one.subjects or not other.subjects
    return replace(graver, subjects=frozenset() if everyone else one.subjects | other.subjects)


_JOINS: dict[type, Callable[[Any, Any], Any]] = {
    PrefixList: lambda one, other: one if one.entries_read else other,
    LoadBalancer: lambda one, other: other if one.listeners is None else one,
    VpcPeeringConnection: lambda one, other: max(one, other, key=_shown),
    HostedZone: _with_all_vpcs,
    ResolverRule: _with_all_vpcs,
    DomainName: _with_all_apis,
    RolePolicies: lambda one, other: one if one.complete else other,
    Function: lambda one, other: one if one.state else other,
    TransitGatewayRouteTable: _fuller_table,
    TransitGatewayAttachment: _fuller_attachment,
}
"""Resources that one place may tell more of than another; of others each tells all."""


def _gaps(snapshots: list[Snapshot], labels: list[str]) -> tuple[Gap, ...]:
    """Return each call's gap once, saying where it is when there are several places."""
    found: dict[str, Gap] = {}
    for snapshot, label in zip(snapshots, labels, strict=True):
        for gap in snapshot.gaps:
            told = gap if len(snapshots) == 1 else replace(gap, error=f"{gap.error} in {label}")
            known = found.setdefault(gap.call, told)
            if known is not told:
                found[gap.call] = _joined(known, told)
    return tuple(found.values())
