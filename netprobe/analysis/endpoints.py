"""What gateway and interface endpoints carry, and in which state."""

from __future__ import annotations

from netprobe.analysis.leg import Leg
from netprobe.analysis.network_acls import cross_acl
from netprobe.analysis.walk import End, Walk
from netprobe.model.flow import ICMP, ICMPV6, TCP, UDP
from netprobe.model.resources import NetworkInterface, Route, VpcEndpoint
from netprobe.model.snapshot import Snapshot
from netprobe.model.trace import Blocker, Component, Half, Reason

READ_ENDPOINTS = "ec2:DescribeVpcEndpoints"

GATEWAY, INTERFACE, LOAD_BALANCER = "Gateway", "Interface", "GatewayLoadBalancer"
"""``VpcEndpointType``."""


def pass_endpoint_route(walk: Walk, leg: Leg, route: Route) -> None:
    """Follow a route to an endpoint, which is a gateway endpoint or a load balancer's one."""
    endpoint = walk.snapshot.vpc_endpoint(route.target_id)
    if endpoint is None:
        # A participant of a shared subnet cannot describe the owner's endpoints, so even a
        # complete answer proves nothing:
        # https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html
        walk.lack(READ_ENDPOINTS, Component.VPC_ENDPOINT, route.target_id, leg.half)
        return
    clear = check_state(walk, leg, endpoint)
    if endpoint.endpoint_type == GATEWAY:
        clear = _check_gateway(walk, leg, endpoint) and clear
    else:
        _enter_subnet(walk, leg, endpoint)
        walk.left_view.add(leg.half)
    hop = walk.fabric.hop(
        Component.VPC_ENDPOINT,
        endpoint.vpc_endpoint_id,
        route.written,
        f"{endpoint.endpoint_type} endpoint for {endpoint.service_name}",
    )
    if clear:
        walk.meet(hop, leg.half)
    if leg.half is Half.REQUEST:
        walk.end = End(hops=(hop,))


def _enter_subnet(walk: Walk, leg: Leg, endpoint: VpcEndpoint) -> None:
    """Enter the subnet of a Gateway Load Balancer endpoint, which has one and no groups.

    https://docs.aws.amazon.com/vpc/latest/privatelink/create-gateway-load-balancer-endpoint-service.html
    """
    for subnet_id in endpoint.subnet_ids[:1]:
        place = walk.fabric.place(subnet_id, endpoint.vpc_id)
        if place.subnet_id != leg.place.subnet_id:
            cross_acl(walk, leg, place, egress=False)


def check_interface_endpoint(walk: Walk, leg: Leg, endpoint: VpcEndpoint) -> bool:
    """Tell whether an interface endpoint answers; its interfaces never answer a ping.

    https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html
    Behind it is a Network Load Balancer or a service of AWS, so TCP and UDP are all there is:
    https://docs.aws.amazon.com/vpc/latest/privatelink/create-endpoint-service.html
    """
    clear = check_state(walk, leg, endpoint)
    if leg.protocol not in {TCP, UDP}:
        is_ping = leg.protocol in {ICMP, ICMPV6}
        why = "never answers a ping" if is_ping else "carries tcp and udp only"
        detail = f"{endpoint.vpc_endpoint_id} {why}"
        _block(walk, leg, endpoint, Reason.ENDPOINT_PROTOCOL, detail)
        return False
    return clear


def check_state(walk: Walk, leg: Leg, endpoint: VpcEndpoint) -> bool:
    """Tell whether an endpoint is available; states come in either case from AWS."""
    if endpoint.state.lower() == "available":
        return True
    detail = f"{endpoint.vpc_endpoint_id} is {endpoint.state}, not available"
    _block(walk, leg, endpoint, Reason.ENDPOINT_NOT_AVAILABLE, detail)
    return False


def endpoint_groups(
    snapshot: Snapshot, endpoint: VpcEndpoint, interface: NetworkInterface | None
) -> tuple[str, ...]:
    """Return the groups of an interface endpoint; the VPC's default group when none was given.

    ``SecurityGroupIds`` of
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcEndpoint.html
    """
    groups = (interface.group_ids if interface else ()) or endpoint.group_ids
    if groups:
        return groups
    return tuple(
        group.group_id
        for group in snapshot.security_groups
        if group.vpc_id == endpoint.vpc_id and group.group_name == "default"
    )


def _check_gateway(walk: Walk, leg: Leg, endpoint: VpcEndpoint) -> bool:
    """Tell whether a gateway endpoint carries the flow: TCP and ping, families by its type.

    VPCE_GATEWAY_PROTOCOL_RESTRICTION of
    https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html and
    https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html
    What comes from another VPC cannot use it:
    https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-s3.html
    """
    clear = True
    if leg.foreign:
        clear = False
        detail = f"{endpoint.vpc_endpoint_id} serves {endpoint.vpc_id} only, and nothing behind it"
        _block(walk, leg, endpoint, Reason.ENDPOINT_FROM_OUTSIDE, detail)
    if leg.protocol not in {TCP, ICMP, ICMPV6}:
        clear = False
        detail = f"{endpoint.vpc_endpoint_id} carries tcp and ping only"
        _block(walk, leg, endpoint, Reason.ENDPOINT_PROTOCOL, detail)
    carried = {"ipv4": 4, "ipv6": 6}.get(endpoint.ip_address_type)
    if carried is not None and leg.version != carried:
        clear = False
        detail = f"{endpoint.vpc_endpoint_id} has the address type {endpoint.ip_address_type}"
        _block(walk, leg, endpoint, Reason.ENDPOINT_FAMILY, detail)
    return clear


def _block(walk: Walk, leg: Leg, endpoint: VpcEndpoint, reason: Reason, detail: str) -> None:
    walk.block(
        Blocker(
            component=Component.VPC_ENDPOINT,
            resource_id=endpoint.vpc_endpoint_id,
            half=leg.half,
            reason=reason,
            detail=detail,
            subnet_id=walk.flow.source.subnet_id,
        )
    )
