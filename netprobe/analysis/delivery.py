"""How a packet enters an interface of the source's own VPC."""

from __future__ import annotations

from netprobe.analysis.endpoints import check_interface_endpoint
from netprobe.analysis.network_acls import cross_acl
from netprobe.analysis.places import READ_INTERFACES, Destination
from netprobe.analysis.security_groups import pass_ingress
from netprobe.analysis.walk import Crossing, Walk
from netprobe.model.trace import Blocker, Component, Half, Hop, Reason


def deliver(walk: Walk, destination: Destination) -> None:
    """Cross the ACL of the destination's subnet, its groups and the endpoint behind it.

    Traffic inside one subnet meets no network ACL:
    https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html
    """
    subnet_id = destination.subnet_id
    if subnet_id is not None and subnet_id != walk.flow.source.subnet_id:
        cross_acl(
            walk, Crossing(subnet_id=subnet_id, egress=False, remote=walk.address), Half.REQUEST
        )
        walk.way_back.append(Crossing(subnet_id=subnet_id, egress=True, remote=walk.address))
    clear = True
    if destination.endpoint is not None:
        clear = check_interface_endpoint(walk, destination.endpoint)
    elif destination.interface is None:
        _miss_interface(walk, destination)
        return
    if destination.group_ids:
        pass_ingress(walk, destination.group_ids, subnet_id)
    hop = _name_end(destination)
    if clear:
        walk.meet(hop)
    walk.way_back.append(hop)


def _name_end(destination: Destination) -> Hop:
    interface_id = (
        destination.interface.network_interface_id if destination.interface is not None else ""
    )
    if destination.endpoint is not None:
        return Hop(
            component=Component.VPC_ENDPOINT,
            resource_id=destination.endpoint.vpc_endpoint_id,
            detail=f"{interface_id} of {destination.endpoint.service_name}".removeprefix(" of "),
        )
    return Hop(component=Component.NETWORK_INTERFACE, resource_id=interface_id)


def _miss_interface(walk: Walk, destination: Destination) -> None:
    address = str(walk.flow.destination)
    if walk.snapshot.gap(READ_INTERFACES):
        walk.lack(READ_INTERFACES, Component.NETWORK_INTERFACE, address, Half.REQUEST)
        return
    walk.block(
        Blocker(
            component=Component.NETWORK_INTERFACE,
            resource_id=address,
            half=Half.REQUEST,
            reason=Reason.NO_SUCH_ADDRESS,
            detail=f"{address} is inside {walk.flow.source.vpc_id} and no interface has it",
            subnet_id=destination.subnet_id,
        )
    )
