"""Rules and entries that let through what a filter drops: as narrow as the target is known."""

from __future__ import annotations

from ipaddress import ip_network

from netprobe.analysis.prefix_lists import expand_prefix_list
from netprobe.analysis.routing import effective_route_table, winning_route
from netprobe.model.addresses import Address, Network, contains, family_of
from netprobe.model.changes import AllowInAcl, AllowInGroup
from netprobe.model.flow import TCP, UDP
from netprobe.model.resources import NetworkAcl, NetworkAclEntry, NetworkInterface, Subnet
from netprobe.model.snapshot import Snapshot
from netprobe.model.trace import Blocker, Dropped, Trace

HIGHEST_RULE = 32766
"""https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html"""
_STEP = 10


def exact(trace: Trace, address: Address) -> Network:
    """Return what a rule or route for an address should name: itself, or all of its family.

    The addresses behind a public name change, so only an address that was asked for stands alone.
    """
    literal = trace.resolution is None or trace.resolution.origin == "literal"
    if literal and address == trace.flow.destination:
        return ip_network(address)
    return family_of(address).everything


def allow_in_acl(snapshot: Snapshot, trace: Trace, blocker: Blocker) -> AllowInAcl | None:
    """Return the entry that lets the packets pass, in front of those that deny them.

    "Network ACL rules": https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html
    """
    dropped = blocker.dropped
    acl = snapshot.network_acl(blocker.resource_id)
    if dropped is None or acl is None or dropped.protocol not in {TCP, UDP}:
        return None
    number = _free_number(acl, dropped)
    if number is None:
        return None
    inside = _block_anywhere(snapshot, dropped.remote)
    return AllowInAcl(
        network_acl_id=acl.network_acl_id,
        rule_number=number,
        egress=dropped.egress,
        protocol=dropped.protocol,
        ports=dropped.ports,
        cidr=inside or exact(trace, dropped.remote),
    )


def allow_in_group(snapshot: Snapshot, trace: Trace, blocker: Blocker) -> AllowInGroup | None:
    """Return the rule that lets the request pass: a group, a prefix list, or addresses.

    "Security group rules": https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
    """
    dropped = blocker.dropped
    if dropped is None or dropped.protocol not in {TCP, UDP}:
        return None
    group_id = _group_to_change(snapshot, dropped)
    if group_id is None:
        return None
    peer_group = _peer_group(snapshot, trace, dropped, group_id)
    listed = _prefix_list(snapshot, trace, dropped) if peer_group is None else None
    cidr = None
    if peer_group is None and listed is None:
        inside = _block_anywhere(snapshot, dropped.remote)
        cidr = inside or exact(trace, dropped.remote)
    return AllowInGroup(
        group_id=group_id,
        egress=dropped.egress,
        protocol=dropped.protocol,
        ports=dropped.ports,
        cidr=cidr,
        peer_group_id=peer_group,
        prefix_list_id=listed,
    )


def subnet_with(snapshot: Snapshot, vpc_id: str, address: Address) -> Subnet | None:
    """Return the subnet of a VPC that an address is in."""
    subnets = snapshot.subnets_of(vpc_id)
    return next((item for item in subnets if _block(item, address)), None)


def _block_anywhere(snapshot: Snapshot, address: Address) -> Network | None:
    found = (_block(item, address) for item in snapshot.subnets)
    return next((block for block in found if block), None)


def _block(subnet: Subnet, address: Address) -> Network | None:
    """Return the block of a subnet that an address is in."""
    ipv4: tuple[Network, ...] = (subnet.ipv4_cidr,) if subnet.ipv4_cidr else ()
    blocks: tuple[Network, ...] = (*ipv4, *(item.cidr for item in subnet.ipv6_blocks))
    return next((item for item in blocks if contains(item, address)), None)


def _free_number(acl: NetworkAcl, dropped: Dropped) -> int | None:
    """Return a number in front of every entry that denies the packets, a round one if any."""
    entries = [item for item in acl.entries if item.egress is dropped.egress]
    taken = {item.rule_number for item in entries if item.rule_number <= HIGHEST_RULE}
    denying = [item.rule_number for item in entries if _denies(item, dropped)]
    if denying:
        below = range(min(denying) - 1, 0, -1)
        free = [number for number in below if number not in taken]
        return next((number for number in free if number % _STEP == 0), next(iter(free), None))
    number = (max(taken, default=90) // _STEP + 1) * _STEP
    return number if number <= HIGHEST_RULE else None


def _denies(entry: NetworkAclEntry, dropped: Dropped) -> bool:
    return (
        not entry.allow
        and entry.rule_number <= HIGHEST_RULE
        and contains(entry.cidr, dropped.remote)
        and entry.protocol in {None, dropped.protocol}
        and bool(entry.ports & dropped.ports)
    )


def _group_to_change(snapshot: Snapshot, dropped: Dropped) -> str | None:
    """Return the first of the groups that was read."""
    return next((i for i in dropped.group_ids if snapshot.security_group(i) is not None), None)


def _peer_group(snapshot: Snapshot, trace: Trace, dropped: Dropped, group_id: str) -> str | None:
    """Return the group at the other end, where it is in the same VPC."""
    group = snapshot.security_group(group_id)
    if group is None:
        return None
    if dropped.egress:
        far = snapshot.interface_at(group.vpc_id, dropped.remote)
        return next(iter(_groups_of(snapshot, far)), None) if far else None
    source = trace.flow.source
    near = subnet_with(snapshot, group.vpc_id, dropped.remote)
    if near is None or near.subnet_id != source.subnet_id:
        return None
    return next(iter(source.security_group_ids), None)


def _groups_of(snapshot: Snapshot, interface: NetworkInterface) -> tuple[str, ...]:
    endpoint = snapshot.endpoint_of_interface(interface.network_interface_id)
    return interface.group_ids or (endpoint.group_ids if endpoint else ())


def _prefix_list(snapshot: Snapshot, trace: Trace, dropped: Dropped) -> str | None:
    """Return the prefix list whose route the packets take: a gateway endpoint's service."""
    table = effective_route_table(snapshot, trace.flow.source.subnet_id)
    if table is None or not dropped.egress:
        return None
    taken = winning_route(snapshot, table, dropped.remote).route
    listed = taken.prefix_list_id if taken else None
    if listed is None or isinstance(expand_prefix_list(snapshot, listed), str):
        return None
    return listed
