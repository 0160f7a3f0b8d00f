"""AWS resources as frozen values, with AWS's own field names in snake case.

Optional AWS fields have the default that AWS documents for their absence; where absence means
nothing was said, the field is None.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from netprobe.model.addresses import Address, Network
from netprobe.model.ports import ALL_PORTS, PortSet


class BlockMode(StrEnum):
    """``InternetGatewayBlockMode`` of VPC Block Public Access."""

    OFF = "off"
    BLOCK_INGRESS = "block-ingress"
    BLOCK_BIDIRECTIONAL = "block-bidirectional"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ipv6Block:
    """An associated IPv6 CIDR block."""

    cidr: Network
    private: bool = False
    """``Ipv6AddressAttribute == private``: gateways drop what comes from it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vpc:
    """A VPC."""

    vpc_id: str
    ipv4_cidrs: tuple[Network, ...] = ()
    ipv6_blocks: tuple[Ipv6Block, ...] = ()
    is_default: bool = False
    owner_id: str | None = None
    dhcp_options_id: str | None = None
    enable_dns_support: bool | None = None
    """None when DescribeVpcAttribute could not be read."""
    enable_dns_hostnames: bool | None = None
    name: str | None = None
    region: str | None = None
    """None when the answer came without one: the snapshot's own region."""
    block_public_access: BlockMode | None = None
    """``BlockPublicAccessStates.InternetGatewayBlockMode``; None when the answer has no such
    field, and then the account's options decide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subnet:
    """A subnet."""

    subnet_id: str
    vpc_id: str
    availability_zone: str
    availability_zone_id: str | None = None
    ipv4_cidr: Network | None = None
    ipv6_blocks: tuple[Ipv6Block, ...] = ()
    enable_dns64: bool = False
    available_ip_address_count: int | None = None
    owner_id: str | None = None
    name: str | None = None
    block_public_access: BlockMode | None = None
    """``BlockPublicAccessStates.InternetGatewayBlockMode``, None when absent."""

    @property
    def zone(self) -> str:
        """Return the Availability Zone's id, which accounts share, else its name."""
        return self.availability_zone_id or self.availability_zone


class TargetKind(StrEnum):
    """What a route sends to."""

    LOCAL = "local"
    INTERNET_GATEWAY = "internet-gateway"
    EGRESS_ONLY_INTERNET_GATEWAY = "egress-only-internet-gateway"
    NAT_GATEWAY = "nat-gateway"
    VPN_GATEWAY = "vpn-gateway"
    VPC_ENDPOINT = "vpc-endpoint"
    NETWORK_INTERFACE = "network-interface"
    VPC_PEERING_CONNECTION = "vpc-peering-connection"
    TRANSIT_GATEWAY = "transit-gateway"
    CARRIER_GATEWAY = "carrier-gateway"
    LOCAL_GATEWAY = "local-gateway"
    CORE_NETWORK = "core-network"
    ODB_NETWORK = "odb-network"
    OTHER = "other"


class RouteState(StrEnum):
    """``Route.State``; anything but active drops and never falls through."""

    ACTIVE = "active"
    BLACKHOLE = "blackhole"
    FILTERED = "filtered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One route of a route table: a destination CIDR or a prefix list, never both."""

    destination: Network | None = None
    prefix_list_id: str | None = None
    target: TargetKind
    target_id: str
    state: RouteState = RouteState.ACTIVE
    propagated: bool = False
    """``Origin == EnableVgwRoutePropagation``."""
    advertised: bool = False
    """``Origin == Advertisement``: installed by a VPC Route Server."""

    @property
    def written(self) -> str:
        """Return the route as people write it: ``0.0.0.0/0 -> nat-1``."""
        blackhole = "" if self.state is RouteState.ACTIVE else f" ({self.state})"
        return f"{self.destination or self.prefix_list_id} -> {self.target_id}{blackhole}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteTable:
    """A route table with its associations in state ``associated``."""

    route_table_id: str
    vpc_id: str
    main: bool = False
    subnet_ids: frozenset[str] = frozenset()
    gateway_ids: frozenset[str] = frozenset()
    routes: tuple[Route, ...] = ()
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InternetGateway:
    """An internet gateway, or with ``egress_only`` an egress-only one."""

    gateway_id: str
    egress_only: bool = False
    attached_vpc_ids: frozenset[str] = frozenset()
    """VPCs it is attached to, attachments in any other state left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NatGateway:
    """A NAT gateway."""

    nat_gateway_id: str
    vpc_id: str
    state: str
    subnet_id: str | None = None
    """None for a regional NAT gateway, which has ``route_table_id``."""
    connectivity_type: str = "public"
    private_addresses: tuple[Address, ...] = ()
    public_addresses: tuple[Address, ...] = ()
    network_interface_ids: tuple[str, ...] = ()
    availability_mode: str = "zonal"
    route_table_id: str | None = None
    zones: frozenset[str] = frozenset()
    """Zones a regional gateway has addresses in: ids, else names (``Subnet.zone``)."""
    auto_provision_zones: bool | None = None
    """``AutoProvisionZones``: a regional gateway comes to serve new zones by itself."""
    attached_appliances: bool = False
    """An L7 proxy is attached and may filter what configuration does not show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityGroupRule:
    """One permission for one peer; exactly one of the three peer fields is set."""

    protocol: int | None = None
    """IP protocol number; None means all (``-1``)."""
    ports: PortSet = ALL_PORTS
    """Destination ports; all of them for protocols without ports."""
    cidr: Network | None = None
    prefix_list_id: str | None = None
    group_id: str | None = None
    group_peering_id: str | None = None
    """``UserIdGroupPairs[].VpcPeeringConnectionId``: the group is in a peered VPC."""
    icmp: tuple[int, int] | None = None
    """ICMP type and code, -1 for any; None for other protocols."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityGroup:
    """A security group: stateful, allow only."""

    group_id: str
    vpc_id: str
    group_name: str = ""
    ingress: tuple[SecurityGroupRule, ...] = ()
    egress: tuple[SecurityGroupRule, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkAclEntry:
    """One entry of a network ACL."""

    rule_number: int
    egress: bool
    allow: bool
    cidr: Network
    protocol: int | None = None
    """IP protocol number; None means all (``-1``)."""
    ports: PortSet = ALL_PORTS
    """Destination ports of the packet; entries for all protocols have all ports."""
    icmp: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkAcl:
    """A network ACL: stateless, first matching entry by number decides."""

    network_acl_id: str
    vpc_id: str
    is_default: bool = False
    subnet_ids: frozenset[str] = frozenset()
    entries: tuple[NetworkAclEntry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkInterface:
    """A network interface."""

    network_interface_id: str
    vpc_id: str
    subnet_id: str
    interface_type: str = "interface"
    description: str = ""
    status: str = "in-use"
    group_ids: tuple[str, ...] = ()
    addresses: tuple[Address, ...] = ()
    """Private IPv4 and IPv6 addresses."""
    public_addresses: tuple[Address, ...] = ()
    """Public IPv4 addresses associated with a private one."""
    public_of: tuple[tuple[Address, Address], ...] = ()
    """Pairs of a private IPv4 address and the public one associated with it."""
    source_dest_check: bool = True
    instance_id: str | None = None
    attached: bool | None = None
    """``Attachment.Status == attached``; None when the interface has no attachment."""
    deny_all_igw_traffic: bool = False
    """``DenyAllIgwTraffic``: set on the interfaces of endpoints; no gateway carries them."""
    owner_id: str | None = None
    requester_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VpcEndpoint:
    """A VPC endpoint of any type."""

    vpc_endpoint_id: str
    vpc_id: str
    service_name: str
    endpoint_type: str
    """Interface, Gateway, GatewayLoadBalancer, Resource, ServiceNetwork."""
    state: str = "available"
    """Lower case: the model says ``Available``, real answers say ``available``."""
    subnet_ids: tuple[str, ...] = ()
    group_ids: tuple[str, ...] = ()
    route_table_ids: tuple[str, ...] = ()
    network_interface_ids: tuple[str, ...] = ()
    private_dns_enabled: bool = False
    ip_address_type: str = "ipv4"
    dns_record_ip_type: str | None = None
    dns_names: tuple[str, ...] = ()
    """``DnsEntries[].DnsName``: regional, zonal and private names."""
    policy: str | None = None
    private_dns_only_for_inbound: bool | None = None
    """``DnsOptions.PrivateDnsOnlyForInboundResolverEndpoint``; None when absent."""
    owner_id: str | None = None
    service_region: str | None = None
    """``ServiceRegion`` of an endpoint to another region's service."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrefixList:
    """A managed prefix list with its entries."""

    prefix_list_id: str
    name: str
    cidrs: tuple[Network, ...] = ()
    entries_read: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointService:
    """A service that VPC endpoints of this region can be made for."""

    service_name: str
    service_types: frozenset[str] = frozenset()
    private_dns_names: tuple[str, ...] = ()
    ip_address_types: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockPublicAccessExclusion:
    """A VPC or subnet that VPC Block Public Access leaves alone, in an active state."""

    resource_id: str
    """The id at the end of ``ResourceArn``: ``vpc-...`` or ``subnet-...``."""
    mode: str
    """``allow-bidirectional`` or ``allow-egress``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockPublicAccess:
    """The account's VPC Block Public Access in one region."""

    mode: BlockMode = BlockMode.OFF
    exclusions: tuple[BlockPublicAccessExclusion, ...] = ()
    exclusions_read: bool = True
    account: str | None = None
    region: str | None = None
