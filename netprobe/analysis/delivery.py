"""How a packet enters an interface: the request its destination, the reply where it came from."""

from __future__ import annotations

from netprobe.analysis.endpoints import check_interface_endpoint
from netprobe.analysis.leg import Leg
from netprobe.analysis.load_balancers import check_listener
from netprobe.analysis.network_acls import cross_acl
from netprobe.analysis.places import READ_INTERFACES, Destination, locate_destination
from netprobe.analysis.security_groups import Peer, pass_groups
from netprobe.analysis.usable import check_accepts, check_usable
from netprobe.analysis.walk import End, Walk
from netprobe.model.trace import Blocker, Component, Half, Hop, Reason


def arrive(walk: Walk, leg: Leg, vpc_id: str) -> bool:
    """Deliver inside a VPC; tell whether the packet goes on from there, as behind a NAT gateway.

    Traffic inside one subnet meets no network ACL:
    https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html
    """
    if leg.half is Half.REPLY:
        return come_home(walk, leg, vpc_id)
    destination = locate_destination(walk.fabric, vpc_id, leg.destination, walk.resolution)
    if destination.subnet_id is not None:
        place = walk.fabric.place(destination.subnet_id, vpc_id)
        if place is not leg.place:
            cross_acl(walk, leg, place, egress=False)
            leg.place = place
        walk.end = End(place=place)
    if destination.interface is None and destination.endpoint is None:
        _miss_interface(walk, leg, destination, vpc_id)
    else:
        _enter(walk, leg, destination)
    return False


def _enter(walk: Walk, leg: Leg, destination: Destination) -> None:
    """Enter the destination's interface: what stands behind it, then its groups."""
    clear = True
    interface = destination.interface
    if destination.endpoint is not None:
        clear = check_interface_endpoint(walk, leg, destination.endpoint)
    elif interface is not None:
        clear = check_usable(walk, interface, Half.REQUEST)
    if destination.group_ids:
        peer = Peer(address=leg.source, group_ids=leg.group_ids)
        pass_groups(walk, leg, destination.group_ids, peer, egress=False)
    if interface is not None:
        clear = check_listener(walk, leg, interface) and clear
        clear = check_accepts(walk, interface) and clear
    hop = _name_end(walk, destination)
    if clear:
        walk.meet(hop)
    walk.end = End(hops=(hop,), place=leg.place, sender=interface)


def come_home(walk: Walk, leg: Leg, vpc_id: str) -> bool:
    """Let the reply come back to what sent the request: the source, or a NAT gateway.

    A NAT gateway gives it the address of what is behind and sends it on:
    https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html
    """
    anchor = walk.anchors.pop()
    if vpc_id != anchor.place.vpc_id:
        stray(walk, leg, f"{vpc_id} takes it for its own, and not {anchor.place.vpc_id}")
    if anchor.place is not leg.place:
        cross_acl(walk, leg, anchor.place, egress=False)
        leg.crossed = None  # it may have left this very subnet before, and come round
    leg.place = anchor.place
    if anchor.hop is None or not walk.anchors:
        return False
    walk.meet(anchor.hop, Half.REPLY)
    inner = walk.anchors[-1]
    leg.readdress(inner.beyond, inner.address, inner.ports)
    leg.sender = None
    leg.foreign = False
    return True


def stray(walk: Walk, leg: Leg, why: str, entry: str | None = None) -> None:
    """Block a reply that is routed where it does not lead back."""
    table = leg.place.table
    walk.block(
        Blocker(
            component=Component.ROUTE_TABLE,
            resource_id=table.table.route_table_id if table else leg.place.vpc_id,
            half=Half.REPLY,
            reason=Reason.REPLY_ELSEWHERE,
            entry=entry,
            detail=f"the reply to {leg.destination} does not come back: {why}",
            subnet_id=leg.place.subnet_id,
        )
    )


def _name_end(walk: Walk, destination: Destination) -> Hop:
    interface_id = (
        destination.interface.network_interface_id if destination.interface is not None else ""
    )
    endpoint = destination.endpoint
    if endpoint is not None:
        detail = f"{interface_id} of {endpoint.service_name}".removeprefix(" of ")
        return walk.fabric.hop(Component.VPC_ENDPOINT, endpoint.vpc_endpoint_id, None, detail)
    return walk.fabric.hop(Component.NETWORK_INTERFACE, interface_id)


def _miss_interface(walk: Walk, leg: Leg, destination: Destination, vpc_id: str) -> None:
    address = str(leg.destination)
    if walk.snapshot.gap(READ_INTERFACES):
        walk.lack(READ_INTERFACES, Component.NETWORK_INTERFACE, address, Half.REQUEST)
        return
    walk.block(
        Blocker(
            component=Component.NETWORK_INTERFACE,
            resource_id=address,
            half=Half.REQUEST,
            reason=Reason.NO_SUCH_ADDRESS,
            detail=f"{address} is inside {vpc_id} and no interface has it",
            subnet_id=destination.subnet_id,
        )
    )
