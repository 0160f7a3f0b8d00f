"""What a set of changes adds to the bill."""

from __future__ import annotations

from collections.abc import Iterable

from netprobe.diagnosis.prices import (
    INTERFACE_ENDPOINT,
    NAT_GATEWAY,
    PRICED_REGION,
    PUBLIC_IPV4,
)
from netprobe.model.changes import (
    Change,
    CreateInterfaceEndpoint,
    CreateNatGateway,
    SetPrivateDns,
    SetRoute,
)
from netprobe.model.resources import TargetKind


def standing_cost(changes: Iterable[Change], region: str) -> float | None:
    """Return USD a month for what the changes make; None where the region has no known prices.

    Gateways, gateway endpoints, routes, groups and network ACLs cost nothing while they stand:
    https://aws.amazon.com/vpc/pricing/
    """
    costs = [_standing(change) for change in changes]
    if region != PRICED_REGION and any(costs):
        return None
    return round(sum(costs), 2)


def cost_per_gb(changes: Iterable[Change], region: str) -> float | None:
    """Return USD per GB that what the packets pass through charges, data transfer apart."""
    costs = [_per_gb(change) for change in changes]
    if region != PRICED_REGION and any(costs):
        return None
    return max(costs, default=0.0)


def _standing(change: Change) -> float:
    match change:
        case CreateNatGateway():
            return NAT_GATEWAY.usd_per_month + PUBLIC_IPV4.usd_per_month
        case CreateInterfaceEndpoint():
            return INTERFACE_ENDPOINT.usd_per_month * len(change.subnet_ids)
        case _:
            return 0.0


def _per_gb(change: Change) -> float:
    match change:
        case SetRoute(target=TargetKind.NAT_GATEWAY):
            return NAT_GATEWAY.usd_per_gb
        case CreateInterfaceEndpoint() | SetPrivateDns(enabled=True):
            return INTERFACE_ENDPOINT.usd_per_gb
        case _:
            return 0.0
