"""The internet between a VPC's gateways: out of one, and perhaps in again by another.

A public address of the snapshot is reached through the internet gateway of its own VPC, also from
inside: https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html
"""

from __future__ import annotations

from netprobe.analysis.block_public_access import READ_EXCLUSIONS, UNREAD, closes
from netprobe.analysis.delivery import arrive, stray
from netprobe.analysis.endpoints import pass_endpoint_route
from netprobe.analysis.fabric import Place
from netprobe.analysis.interfaces import leave_view, pass_interface
from netprobe.analysis.leg import Leg
from netprobe.analysis.places import private_address_of
from netprobe.analysis.routing import READ_TABLES
from netprobe.analysis.usable import check_unsolicited
from netprobe.analysis.walk import INTERNET, End, Walk
from netprobe.model.addresses import NAT64_PREFIX, Address, contains, is_private
from netprobe.model.resources import NetworkInterface, RouteState, TargetKind
from netprobe.model.trace import Blocker, Component, Half, Hop, Reason

READ_INTERNET_GATEWAYS = "ec2:DescribeInternetGateways"
_IPV4 = 4
_FIRST_HOST, _FIRST_MULTICAST, _MULTICAST_IPV6 = 1 << 24, 224 << 24, 0xFF
"""Below 1.0.0.0 and from 224.0.0.0 on there are no hosts (RFC 6890); ff00::/8 is multicast."""


def unreachable_kind(address: Address) -> str | None:
    """Return what kind of address it is when nothing on the internet can have it.

    Private ones: IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS and its like in
    https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html; those of NAT64 mean
    something to NAT gateways only (RFC 6052); the others are no single host's.
    """
    if is_private(address):
        return "a private address"
    number = int(address)
    if address.version == _IPV4:
        return "no host's address" if number >= _FIRST_MULTICAST or number < _FIRST_HOST else None
    if contains(NAT64_PREFIX, address):
        return "a NAT64 address"
    return "no host's address" if number >> 120 == _MULTICAST_IPV6 else None


def enter_internet(walk: Walk, leg: Leg, source: Address, gateway: Hop) -> bool:
    """Cross the internet under a public source address, out of the view or to another VPC."""
    walk.meet(INTERNET, leg.half)
    if leg.half is Half.REPLY:
        return _bring_back(walk, leg)
    interface = _find(walk, leg)
    if interface is None:
        _leave(walk, leg, gateway)
        return False
    inside = leg.destination
    if leg.version == _IPV4:
        inside = private_address_of(interface, leg.destination) or leg.destination
    walk.from_internet = True
    walk.anchors[-1].public = source
    leg.readdress(source, inside, leg.ports)
    leg.group_ids = frozenset()
    leg.sender, leg.nat, leg.foreign = None, None, True
    _enter_vpc(walk, leg, interface)
    return False


def _leave(walk: Walk, leg: Leg, gateway: Hop) -> None:
    """End on the internet, unless the address is in a VPC of the snapshot and nobody has it."""
    vpc_id = walk.fabric.vpc_with_ipv6(leg.dst) if leg.version != _IPV4 else None
    if vpc_id is None and leg.version == _IPV4:
        check_unsolicited(walk, leg)
    if vpc_id is None:
        walk.end = End(hops=(INTERNET, gateway), gateway_id=gateway.resource_id)
        return
    leg.place = walk.fabric.edge(vpc_id)
    arrive(walk, leg, vpc_id)


def come_in(walk: Walk, leg: Leg, gateway_id: str, vpc_id: str) -> bool:
    """Come in by a gateway, whose own route table may send the packet to an appliance first.

    "Gateway route tables": https://docs.aws.amazon.com/vpc/latest/userguide/gateway-route-tables.html
    """
    leg.place = walk.fabric.edge(vpc_id)
    table = walk.snapshot.gateway_route_table(gateway_id)
    if table is None:
        if walk.snapshot.gap(READ_TABLES) and not gateway_id.startswith("eigw-"):
            walk.lack(READ_TABLES, Component.INTERNET_GATEWAY, gateway_id, leg.half)
        return arrive(walk, leg, vpc_id)
    found = walk.fabric.table(table).lookup(leg.version, leg.dst)
    if found is None or found.route.state is not RouteState.ACTIVE:
        what = f"{table.route_table_id} of {gateway_id} leads nowhere"
        _block_at_edge(walk, leg, table.route_table_id, what)
        return arrive(walk, leg, vpc_id)
    walk.meet(found.hop, leg.half)
    if found.route.target is TargetKind.LOCAL:
        return arrive(walk, leg, vpc_id)
    if found.route.target is TargetKind.NETWORK_INTERFACE:
        return pass_interface(walk, leg, found.route)
    if found.route.target is TargetKind.VPC_ENDPOINT:
        pass_endpoint_route(walk, leg, found.route)
    else:
        leave_view(walk, leg, found.route, Component.OTHER)
    return False


def check_public_access(walk: Walk, leg: Leg, place: Place, *, direct: bool) -> bool:
    """Tell whether Block Public Access lets a flow pass between a place and the internet.

    https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa-basics.html
    """
    access = place.public_access
    if not closes(access, direct=direct) or access is None:
        return True
    mode, exclusion = access
    where = place.subnet_id or place.vpc_id
    if exclusion == UNREAD:
        walk.lack(READ_EXCLUSIONS, Component.BLOCK_PUBLIC_ACCESS, where, leg.half)
        return False
    excluded = f"; its exclusion {exclusion} does not help here" if exclusion else ""
    walk.block(
        Blocker(
            component=Component.BLOCK_PUBLIC_ACCESS,
            resource_id=where,
            half=leg.half,
            reason=Reason.BLOCK_PUBLIC_ACCESS,
            entry=f"InternetGatewayBlockMode = {mode}",
            detail=f"VPC Block Public Access ({mode}) closes the way between {where} and the "
            f"internet{excluded}",
            subnet_id=place.subnet_id,
        )
    )
    return False


def _find(walk: Walk, leg: Leg) -> NetworkInterface | None:
    """Return the interface of the snapshot that has the destination as a public address."""
    if leg.version == _IPV4:
        return walk.fabric.interface_with_public(leg.dst)
    return walk.fabric.interface_with_ipv6(leg.dst)


def _enter_vpc(walk: Walk, leg: Leg, interface: NetworkInterface) -> None:
    """Go in by the internet gateway of the destination's VPC."""
    vpc_id = interface.vpc_id
    gateway_id = walk.fabric.internet_gateway_of(vpc_id)
    place = walk.fabric.place(interface.subnet_id, vpc_id)
    check_public_access(walk, leg, place, direct=True)
    if leg.version != _IPV4 and _is_in_private_block(walk, leg, vpc_id):
        # https://docs.aws.amazon.com/vpc/latest/userguide/vpc-ip-addressing.html
        detail = f"{leg.destination} is from a private block of {vpc_id}, which no gateway carries"
        _block(walk, leg, gateway_id or vpc_id, Reason.PRIVATE_DESTINATION, detail)
    if interface.deny_all_igw_traffic:
        detail = f"{interface.network_interface_id} has DenyAllIgwTraffic"
        _block(walk, leg, gateway_id or vpc_id, Reason.DENY_ALL_IGW_TRAFFIC, detail)
    if gateway_id is None:
        if walk.snapshot.gap(READ_INTERNET_GATEWAYS):
            walk.lack(READ_INTERNET_GATEWAYS, Component.INTERNET_GATEWAY, vpc_id, leg.half)
        else:
            detail = f"{vpc_id} has no internet gateway, so nothing reaches {leg.destination}"
            _block(walk, leg, vpc_id, Reason.GATEWAY_DETACHED, detail)
        leg.place = walk.fabric.edge(vpc_id)
        arrive(walk, leg, vpc_id)
        return
    walk.meet(walk.fabric.hop(Component.INTERNET_GATEWAY, gateway_id), leg.half)
    come_in(walk, leg, gateway_id, vpc_id)


def _is_in_private_block(walk: Walk, leg: Leg, vpc_id: str) -> bool:
    vpc = walk.snapshot.vpc(vpc_id)
    return vpc is not None and any(
        block.private and contains(block.cidr, leg.destination) for block in vpc.ipv6_blocks
    )


def _bring_back(walk: Walk, leg: Leg) -> bool:
    """Let the reply come in by the gateway of the VPC that sent the request."""
    anchor = walk.anchors[-1]
    vpc_id = anchor.place.vpc_id
    leg.readdress(anchor.beyond, anchor.address, anchor.ports)
    gateway_id = walk.fabric.internet_gateway_of(vpc_id)
    if gateway_id is None:
        if not walk.from_internet:
            stray(walk, leg, f"it goes over the internet, to which {vpc_id} has no gateway")
        leg.place = walk.fabric.edge(vpc_id)
        return arrive(walk, leg, vpc_id)
    walk.meet(walk.fabric.hop(Component.INTERNET_GATEWAY, gateway_id), leg.half)
    return come_in(walk, leg, gateway_id, vpc_id)


def _block_at_edge(walk: Walk, leg: Leg, table_id: str, what: str) -> None:
    if leg.half is Half.REPLY:
        stray(walk, leg, what)
        return
    walk.block(
        Blocker(
            component=Component.ROUTE_TABLE,
            resource_id=table_id,
            half=leg.half,
            reason=Reason.NO_ROUTE,
            detail=f"{leg.destination} goes nowhere: {what}",
        )
    )


def _block(walk: Walk, leg: Leg, resource_id: str, reason: Reason, detail: str) -> None:
    walk.block(
        Blocker(
            component=Component.INTERNET_GATEWAY,
            resource_id=resource_id,
            half=leg.half,
            reason=reason,
            detail=detail,
        )
    )
