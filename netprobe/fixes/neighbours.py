"""Routes to and from VPCs that are joined by a peering or a transit gateway.

https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-routing.html
https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.analysis.routing import effective_route_table
from netprobe.model.addresses import Family, Network, contains, family_of
from netprobe.model.changes import SetRoute
from netprobe.model.flow import Source
from netprobe.model.interconnect import TransitGatewayAttachment
from netprobe.model.resources import RouteTable, Subnet, TargetKind
from netprobe.model.snapshot import Snapshot
from netprobe.model.trace import Component, Trace

_TRANSIT = TargetKind.TRANSIT_GATEWAY
_JOINTS = {
    Component.VPC_PEERING_CONNECTION: TargetKind.VPC_PEERING_CONNECTION,
    Component.TRANSIT_GATEWAY: _TRANSIT,
}


def leaves_hub(snapshot: Snapshot, change: SetRoute) -> bool:
    """Tell whether a changed route no longer leads to the transit gateway, past what it guards."""
    return change.target is not _TRANSIT and _TRANSIT in _targets_before(snapshot, change)


def makes_private(snapshot: Snapshot, change: SetRoute) -> bool:
    """Tell whether a changed route takes the way out from what has a public IPv4 address."""
    ipv4 = family_of(change.destination) is Family.IPV4
    return ipv4 and TargetKind.INTERNET_GATEWAY in _targets_before(snapshot, change)


def _targets_before(snapshot: Snapshot, change: SetRoute) -> set[TargetKind]:
    table = snapshot.route_table(change.route_table_id)
    routes = table.routes if table else ()
    return {item.target for item in routes if item.destination == change.destination}


def route_to_peer(snapshot: Snapshot, source: Source, trace: Trace) -> tuple[SetRoute, ...]:
    """Return the route to the active peering whose other VPC has the destination."""
    table = effective_route_table(snapshot, source.subnet_id)
    if table is None:
        return ()
    for peering in snapshot.vpc_peering_connections:
        sides = {peering.requester.vpc_id, peering.accepter.vpc_id}
        if peering.status == "active" and source.vpc_id in sides:
            for block in peering.other_side(source.vpc_id).cidrs:
                if contains(block, trace.flow.destination):
                    return (_over(table, block, peering.vpc_peering_connection_id),)
    return ()


def route_to_transit(snapshot: Snapshot, source: Source, trace: Trace) -> tuple[SetRoute, ...]:
    """Return the route to the transit gateway whose own table knows the destination."""
    table = effective_route_table(snapshot, source.subnet_id)
    if table is None:
        return ()
    for attachment in snapshot.transit_gateway_attachments:
        if attachment.resource_id == source.vpc_id and attachment.state == "available":
            for block in _known_behind(snapshot, attachment):
                if contains(block, trace.flow.destination):
                    return (_over(table, block, attachment.transit_gateway_id, _TRANSIT),)
    return ()


def _known_behind(snapshot: Snapshot, attachment: TransitGatewayAttachment) -> Iterator[Network]:
    """Yield what the transit gateway routes for an attachment, the narrowest first."""
    known = [
        route.destination
        for table in snapshot.transit_gateway_route_tables
        if table.route_table_id == attachment.route_table_id
        or attachment.attachment_id in table.attachment_ids
        for route in table.routes
        if route.destination is not None and not route.blackhole
    ]
    yield from sorted(known, key=lambda block: -block.prefixlen)


def route_back(
    snapshot: Snapshot, source: Source, trace: Trace, table_id: str
) -> tuple[SetRoute, ...]:
    """Return the route by which replies come back through what they were asked over."""
    crossed = (hop for hop in trace.request.hops if hop.component in _JOINTS)
    joint = next(crossed, None)
    table, subnet = snapshot.route_table(table_id), snapshot.subnet(source.subnet_id)
    if joint is None or table is None or subnet is None or table.vpc_id == source.vpc_id:
        return ()
    for block in _blocks(snapshot, source.vpc_id):
        if family_of(block) is trace.flow.family and _holds(block, subnet):
            return (_over(table, block, joint.resource_id, _JOINTS[joint.component]),)
    return ()


def _over(
    table: RouteTable,
    destination: Network,
    joint_id: str,
    kind: TargetKind = TargetKind.VPC_PEERING_CONNECTION,
) -> SetRoute:
    return SetRoute(
        route_table_id=table.route_table_id,
        destination=destination,
        target=kind,
        target_id=joint_id,
        replaces=any(item.destination == destination for item in table.routes),
    )


def _blocks(snapshot: Snapshot, vpc_id: str) -> tuple[Network, ...]:
    vpc = snapshot.vpc(vpc_id)
    return (*vpc.ipv4_cidrs, *(item.cidr for item in vpc.ipv6_blocks)) if vpc else ()


def _holds(block: Network, subnet: Subnet) -> bool:
    own = (
        *((subnet.ipv4_cidr,) if subnet.ipv4_cidr else ()),
        *(i.cidr for i in subnet.ipv6_blocks),
    )
    return any(contains(block, item[0]) for item in own)
