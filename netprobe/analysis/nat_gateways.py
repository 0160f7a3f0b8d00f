"""What a NAT gateway does to a flow: a second path, from the gateway's own subnet.

The filters a flow meets there and back, with L the source's subnet, N that of the gateway and D
the destination: out of L to D, into N from L, out of N to D; then into N from D, out of N to L,
into L from D (the reply's source is D again). "NAT gateway basics":
https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html
"""

from __future__ import annotations

from netprobe.analysis.endpoints import pass_endpoint_route
from netprobe.analysis.gateways import is_attached, read_gateway
from netprobe.analysis.network_acls import cross_acl
from netprobe.analysis.routing import READ_TABLES, decide_route, effective_route_table
from netprobe.analysis.walk import INTERNET, Crossing, Walk
from netprobe.model.addresses import NAT64_PREFIX, Family, contains, is_private
from netprobe.model.flow import ICMP, TCP, UDP
from netprobe.model.ports import EPHEMERAL
from netprobe.model.resources import NatGateway, Route, RouteState, RouteTable, TargetKind
from netprobe.model.trace import Blocker, Component, Half, Hop, Reason

READ_NAT_GATEWAYS = "ec2:DescribeNatGateways"

_DEAD_ENDS = {TargetKind.NAT_GATEWAY, TargetKind.EGRESS_ONLY_INTERNET_GATEWAY}
"""From a NAT gateway's own subnet these lead nowhere: a loop, and a gateway without IPv4."""


def pass_nat_gateway(walk: Walk, route: Route) -> None:
    """Go out through a NAT gateway."""
    nat = walk.snapshot.nat_gateway(route.target_id)
    if nat is None:
        if walk.snapshot.gap(READ_NAT_GATEWAYS):
            walk.lack(READ_NAT_GATEWAYS, Component.NAT_GATEWAY, route.target_id, Half.REQUEST)
        else:
            _block_missing(walk, route)
        return
    if contains(NAT64_PREFIX, walk.flow.destination):
        _doubt(walk, nat, f"the way of {walk.flow.destination} behind NAT64 is not modelled")
        return
    clear = _check_gateway(walk, nat, route)
    # Beside the source there is one boundary, which the request has crossed already.
    subnet_id = None if nat.subnet_id == walk.flow.source.subnet_id else nat.subnet_id
    if subnet_id is not None:
        _enter_subnet(walk, subnet_id)
    hop = Hop(component=Component.NAT_GATEWAY, resource_id=nat.nat_gateway_id, entry=route.written)
    if clear:
        walk.meet(hop)
    walk.way_back.append(hop)
    if subnet_id is not None:
        _leave_subnet(walk, subnet_id)
    _go_on(walk, nat)


def _check_gateway(walk: Walk, nat: NatGateway, route: Route) -> bool:
    """Tell whether the gateway works and carries the flow: TCP, UDP and ICMP over IPv4."""
    clear = True
    if nat.state.lower() != "available":
        clear = False
        detail = f"{nat.nat_gateway_id} is {nat.state}, not available"
        _block(walk, nat, Reason.NAT_NOT_AVAILABLE, detail, route)
    if walk.flow.family is Family.IPV6 or walk.flow.protocol not in {TCP, UDP, ICMP}:
        clear = False
        detail = f"{nat.nat_gateway_id} carries tcp, udp and icmp over IPv4 only"
        _block(walk, nat, Reason.NAT_PROTOCOL, detail, route)
    return clear


def _enter_subnet(walk: Walk, subnet_id: str) -> None:
    """Cross the ACL of the gateway's subnet inwards; its reply goes back to the source."""
    cross_acl(walk, Crossing(subnet_id=subnet_id, egress=False, remote=walk.address), Half.REQUEST)
    walk.way_back.append(Crossing(subnet_id=subnet_id, egress=True, remote=walk.address))


def _leave_subnet(walk: Walk, subnet_id: str) -> None:
    """Cross it outwards; the reply comes in to one of the gateway's ports, 1024 to 65535."""
    remote = walk.flow.destination
    cross_acl(walk, Crossing(subnet_id=subnet_id, egress=True, remote=remote), Half.REQUEST)
    walk.way_back.append(
        Crossing(subnet_id=subnet_id, egress=False, remote=remote, ports=EPHEMERAL)
    )


def _go_on(walk: Walk, nat: NatGateway) -> None:
    """Take the route from the gateway's own table, which must lead on."""
    table = _own_table(walk, nat)
    if table is None:
        walk.lack(READ_TABLES, Component.NAT_GATEWAY, nat.nat_gateway_id, Half.REQUEST)
        return
    choice = decide_route(walk, table)
    if choice is None:
        return
    onward = choice.route
    if onward is None:
        _strand(walk, nat, f"{table.route_table_id} has no route to it")
    elif onward.state is not RouteState.ACTIVE or onward.target in _DEAD_ENDS:
        _strand(walk, nat, f"{table.route_table_id} sends it to {onward.target_id}", onward)
    elif onward.target is TargetKind.INTERNET_GATEWAY:
        _reach_internet(walk, nat, onward)
    elif onward.target is TargetKind.VPC_ENDPOINT:
        pass_endpoint_route(walk, onward)
    elif onward.target is TargetKind.LOCAL:
        _doubt(walk, nat, "the way from a NAT gateway back into its VPC is not modelled")
    else:
        walk.leave_view(onward)


def _own_table(walk: Walk, nat: NatGateway) -> RouteTable | None:
    """Return the table of the gateway's subnet; a regional gateway has one of its own.

    https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateways-regional.html
    """
    if nat.subnet_id is not None:
        return effective_route_table(walk.snapshot, nat.subnet_id)
    return walk.snapshot.route_table(nat.route_table_id) if nat.route_table_id else None


def _reach_internet(walk: Walk, nat: NatGateway, onward: Route) -> None:
    """Go out through the internet gateway behind a public NAT gateway."""
    gateway_id = onward.target_id
    attached = is_attached(walk, gateway_id)
    clear = bool(attached)
    if attached is None:
        call = read_gateway(gateway_id)
        walk.lack(call, Component.INTERNET_GATEWAY, gateway_id, Half.REQUEST)
    elif not attached:
        _strand(walk, nat, f"{gateway_id} is not attached to {nat.vpc_id}", onward)
    if nat.connectivity_type == "private":
        clear = False
        detail = f"{nat.nat_gateway_id} is private: what it sends has no public address"
        _block(walk, nat, Reason.NAT_PRIVATE, detail, onward)
    if is_private(walk.flow.destination):
        clear = False
        detail = f"{walk.flow.destination} is a private address, which {gateway_id} drops"
        _block(walk, nat, Reason.PRIVATE_DESTINATION, detail, onward)
    hop = Hop(component=Component.INTERNET_GATEWAY, resource_id=gateway_id, entry=onward.written)
    if clear:
        walk.meet(hop)
    walk.meet(INTERNET)
    walk.way_back += [hop, INTERNET]


def _strand(walk: Walk, nat: NatGateway, why: str, onward: Route | None = None) -> None:
    detail = f"{nat.nat_gateway_id} cannot pass on {walk.flow.destination}: {why}"
    _block(walk, nat, Reason.NAT_WITHOUT_INTERNET, detail, onward)


def _block(
    walk: Walk, nat: NatGateway, reason: Reason, detail: str, route: Route | None = None
) -> None:
    walk.block(
        Blocker(
            component=Component.NAT_GATEWAY,
            resource_id=nat.nat_gateway_id,
            half=Half.REQUEST,
            reason=reason,
            entry=route.written if route else None,
            detail=detail,
            subnet_id=nat.subnet_id,
        )
    )


def _block_missing(walk: Walk, route: Route) -> None:
    walk.block(
        Blocker(
            component=Component.NAT_GATEWAY,
            resource_id=route.target_id,
            half=Half.REQUEST,
            reason=Reason.NAT_NOT_AVAILABLE,
            entry=route.written,
            detail=f"{route.target_id} does not exist any more",
            subnet_id=walk.flow.source.subnet_id,
        )
    )


def _doubt(walk: Walk, nat: NatGateway, detail: str) -> None:
    walk.doubt(
        Blocker(
            component=Component.NAT_GATEWAY,
            resource_id=nat.nat_gateway_id,
            half=Half.REQUEST,
            reason=Reason.NOT_MODELLED,
            detail=detail,
            subnet_id=nat.subnet_id,
        )
    )
