"""One line for a way out."""

from __future__ import annotations

from netprobe.model.changes import Change, CreateNatGateway, SetRoute, UseRouteTable
from netprobe.model.fix import Way
from netprobe.model.resources import TargetKind

_TITLES = {
    Way.REPAIR: "mend the way",
    Way.GATEWAY_ENDPOINT: "a gateway endpoint",
    Way.INTERFACE_ENDPOINT: "an interface endpoint with private DNS",
    Way.NAT_GATEWAY: "IPv4 through a NAT gateway",
    Way.IPV6: "IPv6 from end to end",
    Way.DUAL_STACK_NAME: "IPv6 to the service's dual-stack name",
    Way.LEAVE_VPC: "take the function out of the VPC",
}


def title_of(way: Way, changes: tuple[Change, ...], through: str) -> str:
    """Return a way out in a few words, with what it uses where that is there already.

    ``through`` says what carries the call afterwards.
    """
    if len(changes) == 1 and way is Way.REPAIR:
        return str(changes[0])
    if way is Way.NAT_GATEWAY:
        return f"IPv4 through {_nat(changes)}"
    if any(isinstance(item, UseRouteTable) for item in changes):
        return "the route table of a subnet that works"
    return f"{_TITLES[way]} {through or 'there is'}" if way is Way.REPAIR else _TITLES[way]


def _nat(changes: tuple[Change, ...]) -> str:
    if any(isinstance(item, CreateNatGateway) for item in changes):
        return "a new NAT gateway"
    used = (
        item.target_id
        for item in changes
        if isinstance(item, SetRoute) and item.target is TargetKind.NAT_GATEWAY
    )
    return next(used, "a NAT gateway")
