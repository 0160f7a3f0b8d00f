"""IPv6 for a source: blocks for its VPC and subnets, and the function's own flag.

https://docs.aws.amazon.com/vpc/latest/userguide/vpc-migrate-ipv6-add.html
https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv6Network
from itertools import islice

from netprobe.model.addresses import covers
from netprobe.model.changes import (
    AllowFunctionIpv6,
    AssociateSubnetIpv6,
    AssociateVpcIpv6,
    Change,
)
from netprobe.model.flow import Source
from netprobe.model.resources import Subnet, Vpc
from netprobe.model.snapshot import Snapshot

STAND_IN = IPv6Network("2001:db8:ffff:f00::/56")
"""Stands for the block that Amazon would give (RFC 3849)."""
_SUBNET = 64


def give_blocks(snapshot: Snapshot, source: Source) -> tuple[Change, ...] | None:
    """Return what gives a block to every subnet of a source's function that has none.

    Lambda takes the flag only if all subnets of the function have an IPv6 block.
    """
    vpc = snapshot.vpc(source.vpc_id)
    if vpc is None:
        return None
    made: list[Change] = []
    own = next((item.cidr for item in vpc.ipv6_blocks if not item.private), None)
    if own is None:
        made.append(AssociateVpcIpv6(vpc_id=vpc.vpc_id, cidr=STAND_IN))
    block = own or STAND_IN
    bare = list(_without_block(snapshot, source))
    numbers = list(islice(_free_numbers(snapshot, vpc, block), len(bare)))
    if not isinstance(block, IPv6Network) or len(numbers) < len(bare):
        return None
    for subnet, number in zip(bare, numbers, strict=True):
        made.append(
            AssociateSubnetIpv6(
                subnet_id=subnet.subnet_id,
                vpc_id=vpc.vpc_id,
                number=number,
                cidr=numbered(block, number),
                block_is_new=block == STAND_IN,
            )
        )
    return tuple(made)


def allow_function(snapshot: Snapshot, source: Source) -> tuple[Change, ...] | None:
    """Return what lets the function use IPv6, with the blocks that its other subnets lack."""
    function = snapshot.function(source.function_name) if source.function_name else None
    if function is None:
        return None
    blocks: tuple[Change, ...] = ()
    if any(_without_block(snapshot, source)):
        found = give_blocks(snapshot, source)
        if found is None:
            return None
        blocks = found
    flag = AllowFunctionIpv6(
        function_name=function.function_name,
        subnet_ids=function.subnet_ids,
        group_ids=function.security_group_ids,
    )
    return (*blocks, flag)


def numbered(block: IPv6Network, number: int) -> IPv6Network:
    """Return one of a block's /64s, counted from 0."""
    return IPv6Network((int(block.network_address) + (number << _SUBNET), _SUBNET))


def _without_block(snapshot: Snapshot, source: Source) -> Iterator[Subnet]:
    function = snapshot.function(source.function_name) if source.function_name else None
    wanted = function.subnet_ids if function else source.represents
    for subnet_id in dict.fromkeys((source.subnet_id, *wanted)):
        subnet = snapshot.subnet(subnet_id)
        if subnet is not None and not subnet.ipv6_blocks:
            yield subnet


def _free_numbers(snapshot: Snapshot, vpc: Vpc, block: object) -> Iterator[int]:
    if not isinstance(block, IPv6Network) or block.prefixlen > _SUBNET:
        return
    taken = [i.cidr for item in snapshot.subnets_of(vpc.vpc_id) for i in item.ipv6_blocks]
    for number in range(1 << (_SUBNET - block.prefixlen)):
        cidr = numbered(block, number)
        if not any(covers(cidr, held) or covers(held, cidr) for held in taken):
            yield number
