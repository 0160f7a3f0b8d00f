"""The snapshot as a network: every place, table and filter by number, built when first asked for.

What is built here depends on the snapshot alone, so its size is bounded by it; the one thing that
depends on who asks, the origins of sources, is kept in a cache of fixed size by ``origins``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from netprobe.analysis.block_public_access import public_access_at
from netprobe.analysis.compiled_acls import CompiledAcl
from netprobe.analysis.compiled_groups import CompiledGroups
from netprobe.analysis.compiled_routes import CompiledTable
from netprobe.analysis.routing import effective_route_table
from netprobe.analysis.transit_routes import CompiledTransitTable
from netprobe.model.addresses import Network
from netprobe.model.interconnect import TransitGatewayRouteTable
from netprobe.model.resources import (
    BlockMode,
    NatGateway,
    NetworkAcl,
    NetworkInterface,
    RouteTable,
    Subnet,
)
from netprobe.model.snapshot import Snapshot
from netprobe.model.trace import Component, Hop

READ_VPCS = "ec2:DescribeVpcs"
READ_SUBNETS = "ec2:DescribeSubnets"
MOST_GROUP_SETS = 4096
"""Sets of groups come with sources too, so they could grow with the flows."""


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A subnet, or the regional NAT gateway's own place, with what governs it."""

    vpc_id: str
    subnet_id: str | None = None
    """None for a regional NAT gateway, which is in no subnet and behind no network ACL."""
    subnet: Subnet | None = None
    acl: CompiledAcl | None = None
    table: CompiledTable | None = None
    zone: str | None = None
    blocks: tuple[tuple[int, int, int], ...] = ()
    """Version, first and last address of every block."""
    public_access: tuple[BlockMode, str | None] | None = None
    """Block Public Access here and the exclusion that covers it; None where it is off."""

    def holds(self, version: int, address: int) -> bool:
        """Tell whether an address is in one of the subnet's blocks."""
        for family, first, last in self.blocks:
            if family == version and first <= address <= last:
                return True
        return False


class Fabric:
    """Look-ups over one snapshot that answer with compiled, shared values."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._places: dict[tuple[str, str], Place] = {}
        self._nat_places: dict[str, Place] = {}
        self._acls: dict[int, CompiledAcl] = {}
        self._tables: dict[str, CompiledTable] = {}
        self._transit_tables: dict[str, CompiledTransitTable] = {}
        self._groups: dict[tuple[str, ...], CompiledGroups] = {}
        self._interfaces: dict[str, dict[tuple[int, int], NetworkInterface]] = {}
        self._subnets: dict[str, tuple[tuple[int, int, dict[int, str]], ...]] = {}
        self._with_ipv6: dict[int, NetworkInterface] | None = None
        self._ipv6_blocks: tuple[tuple[int, int, str], ...] | None = None
        self._with_public: dict[int, NetworkInterface] | None = None
        self._nat_with_public: dict[int, NatGateway] | None = None
        self._gateways: dict[str, str] | None = None
        self._edges: dict[str, Place] = {}
        self._hops: dict[tuple[Component, str, str | None, str], Hop] = {}

    def place(self, subnet_id: str, vpc_id: str) -> Place:
        """Return a subnet as a place, also one that was not read; the VPC is for that case."""
        key = (subnet_id, vpc_id)
        found = self._places.get(key)
        if found is None:
            found = self._places[key] = self._build(subnet_id, vpc_id)
        return found

    def nat_place(self, nat: NatGateway) -> Place:
        """Return where a NAT gateway sends from: its subnet, or its own table.

        https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateways-regional.html
        """
        if nat.subnet_id is not None:
            return self.place(nat.subnet_id, nat.vpc_id)
        found = self._nat_places.get(nat.nat_gateway_id)
        if found is None:
            table = self.snapshot.route_table(nat.route_table_id or "")
            found = self._nat_places[nat.nat_gateway_id] = Place(
                vpc_id=nat.vpc_id,
                table=self.table(table) if table else None,
                public_access=public_access_at(self.snapshot, nat.vpc_id, None),
            )
        return found

    def table(self, table: RouteTable) -> CompiledTable:
        """Return a route table, compiled."""
        found = self._tables.get(table.route_table_id)
        if found is None:
            found = self._tables[table.route_table_id] = CompiledTable(self.snapshot, table)
        return found

    def transit_table(self, table: TransitGatewayRouteTable) -> CompiledTransitTable:
        """Return a transit gateway route table, compiled."""
        found = self._transit_tables.get(table.route_table_id)
        if found is None:
            found = self._transit_tables[table.route_table_id] = CompiledTransitTable(
                self.snapshot, table
            )
        return found

    def groups(self, group_ids: tuple[str, ...]) -> CompiledGroups:
        """Return the union of some security groups, compiled."""
        found = self._groups.get(group_ids)
        if found is None:
            if len(self._groups) >= MOST_GROUP_SETS:
                self._groups.clear()
            found = self._groups[group_ids] = CompiledGroups(self.snapshot, group_ids)
        return found

    def interface_at(self, vpc_id: str, version: int, address: int) -> NetworkInterface | None:
        """Return the interface of the VPC that has an address."""
        found = self._interfaces.get(vpc_id)
        if found is None:
            found = self._interfaces[vpc_id] = {
                (item.version, int(item)): interface
                for interface in self.snapshot.network_interfaces
                if interface.vpc_id == vpc_id
                for item in interface.addresses
            }
        return found.get((version, address))

    def interface_with_ipv6(self, address: int) -> NetworkInterface | None:
        """Return the interface of any VPC that has an IPv6 address."""
        found = self._with_ipv6
        if found is None:
            found = self._with_ipv6 = {
                int(item): interface
                for interface in self.snapshot.network_interfaces
                for item in interface.addresses
                if item.version == 6  # noqa: PLR2004 # the protocol's own number
            }
        return found.get(address)

    def vpc_with_ipv6(self, address: int) -> str | None:
        """Return the VPC whose blocks hold an IPv6 address, whether or not anybody has it."""
        found = self._ipv6_blocks
        if found is None:
            found = self._ipv6_blocks = tuple(
                (int(block.cidr.network_address), int(block.cidr.broadcast_address), vpc.vpc_id)
                for vpc in self.snapshot.vpcs
                for block in vpc.ipv6_blocks
            )
        return next((vpc_id for low, high, vpc_id in found if low <= address <= high), None)

    def interface_with_public(self, address: int) -> NetworkInterface | None:
        """Return the interface that a public IPv4 address is associated with."""
        found = self._with_public
        if found is None:
            found = self._with_public = {
                int(item): interface
                for interface in self.snapshot.network_interfaces
                for item in interface.public_addresses
            }
        return found.get(address)

    def nat_with_public(self, address: int) -> NatGateway | None:
        """Return the NAT gateway that has a public IPv4 address."""
        found = self._nat_with_public
        if found is None:
            found = self._nat_with_public = {
                int(item): nat
                for nat in self.snapshot.nat_gateways
                for item in nat.public_addresses
            }
        return found.get(address)

    def internet_gateway_of(self, vpc_id: str) -> str | None:
        """Return the internet gateway that is attached to a VPC."""
        found = self._gateways
        if found is None:
            found = self._gateways = {
                attached: item.gateway_id
                for item in self.snapshot.internet_gateways
                if not item.egress_only
                for attached in item.attached_vpc_ids
            }
        return found.get(vpc_id)

    def edge(self, vpc_id: str) -> Place:
        """Return the place just inside a VPC's gateways, which is in no subnet."""
        found = self._edges.get(vpc_id)
        if found is None:
            found = self._edges[vpc_id] = Place(vpc_id=vpc_id)
        return found

    def subnet_at(self, vpc_id: str, version: int, address: int) -> str | None:
        """Return the subnet of the VPC that holds an address."""
        found = self._subnets.get(vpc_id)
        if found is None:
            found = self._subnets[vpc_id] = _by_length(self.snapshot.subnets_of(vpc_id))
        for family, shift, subnets in found:
            if family == version:
                subnet_id = subnets.get(address >> shift)
                if subnet_id is not None:
                    return subnet_id
        return None

    @property
    def hidden_by(self) -> str | None:
        """Return the call that was not read and might have shown the inside of a VPC."""
        return next((call for call in (READ_VPCS, READ_SUBNETS) if self.snapshot.gap(call)), None)

    def sees(self, vpc_id: str) -> bool:
        """Tell whether the snapshot shows the inside of a VPC, and not only that it exists."""
        return self.snapshot.vpc(vpc_id) is not None and bool(self.snapshot.subnets_of(vpc_id))

    def hop(
        self, component: Component, resource_id: str, entry: str | None = None, detail: str = ""
    ) -> Hop:
        """Return a hop of the snapshot's own things, always the same one."""
        key = (component, resource_id, entry, detail)
        found = self._hops.get(key)
        if found is None:
            found = self._hops[key] = Hop(
                component=component, resource_id=resource_id, entry=entry, detail=detail
            )
        return found

    def _build(self, subnet_id: str, vpc_id: str) -> Place:
        snapshot = self.snapshot
        subnet = snapshot.subnet(subnet_id)
        acl = snapshot.network_acl_of(subnet_id)
        table = effective_route_table(snapshot, subnet_id, vpc_id)
        home = subnet.vpc_id if subnet else vpc_id
        return Place(
            vpc_id=home,
            subnet_id=subnet_id,
            subnet=subnet,
            acl=self._acl(acl) if acl else None,
            table=self.table(table) if table else None,
            zone=subnet.zone if subnet else None,
            blocks=tuple(_blocks(subnet)) if subnet else (),
            public_access=public_access_at(snapshot, home, subnet),
        )

    def _acl(self, acl: NetworkAcl) -> CompiledAcl:
        found = self._acls.get(id(acl))
        if found is None:
            found = self._acls[id(acl)] = CompiledAcl(acl)
        return found


def _blocks(subnet: Subnet) -> Iterator[tuple[int, int, int]]:
    cidrs: list[Network] = [block.cidr for block in subnet.ipv6_blocks]
    if subnet.ipv4_cidr is not None:
        cidrs.insert(0, subnet.ipv4_cidr)
    for cidr in cidrs:
        yield cidr.version, int(cidr.network_address), int(cidr.broadcast_address)


def _by_length(subnets: Iterable[Subnet]) -> tuple[tuple[int, int, dict[int, str]], ...]:
    """Return for every family and prefix length which subnet has which block."""
    found: dict[tuple[int, int], dict[int, str]] = {}
    for subnet in subnets:
        for version, first, last in _blocks(subnet):
            shift = (last - first).bit_length()
            found.setdefault((version, shift), {})[first >> shift] = subnet.subnet_id
    return tuple((version, shift, item) for (version, shift), item in sorted(found.items()))
