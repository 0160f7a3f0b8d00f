"""What a VPC peering connection carries: what is for the peer's own blocks, and nothing behind.

"VPC peering basics": https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html
"""

from __future__ import annotations

from netprobe.analysis.delivery import arrive
from netprobe.analysis.interfaces import leave_view
from netprobe.analysis.leg import Leg
from netprobe.analysis.walk import Walk
from netprobe.model.addresses import Address, Network, contains
from netprobe.model.interconnect import PeeredVpc, VpcPeeringConnection
from netprobe.model.resources import Route
from netprobe.model.snapshot import Snapshot
from netprobe.model.trace import Blocker, Component, Reason

READ_PEERINGS = "ec2:DescribeVpcPeeringConnections"
ACTIVE = "active"


def pass_peering(walk: Walk, leg: Leg, route: Route) -> bool:
    """Cross a peering connection into the other VPC, when the snapshot shows it."""
    peering = walk.snapshot.peering(route.target_id)
    if peering is None:
        if walk.snapshot.gap(READ_PEERINGS):
            component = Component.VPC_PEERING_CONNECTION
            walk.lack(READ_PEERINGS, component, route.target_id, leg.half)
        else:
            leave_view(walk, leg, route, Component.VPC_PEERING_CONNECTION)
        return False
    peer = peering.other_side(leg.place.vpc_id)
    clear = _check(walk, leg, route, peering, peer)
    if not walk.fabric.sees(peer.vpc_id):
        hidden = walk.fabric.hidden_by
        if hidden is not None:
            walk.lack(hidden, Component.VPC, peer.vpc_id, leg.half)
        leave_view(walk, leg, route, Component.VPC_PEERING_CONNECTION)
        return False
    if clear:
        hop = walk.fabric.hop(Component.VPC_PEERING_CONNECTION, route.target_id, route.written)
        walk.meet(hop, leg.half)
    if leg.nat is not None:
        walk.return_path = (peer.vpc_id, route.target_id, leg.place.vpc_id)
    if not keeps_references(peering):
        leg.group_ids = frozenset()
    leg.place = walk.fabric.edge(peer.vpc_id)
    leg.nat, leg.foreign = None, True
    return arrive(walk, leg, peer.vpc_id)


def return_to_nat(walk: Walk, leg: Leg) -> bool:
    """Take a reply back to the NAT gateway behind a peering connection, without any route.

    What a NAT gateway sends through a peering connection returns to it, whatever the table on
    the other side says:
    https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html
    """
    if walk.return_path is None:
        return False
    _, peering_id, vpc_id = walk.return_path
    walk.return_path = None
    detail = "returns what came from a NAT gateway, without a route"
    component = Component.VPC_PEERING_CONNECTION
    walk.meet(walk.fabric.hop(component, peering_id, None, detail), leg.half)
    leg.place = walk.fabric.edge(vpc_id)
    leg.nat, leg.foreign = None, True
    return arrive(walk, leg, vpc_id)


def keeps_references(peering: VpcPeeringConnection) -> bool:
    """Tell whether groups of one side may refer to groups of the other: in one region only.

    https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-security-groups.html
    """
    regions = {peering.requester.region, peering.accepter.region} - {None}
    return peering.status == ACTIVE and len(regions) <= 1


def _check(
    walk: Walk, leg: Leg, route: Route, peering: VpcPeeringConnection, peer: PeeredVpc
) -> bool:
    """Tell whether the connection is active and the destination the peer's own."""
    clear = True
    peering_id = peering.vpc_peering_connection_id
    sides = {peering.requester.vpc_id, peering.accepter.vpc_id}
    if peering.status != ACTIVE or leg.place.vpc_id not in sides:
        clear = False
        state = "not between these VPCs" if peering.status == ACTIVE else peering.status
        _block(walk, leg, route, Reason.PEERING_NOT_ACTIVE, f"{peering_id} is {state}")
    blocks = peer_blocks(walk.snapshot, peer)
    if blocks and not is_in(blocks, leg.destination):
        clear = False
        detail = (
            f"{leg.destination} is not in the blocks of {peer.vpc_id}, and {peering_id} leads "
            "no further"
        )
        _block(walk, leg, route, Reason.NOT_IN_PEER_VPC, detail)
    own = peer_blocks(walk.snapshot, peering.other_side(peer.vpc_id))
    if leg.foreign and own and not is_in(own, leg.source):
        # PCX_REQUIRES_ADDRESS_IN_VPC_CIDR of
        # https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html
        clear = False
        detail = (
            f"{leg.source} is not in the blocks of {leg.place.vpc_id}, and {peering_id} carries "
            "nothing from behind it"
        )
        _block(walk, leg, route, Reason.NOT_IN_PEER_VPC, detail)
    return clear


def peer_blocks(snapshot: Snapshot, peer: PeeredVpc) -> tuple[Network, ...]:
    """Return the blocks of a peered VPC, from itself or as the peering shows them."""
    vpc = snapshot.vpc(peer.vpc_id)
    if vpc is None:
        return peer.cidrs
    return (*vpc.ipv4_cidrs, *(block.cidr for block in vpc.ipv6_blocks))


def is_in(blocks: tuple[Network, ...], address: Address) -> bool:
    """Tell whether an address is in one of some blocks."""
    return any(contains(block, address) for block in blocks)


def _block(walk: Walk, leg: Leg, route: Route, reason: Reason, detail: str) -> None:
    walk.block(
        Blocker(
            component=Component.VPC_PEERING_CONNECTION,
            resource_id=route.target_id,
            half=leg.half,
            reason=reason,
            entry=route.written,
            detail=detail,
            subnet_id=leg.place.subnet_id,
        )
    )
