"""Where a flow starts and ends: interfaces, subnets and addresses of both ends."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from netprobe.analysis.endpoints import endpoint_groups
from netprobe.model.addresses import Address, Family, Network, contains, family_of
from netprobe.model.flow import Source
from netprobe.model.resources import NetworkInterface, Subnet, VpcEndpoint
from netprobe.model.snapshot import Snapshot
from netprobe.model.trace import Resolution

READ_INTERFACES = "ec2:DescribeNetworkInterfaces"

RESERVED = 4
"""The first addresses of a subnet that AWS keeps.

https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
"""
_TRIES = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a flow starts."""

    subnet: Subnet | None
    interface: NetworkInterface | None
    address: Address
    """The interface's address, or one that stands for any of the subnet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Where a flow ends, as far as the source's VPC knows."""

    inside: bool
    """The address belongs to the VPC, or to one of its interface endpoints."""
    subnet_id: str | None = None
    interface: NetworkInterface | None = None
    endpoint: VpcEndpoint | None = None
    group_ids: tuple[str, ...] | None = ()
    """None when the interface could not be read."""


def locate_origin(snapshot: Snapshot, source: Source, destination: Address) -> Origin:
    """Return where the source sits and its address of the destination's family.

    Functions of one subnet and one set of groups share a network interface:
    https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
    """
    subnet = snapshot.subnet(source.subnet_id)
    if source.interface_id is not None:
        interface = snapshot.network_interface(source.interface_id)
    else:
        interface = snapshot.lambda_interface(source.subnet_id, source.security_group_ids)
    family = family_of(destination)
    known = interface.addresses if interface else ()
    address = next((item for item in known if family_of(item) is family), None)
    if address is None:
        address = _representative(snapshot, source.vpc_id, subnet, family)
    return Origin(subnet=subnet, interface=interface, address=address)


def locate_destination(
    snapshot: Snapshot, vpc_id: str, address: Address, resolution: Resolution | None
) -> Destination:
    """Return what the VPC has at an address."""
    interface = snapshot.interface_at(vpc_id, address)
    endpoint = (
        snapshot.endpoint_of_interface(interface.network_interface_id) if interface else None
    )
    if endpoint is None and resolution is not None and resolution.endpoint_id is not None:
        endpoint = snapshot.vpc_endpoint(resolution.endpoint_id)
    subnet_id = interface.subnet_id if interface else _subnet_at(snapshot, vpc_id, address)
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


def _subnet_at(snapshot: Snapshot, vpc_id: str, address: Address) -> str | None:
    for subnet in snapshot.subnets:
        if subnet.vpc_id == vpc_id and holds(subnet, address):
            return subnet.subnet_id
    return None


def holds(subnet: Subnet, address: Address) -> bool:
    """Tell whether an address is in one of the subnet's blocks."""
    if address.version == 4:  # noqa: PLR2004 # the protocol's own number
        return subnet.ipv4_cidr is not None and address in subnet.ipv4_cidr
    return any(contains(block.cidr, address) for block in subnet.ipv6_blocks)


def _is_in_vpc(snapshot: Snapshot, vpc_id: str, address: Address) -> bool:
    vpc = snapshot.vpc(vpc_id)
    if vpc is None:
        return False
    blocks = (*vpc.ipv4_cidrs, *(block.cidr for block in vpc.ipv6_blocks))
    return any(contains(block, address) for block in blocks)
