"""AWS's JSON of network resources as values; the traps of its field names live here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from netprobe.model.addresses import parse_address, parse_network
from netprobe.model.names import DhcpOptions
from netprobe.model.resources import (
    InternetGateway,
    Ipv6Block,
    NatGateway,
    NetworkInterface,
    PrefixList,
    Route,
    RouteState,
    RouteTable,
    Subnet,
    TargetKind,
    Vpc,
    VpcEndpoint,
)
from netprobe.model.workloads import Function

Json = dict[str, Any]

_TARGET_FIELDS = (
    ("EgressOnlyInternetGatewayId", TargetKind.EGRESS_ONLY_INTERNET_GATEWAY),
    ("NatGatewayId", TargetKind.NAT_GATEWAY),
    ("VpcPeeringConnectionId", TargetKind.VPC_PEERING_CONNECTION),
    ("TransitGatewayId", TargetKind.TRANSIT_GATEWAY),
    ("CarrierGatewayId", TargetKind.CARRIER_GATEWAY),
    ("LocalGatewayId", TargetKind.LOCAL_GATEWAY),
    ("CoreNetworkArn", TargetKind.CORE_NETWORK),
    ("OdbNetworkArn", TargetKind.ODB_NETWORK),
    ("NetworkInterfaceId", TargetKind.NETWORK_INTERFACE),
    ("InstanceId", TargetKind.NETWORK_INTERFACE),
)
"""Which field of a Route names its target; ``GatewayId`` is read first, by its prefix."""

_GATEWAY_PREFIXES = {
    "igw": TargetKind.INTERNET_GATEWAY,
    "vgw": TargetKind.VPN_GATEWAY,
    "vpce": TargetKind.VPC_ENDPOINT,
}
"""A Route has no VpcEndpointId although CreateRoute has one: endpoints come as GatewayId."""

_ASSOCIATED = "associated"
_ATTACHED = frozenset({"available", "attached"})
"""An internet gateway says ``available`` when attached, an egress-only one ``attached``."""


def name_of(item: Json) -> str | None:
    """Return the Name tag."""
    tags = item.get("Tags") or ()
    return next((tag.get("Value") for tag in tags if tag.get("Key") == "Name"), None)


def convert_vpc(item: Json, attributes: dict[str, dict[str, bool]]) -> Vpc:
    """Return a VPC of DescribeVpcs with its DescribeVpcAttribute answers."""
    known = attributes.get(item["VpcId"], {})
    blocks = [
        block["CidrBlock"]
        for block in item.get("CidrBlockAssociationSet") or ()
        if _state(block.get("CidrBlockState")) == _ASSOCIATED
    ]
    return Vpc(
        vpc_id=item["VpcId"],
        ipv4_cidrs=tuple(parse_network(text) for text in blocks or [item["CidrBlock"]]),
        ipv6_blocks=tuple(_ipv6_blocks(item)),
        is_default=bool(item.get("IsDefault")),
        owner_id=item.get("OwnerId"),
        dhcp_options_id=item.get("DhcpOptionsId"),
        enable_dns_support=known.get("EnableDnsSupport"),
        enable_dns_hostnames=known.get("EnableDnsHostnames"),
        name=name_of(item),
    )


def _state(value: Json | None) -> object:
    """Return the state in a ``{"State": ...}``; absent means the association stands."""
    return (value or {}).get("State", _ASSOCIATED)


def _ipv6_blocks(item: Json) -> Iterator[Ipv6Block]:
    for block in item.get("Ipv6CidrBlockAssociationSet") or ():
        if _state(block.get("Ipv6CidrBlockState")) == _ASSOCIATED and block.get("Ipv6CidrBlock"):
            private = block.get("Ipv6AddressAttribute") == "private"
            yield Ipv6Block(cidr=parse_network(block["Ipv6CidrBlock"]), private=private)


def convert_subnet(item: Json) -> Subnet:
    """Return a subnet of DescribeSubnets."""
    cidr = item.get("CidrBlock")
    return Subnet(
        subnet_id=item["SubnetId"],
        vpc_id=item["VpcId"],
        availability_zone=item.get("AvailabilityZone") or "",
        availability_zone_id=item.get("AvailabilityZoneId"),
        ipv4_cidr=parse_network(cidr) if cidr else None,
        ipv6_blocks=tuple(_ipv6_blocks(item)),
        enable_dns64=bool(item.get("EnableDns64")),
        available_ip_address_count=item.get("AvailableIpAddressCount"),
        owner_id=item.get("OwnerId"),
        name=name_of(item),
    )


def convert_route_table(item: Json) -> RouteTable:
    """Return a route table of DescribeRouteTables with its standing associations."""
    associations = [
        association
        for association in item.get("Associations") or ()
        if _state(association.get("AssociationState")) == _ASSOCIATED
    ]
    return RouteTable(
        route_table_id=item["RouteTableId"],
        vpc_id=item["VpcId"],
        main=any(association.get("Main") for association in associations),
        subnet_ids=_ids(associations, "SubnetId"),
        gateway_ids=_ids(associations, "GatewayId"),
        routes=tuple(_convert_route(route) for route in item.get("Routes") or ()),
        name=name_of(item),
    )


def _ids(items: list[Json], key: str) -> frozenset[str]:
    return frozenset(item[key] for item in items if item.get(key))


def _convert_route(item: Json) -> Route:
    cidr = item.get("DestinationCidrBlock") or item.get("DestinationIpv6CidrBlock")
    kind, target_id = _route_target(item)
    return Route(
        destination=parse_network(cidr) if cidr else None,
        prefix_list_id=item.get("DestinationPrefixListId"),
        target=kind,
        target_id=target_id,
        state=RouteState(item.get("State") or RouteState.ACTIVE),
        propagated=item.get("Origin") == "EnableVgwRoutePropagation",
    )


def _route_target(item: Json) -> tuple[TargetKind, str]:
    gateway = item.get("GatewayId")
    if gateway == "local" and not item.get("NetworkInterfaceId"):
        return TargetKind.LOCAL, "local"
    if gateway and gateway != "local":
        return _GATEWAY_PREFIXES.get(gateway.partition("-")[0], TargetKind.OTHER), gateway
    for key, kind in _TARGET_FIELDS:
        if item.get(key):
            return kind, item[key]
    return TargetKind.OTHER, "unknown"


def convert_internet_gateway(item: Json) -> InternetGateway:
    """Return an internet gateway, or an egress-only one, with the VPCs it is attached to."""
    egress_only = item.get("EgressOnlyInternetGatewayId")
    return InternetGateway(
        gateway_id=egress_only or item["InternetGatewayId"],
        egress_only=egress_only is not None,
        attached_vpc_ids=frozenset(
            attachment["VpcId"]
            for attachment in item.get("Attachments") or ()
            if attachment.get("State", "available") in _ATTACHED and attachment.get("VpcId")
        ),
    )


def convert_nat_gateway(item: Json) -> NatGateway:
    """Return a NAT gateway of DescribeNatGateways."""
    addresses = item.get("NatGatewayAddresses") or []
    return NatGateway(
        nat_gateway_id=item["NatGatewayId"],
        vpc_id=item["VpcId"],
        state=item["State"],
        subnet_id=item.get("SubnetId"),
        connectivity_type=item.get("ConnectivityType") or "public",
        private_addresses=tuple(
            parse_address(i["PrivateIp"]) for i in addresses if i.get("PrivateIp")
        ),
        public_addresses=tuple(
            parse_address(i["PublicIp"]) for i in addresses if i.get("PublicIp")
        ),
        network_interface_ids=tuple(
            i["NetworkInterfaceId"] for i in addresses if i.get("NetworkInterfaceId")
        ),
        availability_mode=item.get("AvailabilityMode") or "zonal",
        route_table_id=item.get("RouteTableId"),
    )


def convert_network_interface(item: Json) -> NetworkInterface:
    """Return an interface of DescribeNetworkInterfaces."""
    private = item.get("PrivateIpAddresses") or []
    texts = [i.get("PrivateIpAddress") for i in private] or [item.get("PrivateIpAddress")]
    texts += [i.get("Ipv6Address") for i in item.get("Ipv6Addresses") or ()]
    public = [(i.get("Association") or {}).get("PublicIp") for i in private]
    public = public or [(item.get("Association") or {}).get("PublicIp")]
    return NetworkInterface(
        network_interface_id=item["NetworkInterfaceId"],
        vpc_id=item["VpcId"],
        subnet_id=item["SubnetId"],
        interface_type=item.get("InterfaceType") or "interface",
        description=item.get("Description") or "",
        status=item.get("Status") or "in-use",
        group_ids=tuple(group["GroupId"] for group in item.get("Groups") or ()),
        addresses=tuple(parse_address(text) for text in texts if text),
        public_addresses=tuple(parse_address(text) for text in public if text),
        source_dest_check=item.get("SourceDestCheck") is not False,
        instance_id=(item.get("Attachment") or {}).get("InstanceId"),
    )


def convert_endpoint(item: Json) -> VpcEndpoint:
    """Return an endpoint of DescribeVpcEndpoints.

    The model spells states ``Available``, real answers ``available``.
    """
    options = item.get("DnsOptions") or {}
    return VpcEndpoint(
        vpc_endpoint_id=item["VpcEndpointId"],
        vpc_id=item["VpcId"],
        service_name=item.get("ServiceName") or "",
        endpoint_type=item.get("VpcEndpointType") or "Gateway",
        state=str(item.get("State") or "available").lower(),
        subnet_ids=tuple(item.get("SubnetIds") or ()),
        group_ids=tuple(group["GroupId"] for group in item.get("Groups") or ()),
        route_table_ids=tuple(item.get("RouteTableIds") or ()),
        network_interface_ids=tuple(item.get("NetworkInterfaceIds") or ()),
        private_dns_enabled=bool(item.get("PrivateDnsEnabled")),
        ip_address_type=item.get("IpAddressType") or "ipv4",
        dns_record_ip_type=options.get("DnsRecordIpType"),
        dns_names=tuple(i["DnsName"] for i in item.get("DnsEntries") or () if i.get("DnsName")),
        policy=item.get("PolicyDocument"),
    )


def convert_prefix_list(item: Json, entries: Json | None) -> PrefixList:
    """Return a managed prefix list, with its entries where they were read."""
    cidrs = [entry["Cidr"] for entry in (entries or {}).get("Entries") or ()]
    return PrefixList(
        prefix_list_id=item["PrefixListId"],
        name=item.get("PrefixListName") or "",
        cidrs=tuple(parse_network(text) for text in cidrs),
        entries_read=entries is not None,
    )


def convert_dhcp_options(item: Json) -> DhcpOptions:
    """Return a DHCP option set."""
    servers = [
        value["Value"]
        for configuration in item.get("DhcpConfigurations") or ()
        if configuration.get("Key") == "domain-name-servers"
        for value in configuration.get("Values") or ()
    ]
    return DhcpOptions(dhcp_options_id=item["DhcpOptionsId"], domain_name_servers=tuple(servers))


def convert_function(item: Json) -> Function:
    """Return a function of ListFunctions that is attached to a VPC."""
    network = item["VpcConfig"]
    return Function(
        function_name=item["FunctionName"],
        function_arn=item.get("FunctionArn") or item["FunctionName"],
        vpc_id=network.get("VpcId") or "",
        subnet_ids=tuple(network["SubnetIds"]),
        security_group_ids=tuple(network.get("SecurityGroupIds") or ()),
        ipv6_allowed=bool(network.get("Ipv6AllowedForDualStack")),
        runtime=item.get("Runtime"),
        timeout_seconds=int(item.get("Timeout") or 3),
        state=item.get("State") or "Active",
    )
