"""What a network interface does to a packet that is sent from it, to it or through it."""

from __future__ import annotations

from netprobe.analysis.delivery import arrive
from netprobe.analysis.leg import Leg
from netprobe.analysis.network_acls import cross_acl
from netprobe.analysis.security_groups import Peer, pass_groups
from netprobe.analysis.usable import check_usable
from netprobe.analysis.walk import End, Walk
from netprobe.model.resources import Route
from netprobe.model.trace import Blocker, Component, Half, Reason

READ_INTERFACES = "ec2:DescribeNetworkInterfaces"


def pass_interface(walk: Walk, leg: Leg, route: Route) -> bool:
    """Go into an appliance, which does what configuration does not show.

    What is for the interface itself has arrived; the rest it would have to forward.

    It must be attached and running, must not check source and destination, and its groups and
    its subnet's ACL must let the packet in:
    https://docs.aws.amazon.com/vpc/latest/userguide/route-table-options.html and
    https://docs.aws.amazon.com/vpc/latest/userguide/work-with-nat-instances.html#EIP_Disable_SrcDestCheck
    """
    interface = walk.snapshot.network_interface(route.target_id)
    if interface is None:
        if walk.snapshot.gap(READ_INTERFACES):
            walk.lack(READ_INTERFACES, Component.NETWORK_INTERFACE, route.target_id, leg.half)
        else:
            leave_view(walk, leg, route, Component.NETWORK_INTERFACE)
        return False
    if leg.destination in interface.addresses:
        return arrive(walk, leg, interface.vpc_id)
    place = walk.fabric.place(interface.subnet_id, interface.vpc_id)
    if place.subnet_id != leg.place.subnet_id:
        cross_acl(walk, leg, place, egress=False)
    check_usable(walk, interface, leg.half, route.written)
    if interface.source_dest_check:
        walk.block(
            Blocker(
                component=Component.NETWORK_INTERFACE,
                resource_id=interface.network_interface_id,
                half=leg.half,
                reason=Reason.SOURCE_DEST_CHECK,
                entry=route.written,
                detail=f"{interface.network_interface_id} checks source and destination, so it "
                f"drops what is for {leg.destination}",
                subnet_id=interface.subnet_id,
            )
        )
    if leg.half is Half.REQUEST:
        leg.place = place
        # References to groups are lost on the way through a middlebox:
        # https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
        peer = Peer(address=leg.source, group_ids=leg.group_ids)
        pass_groups(walk, leg, interface.group_ids, peer, egress=False)
    leave_view(walk, leg, route, Component.NETWORK_INTERFACE)
    return False


def leave_view(walk: Walk, leg: Leg, route: Route, component: Component) -> None:
    """Hand the packet to something the walk does not follow, and say what it is."""
    hop = walk.fabric.hop(
        component,
        route.target_id,
        route.written,
        "goes on where the configuration read here does not show it",
    )
    walk.left_view.add(leg.half)
    walk.meet(hop, leg.half)
    if leg.half is Half.REQUEST:
        walk.end = End(hops=(hop,))
