"""Gateways, tables and exclusions that put a way right that is there already."""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.analysis.routing import effective_route_table, winning_route
from netprobe.fixes.block import Block, Set
from netprobe.fixes.routes import public_tables
from netprobe.model.addresses import Network, covers
from netprobe.model.changes import (
    NEW,
    AddAttachmentSubnet,
    AttachInternetGateway,
    CreateInternetGateway,
    DeleteRoute,
    ExcludeFromBlock,
    SetRoute,
    UseRouteTable,
)
from netprobe.model.resources import RouteTable, TargetKind
from netprobe.model.snapshot import Snapshot

_WAYS_OUT = frozenset(
    {
        TargetKind.NAT_GATEWAY,
        TargetKind.TRANSIT_GATEWAY,
        TargetKind.EGRESS_ONLY_INTERNET_GATEWAY,
    }
)


def exclude(block: Block) -> Iterator[Set]:
    """Yield an exclusion from VPC Block Public Access: outwards only, then both ways.

    https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa-basics.html
    """
    if block.snapshot.block_public_access:
        for mode in ("allow-egress", "allow-bidirectional"):
            yield (ExcludeFromBlock(resource_id=block.stopped_at, mode=mode),)


def attach(block: Block) -> Iterator[Set]:
    """Yield the attachment of a detached internet gateway, if the VPC has no other."""
    gateway_id = block.stopped_at
    gateway = block.snapshot.internet_gateway(gateway_id)
    vpc_id = block.source.vpc_id
    others = any(
        vpc_id in item.attached_vpc_ids and not item.egress_only
        for item in block.snapshot.internet_gateways
    )
    if gateway is not None and not gateway.attached_vpc_ids and not others:
        yield (AttachInternetGateway(gateway_id=gateway_id, vpc_id=vpc_id),)


def follow_sibling(block: Block) -> Iterator[Set]:
    """Yield the table of another subnet of the source's kind that reaches the target.

    "Subnet route tables": https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html
    """
    snapshot, subnet_id = block.snapshot, block.source.subnet_id
    own = effective_route_table(snapshot, subnet_id)
    explicit = snapshot.associated_route_table(subnet_id)
    tables = (effective_route_table(snapshot, item) for item in block.siblings)
    for table_id in dict.fromkeys(item.route_table_id for item in tables if item):
        if own is not None and table_id != own.route_table_id:
            yield (
                UseRouteTable(
                    subnet_id=subnet_id,
                    route_table_id=table_id,
                    replaces=explicit.route_table_id if explicit else None,
                ),
            )


def associate(block: Block) -> Iterator[Set]:
    """Yield another table that leads out, for a subnet that follows the main one by default.

    Most tables that were made for private subnets have subnets already; those come first.
    https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html
    """
    snapshot, source = block.snapshot, block.source
    if snapshot.associated_route_table(source.subnet_id) is not None:
        return
    everything = block.trace.flow.family.everything
    tables = [
        table
        for table in snapshot.route_tables
        if table.vpc_id == source.vpc_id
        and not table.main
        and any(i.destination == everything and i.target in _WAYS_OUT for i in table.routes)
    ]
    for table in sorted(tables, key=lambda item: not item.subnet_ids):
        yield (UseRouteTable(subnet_id=source.subnet_id, route_table_id=table.route_table_id),)


def let_nat_out(block: Block) -> Iterator[Set]:
    """Yield ways to give a NAT gateway's own subnet a route to the internet gateway.

    https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-troubleshooting.html
    """
    snapshot = block.snapshot
    nat = snapshot.nat_gateway(block.stopped_at)
    if nat is None or nat.subnet_id is None:
        return
    explicit = snapshot.associated_route_table(nat.subnet_id)
    for table, _ in public_tables(snapshot, nat.vpc_id):
        yield (
            UseRouteTable(
                subnet_id=nat.subnet_id,
                route_table_id=table.route_table_id,
                replaces=explicit.route_table_id if explicit else None,
            ),
        )
    own = effective_route_table(snapshot, nat.subnet_id)
    gateway = next(
        (
            item.gateway_id
            for item in snapshot.internet_gateways
            if nat.vpc_id in item.attached_vpc_ids and not item.egress_only
        ),
        None,
    )
    if gateway is None:
        yield from _attach_any(snapshot, nat.vpc_id, own)
    made: Set = ()
    if gateway is None:
        gateway = f"{NEW}igw"
        made = (CreateInternetGateway(gateway_id=gateway, vpc_id=nat.vpc_id),)
    if own is None or own == effective_route_table(snapshot, block.source.subnet_id):
        return
    yield (*made, _to_internet(own, block.trace.flow.family.everything, gateway))


def _to_internet(table: RouteTable, destination: Network, gateway_id: str) -> SetRoute:
    return SetRoute(
        route_table_id=table.route_table_id,
        destination=destination,
        target=TargetKind.INTERNET_GATEWAY,
        target_id=gateway_id,
        replaces=any(item.destination == destination for item in table.routes),
    )


def _attach_any(snapshot: Snapshot, vpc_id: str, table: RouteTable | None) -> Iterator[Set]:
    """Yield the attachment of an internet gateway that a table leads to in vain."""
    for route in table.routes if table else ():
        gateway = snapshot.internet_gateway(route.target_id)
        if gateway is not None and not gateway.attached_vpc_ids and not gateway.egress_only:
            yield (AttachInternetGateway(gateway_id=gateway.gateway_id, vpc_id=vpc_id),)


def unswallow(block: Block) -> Iterator[Set]:
    """Yield the removal of a route that leads nowhere and hides a wider one.

    "The most specific route that matches" decides, whatever becomes of the packets then:
    https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html
    """
    table = effective_route_table(block.snapshot, block.source.subnet_id)
    if table is None:
        return
    route = winning_route(block.snapshot, table, block.trace.flow.destination).route
    if route is None or route.destination is None or route.target is TargetKind.LOCAL:
        return
    wider = (
        item.destination is not None
        and item.destination != route.destination
        and covers(item.destination, route.destination)
        for item in table.routes
    )
    if any(wider) and not (route.propagated or route.advertised):
        yield (
            DeleteRoute(
                route_table_id=table.route_table_id,
                destination=route.destination,
                target_id=route.target_id,
            ),
        )


def serve_zone(block: Block) -> Iterator[Set]:
    """Yield the source's own subnet for an attachment of its VPC that its zone lacks.

    "You must enable at least one Availability Zone ... only resources in those":
    https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html
    """
    for item in block.snapshot.transit_gateway_attachments:
        if item.attachment_id == block.stopped_at and item.resource_id == block.source.vpc_id:
            yield (
                AddAttachmentSubnet(
                    attachment_id=item.attachment_id, subnet_id=block.source.subnet_id
                ),
            )
