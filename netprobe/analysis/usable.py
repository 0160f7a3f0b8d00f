"""Whether a network interface is attached to something that runs."""

from __future__ import annotations

from netprobe.analysis.walk import Walk
from netprobe.model.resources import NetworkInterface
from netprobe.model.trace import Blocker, Component, Half, Reason

AVAILABLE = "available"
"""``Status`` of an interface that is attached to nothing; attached ones are ``in-use``.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterface.html
"""


def check_usable(
    walk: Walk, interface: NetworkInterface, half: Half, entry: str | None = None
) -> bool:
    """Tell whether an interface is attached and its instance, where one is known, runs."""
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
