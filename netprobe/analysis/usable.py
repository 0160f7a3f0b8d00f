"""Whether a network interface is attached to something that runs, and takes what is sent to it."""

from __future__ import annotations

from netprobe.analysis.leg import Leg
from netprobe.analysis.walk import Walk
from netprobe.model.resources import NetworkInterface
from netprobe.model.trace import Blocker, Component, Half, Reason

READ_INSTANCES = "ec2:DescribeInstances"

AVAILABLE = "available"
"""``Status`` of an interface that is attached to nothing; attached ones are ``in-use``.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterface.html
"""


_SENDS_ONLY = frozenset({"lambda", "nat_gateway", "natGateway", "transit_gateway"})


def check_accepts(walk: Walk, interface: NetworkInterface) -> bool:
    """Tell whether anything behind an interface takes new connections.

    A function's interface is one way, as its network translates addresses from its own VPC to
    the customer's: https://docs.aws.amazon.com/lambda/latest/dg/foundation-networking.html
    A NAT gateway takes nothing unsolicited:
    https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html
    """
    if interface.interface_type not in _SENDS_ONLY:
        return True
    walk.block(
        Blocker(
            component=Component.NETWORK_INTERFACE,
            resource_id=interface.network_interface_id,
            half=Half.REQUEST,
            reason=Reason.TAKES_NO_CONNECTIONS,
            detail=f"{interface.network_interface_id} is of type {interface.interface_type}, "
            "which takes no connections",
            subnet_id=interface.subnet_id,
        )
    )
    return False


def check_unsolicited(walk: Walk, leg: Leg) -> None:
    """Block what is for a NAT gateway's own public address, as it takes nothing unsolicited."""
    nat = walk.fabric.nat_with_public(leg.dst)
    if nat is not None:
        walk.block(
            Blocker(
                component=Component.NAT_GATEWAY,
                resource_id=nat.nat_gateway_id,
                half=Half.REQUEST,
                reason=Reason.TAKES_NO_CONNECTIONS,
                detail=f"{leg.destination} is {nat.nat_gateway_id}'s, which takes no connections",
                subnet_id=nat.subnet_id,
            )
        )


def check_usable(
    walk: Walk, interface: NetworkInterface, half: Half, entry: str | None = None
) -> bool:
    """Tell whether an interface is attached and its instance, where one is known, runs.

    In a dump without any instances they count as running; where the call was refused, or what
    it said of this one cannot be read, nobody knows.
    """
    detached = interface.attached is False or (
        interface.attached is None and interface.status == AVAILABLE
    )
    if detached:
        detail = f"{interface.network_interface_id} is attached to nothing"
        _block(walk, interface, half, detail, entry)
        return False
    instance = walk.snapshot.instance(interface.instance_id) if interface.instance_id else None
    if instance is not None and instance.state != "running":
        detail = f"{instance.instance_id} is {instance.state}, not running"
        _block(walk, interface, half, detail, entry)
        return False
    unread = walk.snapshot.gap(READ_INSTANCES) if interface.instance_id else None
    if instance is None and unread is not None and unread.asked:
        walk.lack(
            READ_INSTANCES, Component.NETWORK_INTERFACE, interface.network_interface_id, half
        )
    return True


def _block(
    walk: Walk, interface: NetworkInterface, half: Half, detail: str, entry: str | None
) -> None:
    walk.block(
        Blocker(
            component=Component.NETWORK_INTERFACE,
            resource_id=interface.network_interface_id,
            half=half,
            reason=Reason.INTERFACE_NOT_USABLE,
            entry=entry,
            detail=detail,
            subnet_id=interface.subnet_id,
        )
    )
