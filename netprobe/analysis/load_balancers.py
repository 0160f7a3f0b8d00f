"""Load balancers as far as the listener: which one owns an interface, and what it listens for."""

from __future__ import annotations

from netprobe.analysis.leg import Leg
from netprobe.analysis.walk import Walk
from netprobe.model.flow import TCP, UDP
from netprobe.model.resources import NetworkInterface
from netprobe.model.trace import Blocker, Component, Half, Reason
from netprobe.model.workloads import LoadBalancer

READ_LISTENERS = "elbv2:DescribeListeners"

_PREFIX = "ELB "
"""``Description`` of a load balancer's interface: ``ELB app/name/id``, the end of its ARN."""

_CARRIED = {
    TCP: {"HTTP", "HTTPS", "TCP", "TLS", "TCP_UDP"},
    UDP: {"UDP", "TCP_UDP", "QUIC", "TCP_QUIC"},
}
"""``Listener.Protocol`` by what arrives.

https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Listener.html
"""


def check_listener(walk: Walk, leg: Leg, interface: NetworkInterface) -> bool:
    """Tell whether the load balancer behind an interface, if any, listens for the flow."""
    balancer = _owner(walk, interface)
    if balancer is None or leg.protocol not in _CARRIED:
        return True
    if balancer.listeners is None:
        walk.lack(READ_LISTENERS, Component.LOAD_BALANCER, balancer.name, Half.REQUEST)
        return False
    if any(
        item.port == walk.flow.port and item.protocol in _CARRIED[leg.protocol]
        for item in balancer.listeners
    ):
        return True
    listening = ", ".join(f"{item.protocol} {item.port}" for item in balancer.listeners)
    walk.block(
        Blocker(
            component=Component.LOAD_BALANCER,
            resource_id=balancer.load_balancer_arn,
            half=Half.REQUEST,
            reason=Reason.NO_LISTENER,
            detail=f"{balancer.name} has no listener for {leg.packet}; it has "
            f"{listening or 'none'}",
            subnet_id=interface.subnet_id,
        )
    )
    return False


def _owner(walk: Walk, interface: NetworkInterface) -> LoadBalancer | None:
    if not interface.description.startswith(_PREFIX):
        return None
    end = f":loadbalancer/{interface.description.removeprefix(_PREFIX)}"
    balancers = walk.snapshot.load_balancers
    return next((item for item in balancers if item.load_balancer_arn.endswith(end)), None)
