"""How a path that works gets there, what that costs, and what it hangs on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from netprobe.model.changes import Change
from netprobe.model.finding import PathKey
from netprobe.model.trace import Component


class Carrier(StrEnum):
    """What carries packets out of a subnet."""

    INSIDE_VPC = "inside-vpc"
    GATEWAY_ENDPOINT = "gateway-endpoint"
    INTERFACE_ENDPOINT = "interface-endpoint"
    NAT_GATEWAY = "nat-gateway"
    EGRESS_ONLY_INTERNET_GATEWAY = "egress-only-internet-gateway"
    INTERNET_GATEWAY = "internet-gateway"
    TRANSIT_GATEWAY = "transit-gateway"
    VPC_PEERING_CONNECTION = "vpc-peering-connection"
    APPLIANCE = "appliance"
    """A network interface or a Gateway Load Balancer endpoint that routes lead to."""
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependency:
    """One thing that would break the path if it were gone, whatever else is there."""

    component: Component
    resource_id: str
    entry: str | None
    """The route, rule or entry; None for the resource itself."""
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """The way one path takes that works."""

    key: PathKey
    carrier: Carrier
    """The first thing outside the subnet that takes the packets on."""
    resource_id: str | None
    """None inside the VPC."""
    passes: tuple[str, ...]
    """Every resource that carries it, in the order it is met."""
    says: str
    standing_cost_usd_per_month: float | None
    """What stands there for it costs, whoever else uses it; None where that is not known."""
    cost_usd_per_gb: float | None
    depends_on: tuple[Dependency, ...] | None
    """None where that was not examined: there are too many paths."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Saving:
    """A paid resource that nothing of what was asked needs, once a free way is open."""

    id: str
    resource_id: str
    says: str
    usd_per_month: float | None
    """What its standing costs; None where the region's prices are not known."""
    changes: tuple[Change, ...]
    """What opens the free way; empty where it is open."""
