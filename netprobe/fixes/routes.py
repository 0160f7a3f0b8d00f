"""Routes that lead out: which exits a VPC has or could have, and the change that uses one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import IPv4Network

from netprobe.analysis.routing import effective_route_table, winning_route
from netprobe.fixes.allowing import exact
from netprobe.model.addresses import NAT64_PREFIX, Family, Network, contains
from netprobe.model.changes import (
    NEW,
    Change,
    CreateEgressOnlyGateway,
    CreateInternetGateway,
    CreateNatGateway,
    CreatePublicSubnet,
    SetRoute,
)
from netprobe.model.flow import Source
from netprobe.model.resources import NatGateway, Route, RouteTable, Subnet, TargetKind
from netprobe.model.snapshot import Snapshot
from netprobe.model.trace import Trace


@dataclass(frozen=True, slots=True, kw_only=True)
class Exit:
    """Something a default route can lead to, with what has to be made first."""

    family: Family
    target: TargetKind
    target_id: str
    made_by: tuple[Change, ...] = field(default=())


def nat_exits(snapshot: Snapshot, source: Source) -> Iterator[Exit]:
    """Yield the VPC's public NAT gateways, the source's zone first, then one to be made.

    https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html
    """
    zone = _zone(snapshot, source.subnet_id)
    found = [item for item in snapshot.nat_gateways if _is_usable(item, source.vpc_id)]
    for item in sorted(found, key=lambda nat: _zone(snapshot, nat.subnet_id or "") != zone):
        yield Exit(
            family=Family.IPV4, target=TargetKind.NAT_GATEWAY, target_id=item.nat_gateway_id
        )
    made_by = _new_nat_gateway(snapshot, source)
    if made_by:
        yield Exit(
            family=Family.IPV4,
            target=TargetKind.NAT_GATEWAY,
            target_id=f"{NEW}nat",
            made_by=made_by,
        )


def ipv6_exits(snapshot: Snapshot, source: Source) -> Iterator[Exit]:
    """Yield the VPC's egress-only gateway, the internet gateway its table uses, then a new one.

    https://docs.aws.amazon.com/vpc/latest/userguide/egress-only-internet-gateway.html
    """
    held = [i for i in snapshot.internet_gateways if source.vpc_id in i.attached_vpc_ids]
    target = TargetKind.EGRESS_ONLY_INTERNET_GATEWAY
    for item in held:
        if item.egress_only:
            yield Exit(family=Family.IPV6, target=target, target_id=item.gateway_id)
    table = effective_route_table(snapshot, source.subnet_id)
    used = {route.target_id for route in table.routes} if table else set()
    for item in held:
        if not item.egress_only and item.gateway_id in used:
            yield Exit(
                family=Family.IPV6,
                target=TargetKind.INTERNET_GATEWAY,
                target_id=item.gateway_id,
            )
    made = CreateEgressOnlyGateway(gateway_id=f"{NEW}eigw", vpc_id=source.vpc_id)
    yield Exit(family=Family.IPV6, target=target, target_id=made.gateway_id, made_by=(made,))


def set_route(
    snapshot: Snapshot, trace: Trace, subnet_id: str, way: Exit
) -> tuple[Change, ...] | None:
    """Return the change that sends a flow to an exit: the route that wins now, or a new one."""
    table = effective_route_table(snapshot, subnet_id)
    if table is None or trace.flow.family is not way.family:
        return None
    winning = winning_route(snapshot, table, trace.flow.destination).route
    if winning is not None and (winning.destination is None or winning.propagated):
        return None
    if winning is not None and winning.target_id == way.target_id:
        return None
    if winning is not None and _is_needed(snapshot, table, winning):
        return None
    destination = _destination(trace, winning)
    return (
        *way.made_by,
        SetRoute(
            route_table_id=table.route_table_id,
            destination=destination,
            target=way.target,
            target_id=way.target_id,
            replaces=any(item.destination == destination for item in table.routes),
        ),
    )


def lead_nat64(snapshot: Snapshot, source: Source, trace: Trace) -> tuple[Change, ...]:
    """Return the route of the addresses that DNS64 makes up, to a NAT gateway that is there.

    https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-nat64-dns64.html
    """
    table = effective_route_table(snapshot, source.subnet_id)
    ways = (item for item in nat_exits(snapshot, source) if not item.made_by)
    way = next(ways, None)
    if table is None or way is None or not contains(NAT64_PREFIX, trace.flow.destination):
        return ()
    replaced = any(item.destination == NAT64_PREFIX for item in table.routes)
    return (
        SetRoute(
            route_table_id=table.route_table_id,
            destination=NAT64_PREFIX,
            target=way.target,
            target_id=way.target_id,
            replaces=replaced,
        ),
    )


def _is_needed(snapshot: Snapshot, table: RouteTable, route: Route) -> bool:
    """Tell whether something in the table's subnets lives on its route to an internet gateway."""
    if route.target is not TargetKind.INTERNET_GATEWAY:
        return False
    subnets = {item.subnet_id for item in _subnets_on(snapshot, table)}
    return any(nat.subnet_id in subnets for nat in snapshot.nat_gateways) or any(
        item.public_addresses and item.subnet_id in subnets for item in snapshot.network_interfaces
    )


def _destination(trace: Trace, winning: Route | None) -> Network:
    if winning is not None and winning.destination is not None:
        return winning.destination
    return exact(trace, trace.flow.destination)


def public_tables(snapshot: Snapshot, vpc_id: str) -> Iterator[tuple[RouteTable, str]]:
    """Yield the tables whose IPv4 default route leads to an attached internet gateway."""
    attached = {
        item.gateway_id
        for item in snapshot.internet_gateways
        if vpc_id in item.attached_vpc_ids and not item.egress_only
    }
    for table in snapshot.route_tables:
        for route in table.routes:
            is_default = route.destination == Family.IPV4.everything
            if table.vpc_id == vpc_id and is_default and route.target_id in attached:
                yield table, route.target_id


def _is_usable(nat: NatGateway, vpc_id: str) -> bool:
    is_public = nat.connectivity_type == "public"
    return is_public and nat.vpc_id == vpc_id and nat.state.lower() == "available"


def _zone(snapshot: Snapshot, subnet_id: str) -> str | None:
    subnet = snapshot.subnet(subnet_id)
    return subnet.zone if subnet else None


def _new_nat_gateway(snapshot: Snapshot, source: Source) -> tuple[Change, ...]:
    """Return what makes a NAT gateway: in a public subnet that is there, else in a new one."""
    own = effective_route_table(snapshot, source.subnet_id)
    places = [
        subnet
        for table, _ in public_tables(snapshot, source.vpc_id)
        if own is None or table.route_table_id != own.route_table_id
        for subnet in _subnets_on(snapshot, table)
        if subnet.ipv4_cidr is not None
    ]
    zone = _zone(snapshot, source.subnet_id)
    places.sort(key=lambda item: item.zone != zone)
    if places:
        where = places[0].subnet_id
        return (CreateNatGateway(nat_gateway_id=f"{NEW}nat", subnet_id=where),)
    return _new_public_subnet(snapshot, source)


def _new_public_subnet(snapshot: Snapshot, source: Source) -> tuple[Change, ...]:
    """Return a public subnet for the gateway, with an internet gateway where there is none."""
    subnet = snapshot.subnet(source.subnet_id)
    cidr = _free_cidr(snapshot, source.vpc_id)
    if subnet is None or cidr is None:
        return ()
    attached = (
        item.gateway_id
        for item in snapshot.internet_gateways
        if source.vpc_id in item.attached_vpc_ids and not item.egress_only
    )
    gateway = next(attached, None)
    made = CreateInternetGateway(gateway_id=f"{NEW}igw", vpc_id=source.vpc_id)
    place = CreatePublicSubnet(
        subnet_id=f"{NEW}subnet",
        route_table_id=f"{NEW}rtb",
        vpc_id=source.vpc_id,
        cidr=cidr,
        availability_zone=subnet.availability_zone,
        gateway_id=gateway or made.gateway_id,
    )
    nat = CreateNatGateway(nat_gateway_id=f"{NEW}nat", subnet_id=place.subnet_id)
    return (*(() if gateway else (made,)), place, nat)


_SMALLEST = 28
"""https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html"""


def _free_cidr(snapshot: Snapshot, vpc_id: str) -> Network | None:
    """Return the last /28 of the VPC that no subnet has."""
    vpc = snapshot.vpc(vpc_id)
    taken = [item.ipv4_cidr for item in snapshot.subnets_of(vpc_id) if item.ipv4_cidr]
    for block in vpc.ipv4_cidrs if vpc else ():
        if not isinstance(block, IPv4Network) or block.prefixlen > _SMALLEST:
            continue
        size = 2 ** (32 - _SMALLEST)
        for start in range(int(block.broadcast_address) + 1 - size, int(block[0]) - 1, -size):
            cidr = IPv4Network((start, _SMALLEST))
            if not any(contains(held, cidr[0]) or contains(cidr, held[0]) for held in taken):
                return cidr
    return None


def _subnets_on(snapshot: Snapshot, table: RouteTable) -> list[Subnet]:
    return [
        item
        for item in snapshot.subnets_of(table.vpc_id)
        if effective_route_table(snapshot, item.subnet_id) == table
    ]
