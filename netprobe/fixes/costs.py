"""What a set of changes adds to the bill."""

from __future__ import annotations

from collections.abc import Iterable

from netprobe.diagnosis.prices import (
    INTERFACE_ENDPOINT,
    NAT_GATEWAY,
    PRICED_REGION,
    PUBLIC_IPV4,
    TRANSIT_GATEWAY,
)
from netprobe.model.changes import (
    Change,
    CreateInterfaceEndpoint,
    CreateNatGateway,
    SetPrivateDns,
    SetRoute,
)
from netprobe.model.passage import Carrier
from netprobe.model.resources import NatGateway, TargetKind
from netprobe.model.snapshot import Snapshot
from netprobe.model.trace import Component, Trace


def standing_cost(changes: Iterable[Change], region: str) -> float | None:
    """Return USD a month for what the changes make; None where the region has no known prices.

    Gateways, gateway endpoints, routes, groups and network ACLs cost nothing while they stand:
    https://aws.amazon.com/vpc/pricing/
    """
    costs = [_standing(change) for change in changes]
    if region != PRICED_REGION and any(costs):
        return None
    return round(sum(costs), 2)


def cost_per_gb(
    changes: Iterable[Change], region: str, through: Iterable[Trace | None] = ()
) -> float | None:
    """Return USD per GB that what the packets pass through charges, data transfer apart.

    ``through`` are the traces of what the changes open: a NAT gateway that was there charges too.
    """
    costs = [_per_gb(change) for change in changes]
    hops = (hop for trace in through if trace for hop in trace.request.hops)
    if any(hop.component is Component.NAT_GATEWAY for hop in hops):
        costs.append(NAT_GATEWAY.usd_per_gb)
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


def carrying_standing(snapshot: Snapshot, carriers: Iterable[tuple[Carrier, str]]) -> float | None:
    """Return USD a month for what carries a path, whoever else uses it; None for unknown."""
    costs = [_carrier_standing(snapshot, *item) for item in carriers]
    return None if _is_unknown(snapshot, costs) else round(sum(i or 0.0 for i in costs), 2)


def carrying_per_gb(snapshot: Snapshot, carriers: Iterable[tuple[Carrier, str]]) -> float | None:
    """Return USD per GB for what carries a path, data transfer apart; None for unknown."""
    costs = [_carrier_per_gb(carrier) for carrier, _ in carriers]
    return None if _is_unknown(snapshot, costs) else round(sum(i or 0.0 for i in costs), 4)


def _is_unknown(snapshot: Snapshot, costs: list[float | None]) -> bool:
    return None in costs or (snapshot.region != PRICED_REGION and any(costs))


def _carrier_standing(snapshot: Snapshot, carrier: Carrier, resource_id: str) -> float | None:
    match carrier:
        case Carrier.NAT_GATEWAY:
            return _nat_standing(snapshot.nat_gateway(resource_id))
        case Carrier.INTERFACE_ENDPOINT:
            endpoint = snapshot.vpc_endpoint(resource_id)
            zones = len(endpoint.subnet_ids) if endpoint else 0
            return round(INTERFACE_ENDPOINT.usd_per_month * zones, 2) if zones else None
        case Carrier.TRANSIT_GATEWAY | Carrier.APPLIANCE | Carrier.OTHER:
            return None  # what stands behind it is not all of this account
        case _:
            return 0.0


def _nat_standing(gateway: NatGateway | None) -> float | None:
    """Return a zonal gateway's price; a regional one's depends on how many zones it serves."""
    if gateway is None or gateway.availability_mode != "zonal":
        return None
    public = PUBLIC_IPV4.usd_per_month * len(gateway.public_addresses)
    return round(NAT_GATEWAY.usd_per_month + public, 2)


def _carrier_per_gb(carrier: Carrier) -> float | None:
    match carrier:
        case Carrier.NAT_GATEWAY:
            return NAT_GATEWAY.usd_per_gb
        case Carrier.INTERFACE_ENDPOINT:
            return INTERFACE_ENDPOINT.usd_per_gb
        case Carrier.TRANSIT_GATEWAY:
            return TRANSIT_GATEWAY.usd_per_gb
        case Carrier.APPLIANCE | Carrier.OTHER:
            return None
        case _:
            return 0.0
