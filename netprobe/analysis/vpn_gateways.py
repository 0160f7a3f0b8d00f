"""What a virtual private gateway does: it must be attached, and leads out of the view.

https://docs.aws.amazon.com/vpn/latest/s2svpn/how_it_works.html
"""

from __future__ import annotations

from netprobe.analysis.interfaces import leave_view
from netprobe.analysis.leg import Leg
from netprobe.analysis.walk import Walk
from netprobe.model.resources import Route
from netprobe.model.trace import Blocker, Component, Reason

READ_VPN_GATEWAYS = "ec2:DescribeVpnGateways"


def pass_vpn_gateway(walk: Walk, leg: Leg, route: Route) -> None:
    """Leave by a virtual private gateway towards a network that no Describe call shows."""
    gateway = walk.snapshot.vpn_gateway(route.target_id)
    if gateway is None and walk.snapshot.gap(READ_VPN_GATEWAYS):
        walk.lack(READ_VPN_GATEWAYS, Component.VPN_GATEWAY, route.target_id, leg.half)
    if gateway is not None and leg.place.vpc_id not in gateway.attached_vpc_ids:
        walk.block(
            Blocker(
                component=Component.VPN_GATEWAY,
                resource_id=route.target_id,
                half=leg.half,
                reason=Reason.GATEWAY_DETACHED,
                entry=route.written,
                detail=f"{route.target_id} is not attached to {leg.place.vpc_id}",
                subnet_id=leg.place.subnet_id,
            )
        )
    leave_view(walk, leg, route, Component.VPN_GATEWAY)
