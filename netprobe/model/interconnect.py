"""What joins VPCs to each other and to other networks: peerings, transit and VPN gateways."""

from __future__ import annotations

from dataclasses import dataclass

from netprobe.model.addresses import Network


@dataclass(frozen=True, slots=True, kw_only=True)
class PeeredVpc:
    """One side of a VPC peering connection; AWS shows CIDRs only while it is active."""

    vpc_id: str
    owner_id: str | None = None
    region: str | None = None
    cidrs: tuple[Network, ...] = ()
    """IPv4 and IPv6 blocks; empty when AWS does not show them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VpcPeeringConnection:
    """A VPC peering connection."""

    vpc_peering_connection_id: str
    status: str
    """``Status.Code``: only ``active`` forwards."""
    requester: PeeredVpc
    accepter: PeeredVpc

    def other_side(self, vpc_id: str) -> PeeredVpc:
        """Return the side that is not this VPC."""
        return self.accepter if self.requester.vpc_id == vpc_id else self.requester


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitGateway:
    """A transit gateway."""

    transit_gateway_id: str
    state: str = "available"
    owner_id: str | None = None
    security_group_referencing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitGatewayAttachment:
    """What is attached to a transit gateway: a VPC, a peer, a VPN."""

    attachment_id: str
    transit_gateway_id: str
    resource_type: str
    """``vpc``, ``peering``, ``vpn``, ``direct-connect-gateway``, ``connect``, ..."""
    resource_id: str | None = None
    """The VPC's id, or the peer transit gateway's."""
    resource_owner_id: str | None = None
    state: str = "available"
    subnet_ids: tuple[str, ...] = ()
    """One subnet per zone that a VPC attachment serves."""
    subnets_read: bool = True
    """False when only DescribeTransitGatewayAttachments told of it, which names no subnets."""
    route_table_id: str | None = None
    """The transit gateway route table it is associated with."""
    ipv6_support: bool = False
    """``Options.Ipv6Support``: no filter; without it IPv6 blocks are not propagated."""
    appliance_mode: bool = False
    security_group_referencing: bool = False
    peer_transit_gateway_id: str | None = None
    peer_region: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitGatewayRoute:
    """One route of a transit gateway route table."""

    destination: Network | None = None
    prefix_list_id: str | None = None
    attachment_ids: tuple[str, ...] = ()
    """Several for equal-cost paths; none for a blackhole."""
    blackhole: bool = False
    propagated: bool = False
    resource_type: str = ""
    """Of the attachment; orders propagated routes: vpc, then the rest."""

    @property
    def written(self) -> str:
        """Return the route as people write it: ``10.1.0.0/16 -> tgw-attach-1``."""
        target = ", ".join(self.attachment_ids) or "blackhole"
        return f"{self.destination or self.prefix_list_id} -> {target}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitGatewayRouteTable:
    """A transit gateway route table with its routes."""

    route_table_id: str
    transit_gateway_id: str
    routes: tuple[TransitGatewayRoute, ...] = ()
    routes_read: bool = True
    attachment_ids: frozenset[str] = frozenset()
    """Attachments associated with it: what comes from them is routed here."""
    associations_read: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class VpnGateway:
    """A virtual private gateway."""

    vpn_gateway_id: str
    attached_vpc_ids: frozenset[str] = frozenset()
    """VPCs whose attachment is in state ``attached``."""
