"""What an account is when something has been made in it."""

from __future__ import annotations

from dataclasses import replace

from netprobe.model import changes as ch
from netprobe.model.addresses import Address, Family, Network, parse_address
from netprobe.model.resources import (
    InternetGateway,
    NatGateway,
    NetworkInterface,
    Route,
    RouteTable,
    Subnet,
    TargetKind,
    VpcEndpoint,
)
from netprobe.model.snapshot import Snapshot

_PUBLIC = parse_address("203.0.113.254")
"""Stands for the public address that AWS would give (RFC 5737)."""


def create_internet_gateway(change: ch.CreateInternetGateway, snapshot: Snapshot) -> Snapshot:
    """Add an internet gateway, attached."""
    return with_gateway(snapshot, change.gateway_id, change.vpc_id, egress_only=False)


def create_egress_only_gateway(change: ch.CreateEgressOnlyGateway, snapshot: Snapshot) -> Snapshot:
    """Add an egress-only internet gateway."""
    return with_gateway(snapshot, change.gateway_id, change.vpc_id, egress_only=True)


def create_public_subnet(change: ch.CreatePublicSubnet, snapshot: Snapshot) -> Snapshot:
    """Add the subnet and its table; the VPC's default network ACL takes it in."""
    vpc = snapshot.vpc(change.vpc_id)
    cidrs = (*vpc.ipv4_cidrs, *(item.cidr for item in vpc.ipv6_blocks)) if vpc else ()
    out = Route(
        destination=Family.IPV4.everything,
        target=TargetKind.INTERNET_GATEWAY,
        target_id=change.gateway_id,
    )
    table = RouteTable(
        route_table_id=change.route_table_id,
        vpc_id=change.vpc_id,
        subnet_ids=frozenset({change.subnet_id}),
        routes=(*map(local_route, cidrs), out),
    )
    subnet = Subnet(
        subnet_id=change.subnet_id,
        vpc_id=change.vpc_id,
        availability_zone=change.availability_zone,
        ipv4_cidr=change.cidr,
    )
    acls = tuple(
        replace(acl, subnet_ids=acl.subnet_ids | {change.subnet_id})
        if acl.is_default and acl.vpc_id == change.vpc_id
        else acl
        for acl in snapshot.network_acls
    )
    return replace(
        snapshot,
        subnets=(*snapshot.subnets, subnet),
        route_tables=(*snapshot.route_tables, table),
        network_acls=acls,
    )


def create_nat_gateway(change: ch.CreateNatGateway, snapshot: Snapshot) -> Snapshot:
    """Add an available public NAT gateway, at addresses that stand for its own."""
    subnet = snapshot.subnet(change.subnet_id)
    made = NatGateway(
        nat_gateway_id=change.nat_gateway_id,
        vpc_id=subnet.vpc_id if subnet else "",
        state="available",
        subnet_id=change.subnet_id,
        private_addresses=(_last_of(subnet.ipv4_cidr),) if subnet and subnet.ipv4_cidr else (),
        public_addresses=(_PUBLIC,),
    )
    return replace(snapshot, nat_gateways=(*snapshot.nat_gateways, made))


def create_gateway_endpoint(change: ch.CreateGatewayEndpoint, snapshot: Snapshot) -> Snapshot:
    """Add a gateway endpoint, and its route to each of its tables."""
    made = VpcEndpoint(
        vpc_endpoint_id=change.vpc_endpoint_id,
        vpc_id=change.vpc_id,
        service_name=change.service_name,
        endpoint_type="Gateway",
        route_table_ids=change.route_table_ids,
    )
    snapshot = replace(snapshot, vpc_endpoints=(*snapshot.vpc_endpoints, made))
    for table_id in change.route_table_ids:
        route = endpoint_route(change.prefix_list_id, change.vpc_endpoint_id)
        snapshot = with_route(snapshot, table_id, route)
    return snapshot


def create_interface_endpoint(change: ch.CreateInterfaceEndpoint, snapshot: Snapshot) -> Snapshot:
    """Add the endpoint with one interface a subnet, at an address that stands for its own."""
    interfaces = [
        NetworkInterface(
            network_interface_id=f"{change.vpc_endpoint_id}-in-{subnet.subnet_id}",
            vpc_id=change.vpc_id,
            subnet_id=subnet.subnet_id,
            interface_type="vpc_endpoint",
            group_ids=change.group_ids,
            addresses=(_last_of(subnet.ipv4_cidr),),
        )
        for subnet in map(snapshot.subnet, change.subnet_ids)
        if subnet is not None and subnet.ipv4_cidr is not None
    ]
    made = VpcEndpoint(
        vpc_endpoint_id=change.vpc_endpoint_id,
        vpc_id=change.vpc_id,
        service_name=change.service_name,
        endpoint_type="Interface",
        subnet_ids=change.subnet_ids,
        group_ids=change.group_ids,
        network_interface_ids=tuple(item.network_interface_id for item in interfaces),
        private_dns_enabled=True,
    )
    return replace(
        snapshot,
        vpc_endpoints=(*snapshot.vpc_endpoints, made),
        network_interfaces=(*snapshot.network_interfaces, *interfaces),
    )


def _last_of(cidr: Network) -> Address:
    """Return the last address of a block that can be used, as a stand-in for any."""
    return cidr[max(cidr.num_addresses - 2, 0)]


def with_gateway(
    snapshot: Snapshot, gateway_id: str, vpc_id: str, *, egress_only: bool
) -> Snapshot:
    """Return the snapshot with one more gateway, attached."""
    made = InternetGateway(
        gateway_id=gateway_id, egress_only=egress_only, attached_vpc_ids=frozenset({vpc_id})
    )
    return replace(snapshot, internet_gateways=(*snapshot.internet_gateways, made))


def with_route(snapshot: Snapshot, table_id: str, route: Route) -> Snapshot:
    """Return the snapshot with a route, which takes the place of one to the same destination."""
    key = (route.destination, route.prefix_list_id)
    tables = tuple(
        replace(
            table,
            routes=(
                *(i for i in table.routes if (i.destination, i.prefix_list_id) != key),
                route,
            ),
        )
        if table.route_table_id == table_id
        else table
        for table in snapshot.route_tables
    )
    return replace(snapshot, route_tables=tables)


def endpoint_route(prefix_list_id: str, endpoint_id: str) -> Route:
    """Return the route that a gateway endpoint puts into its tables."""
    return Route(
        prefix_list_id=prefix_list_id, target=TargetKind.VPC_ENDPOINT, target_id=endpoint_id
    )


def local_route(cidr: Network) -> Route:
    """Return the local route of a block."""
    return Route(destination=cidr, target=TargetKind.LOCAL, target_id="local")
