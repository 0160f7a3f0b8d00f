"""Where a flow starts and ends: interfaces, subnets and addresses of both ends."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from netprobe.analysis.endpoints import endpoint_groups
from netprobe.analysis.fabric import Fabric, Place
from netprobe.model.addresses import Address, Family, Network, contains, family_of
from netprobe.model.flow import Source
from netprobe.model.resources import NetworkInterface, Subnet, VpcEndpoint
from netprobe.model.snapshot import Snapshot
from netprobe.model.trace import Hop, Resolution

READ_INTERFACES = "ec2:DescribeNetworkInterfaces"

RESERVED = 4
"""The first addresses of a subnet that AWS keeps.

https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
"""
_TRIES = 64


@dataclass(slots=True, kw_only=True, eq=False)
class Origin:
    """Where a flow starts."""

    place: Place
    interface: NetworkInterface | None
    address: Address
    """The interface's address, or one that stands for any of the subnet."""
    known: bool
    """The address is the source's own, and does not only stand for it."""
    group_ids: frozenset[str]
    start: Hop | None = None
    """The first hop, noted when nothing was found to keep the source from sending."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Where a flow ends, as far as the VPC it ends in knows."""

    inside: bool
    """The address belongs to the VPC, or to one of its interface endpoints."""
    subnet_id: str | None = None
    interface: NetworkInterface | None = None
    endpoint: VpcEndpoint | None = None
    group_ids: tuple[str, ...] | None = ()
    """None when the interface could not be read."""


def locate_origin(fabric: Fabric, source: Source, family: Family) -> Origin:
    """Return where the source sits and its address of the family.

    Functions of one subnet and one set of groups share a network interface:
    https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
    """
    snapshot = fabric.snapshot
    place = fabric.place(source.subnet_id, source.vpc_id)
    if source.interface_id is not None:
        interface = snapshot.network_interface(source.interface_id)
    else:
        interface = snapshot.lambda_interface(source.subnet_id, source.security_group_ids)
    known = (*source.addresses, *(interface.addresses if interface else ()))
    address = next((item for item in known if family_of(item) is family), None)
    return Origin(
        place=place,
        interface=interface,
        address=address or _representative(snapshot, source.vpc_id, place.subnet, family),
        known=address is not None,
        group_ids=frozenset(source.security_group_ids),
    )


def locate_destination(
    fabric: Fabric, vpc_id: str, address: Address, resolution: Resolution | None
) -> Destination:
    """Return what a VPC has at an address."""
    snapshot = fabric.snapshot
    version, number = address.version, int(address)
    interface = fabric.interface_at(vpc_id, version, number)
    endpoint = (
        snapshot.endpoint_of_interface(interface.network_interface_id) if interface else None
    )
    if endpoint is None and resolution is not None and resolution.endpoint_id is not None:
        endpoint = snapshot.vpc_endpoint(resolution.endpoint_id)
    if interface is not None:
        subnet_id: str | None = interface.subnet_id
    else:
        subnet_id = fabric.subnet_at(vpc_id, version, number)
    inside = subnet_id is not None or _is_in_vpc(snapshot, vpc_id, address)
    if endpoint is not None:
        groups: tuple[str, ...] | None = endpoint_groups(snapshot, endpoint, interface)
    elif interface is not None:
        groups = interface.group_ids
    else:
        groups = None if inside and snapshot.gap(READ_INTERFACES) else ()
    return Destination(
        inside=inside,
        subnet_id=subnet_id,
        interface=interface,
        endpoint=endpoint,
        group_ids=groups,
    )


def public_address_of(interface: NetworkInterface, address: Address) -> Address | None:
    """Return the public IPv4 address that is associated with one of an interface's addresses."""
    for private, public in interface.public_of:
        if private == address:
            return public
    if interface.public_of:
        return None
    return next(iter(interface.public_addresses), None)


def private_address_of(interface: NetworkInterface, public: Address) -> Address | None:
    """Return the interface's own address behind a public IPv4 address."""
    for private, associated in interface.public_of:
        if associated == public:
            return private
    return next(ipv4_of(interface.addresses), None)


def ipv4_of(addresses: Iterable[Address]) -> Iterator[Address]:
    """Yield the IPv4 addresses among some."""
    return (item for item in addresses if family_of(item) is Family.IPV4)


def representative_address(snapshot: Snapshot, subnet_id: str, family: Family) -> Address | None:
    """Return an address that stands for any free one of a subnet, None without such a block."""
    subnet = snapshot.subnet(subnet_id)
    block = _block_of(subnet, family) if subnet else None
    return _free_address(snapshot, subnet.vpc_id, block) if subnet and block else None


def _representative(
    snapshot: Snapshot, vpc_id: str, subnet: Subnet | None, family: Family
) -> Address:
    """Return an address of the subnet, else of the VPC, else the unspecified one."""
    block = _block_of(subnet, family) if subnet else None
    if block is None:
        vpc = snapshot.vpc(vpc_id)
        blocks = [*vpc.ipv4_cidrs, *(item.cidr for item in vpc.ipv6_blocks)] if vpc else []
        block = next((item for item in blocks if family_of(item) is family), family.everything)
    return _free_address(snapshot, vpc_id, block)


def _block_of(subnet: Subnet, family: Family) -> Network | None:
    if family is Family.IPV4:
        return subnet.ipv4_cidr
    return next((block.cidr for block in subnet.ipv6_blocks), None)


def _free_address(snapshot: Snapshot, vpc_id: str, block: Network) -> Address:
    """Return the first address of a block that AWS does not keep and no interface has."""
    usable = range(min(RESERVED, block.num_addresses - 1), min(_TRIES, block.num_addresses))
    addresses = (block[index] for index in usable)
    taken = itertools.filterfalse(lambda item: snapshot.interface_at(vpc_id, item), addresses)
    return next(taken, block[usable[0]])


def _is_in_vpc(snapshot: Snapshot, vpc_id: str, address: Address) -> bool:
    vpc = snapshot.vpc(vpc_id)
    if vpc is None:
        return False
    blocks = (*vpc.ipv4_cidrs, *(block.cidr for block in vpc.ipv6_blocks))
    return any(contains(block, address) for block in blocks)
