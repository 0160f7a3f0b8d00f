"""AWS's JSON of VPCs, subnets, gateways and prefix lists as values."""

from __future__ import annotations

import re
from collections.abc import Iterator

from netprobe.aws.reading import (
    Json,
    each_text,
    is_set,
    maybe_number,
    maybe_text,
    name_of,
    networks,
    part,
    parts,
    stated_parts,
    text,
    wrong,
)
from netprobe.model.addresses import parse_address, parse_network
from netprobe.model.interconnect import VpnGateway
from netprobe.model.resources import (
    BlockMode,
    InternetGateway,
    Ipv6Block,
    NatGateway,
    PrefixList,
    Subnet,
    Vpc,
)

ASSOCIATED = "associated"
_ATTACHED = frozenset({"available", "attached"})
"""An internet gateway says ``available`` when attached, an egress-only one ``attached``."""

_DETACHED = "detached"
_REGION = re.compile(r"[a-z]{2,3}(?:-[a-z]+)+-\d")


def region_of_zone(zone: str) -> str | None:
    """Return the region a zone's name begins with, local zones included."""
    found = _REGION.match(zone)
    return found[0] if found else None


OPTIONS_NOT_TOLD = ""
"""The option set of a VPC whose answer names none: AWS's always does, so it was lost on the way,
and whom the VPC asks for names is not known."""


def convert_vpc(item: Json, attributes: dict[str, dict[str, bool]], region: str | None) -> Vpc:
    """Return a VPC of DescribeVpcs with its DescribeVpcAttribute answers."""
    vpc_id = text(item, "VpcId")
    known = attributes.get(vpc_id, {})
    blocks = [
        block
        for block in parts(item, "CidrBlockAssociationSet")
        if stands(block, "CidrBlockState")
    ]
    return Vpc(
        vpc_id=vpc_id,
        ipv4_cidrs=networks(blocks or [item], "CidrBlock"),
        ipv6_blocks=tuple(_ipv6_blocks(item)),
        is_default=is_set(item, "IsDefault"),
        owner_id=maybe_text(item, "OwnerId"),
        dhcp_options_id=maybe_text(item, "DhcpOptionsId") or OPTIONS_NOT_TOLD,
        enable_dns_support=known.get("EnableDnsSupport"),
        enable_dns_hostnames=known.get("EnableDnsHostnames"),
        name=name_of(item),
        region=region,
        block_public_access=_block_mode(item),
    )


def stands(item: Json, key: str) -> bool:
    """Tell whether an association is in force; where no state is given, it is."""
    return (maybe_text(part(item, key), "State") or ASSOCIATED) == ASSOCIATED


def _block_mode(item: Json) -> BlockMode | None:
    """Return what VPC Block Public Access does here, None where the answer does not say.

    https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa-basics.html
    """
    mode = maybe_text(part(item, "BlockPublicAccessStates"), "InternetGatewayBlockMode")
    return None if mode is None else BlockMode(mode)


def _ipv6_blocks(item: Json) -> Iterator[Ipv6Block]:
    for block in parts(item, "Ipv6CidrBlockAssociationSet"):
        if stands(block, "Ipv6CidrBlockState"):
            private = maybe_text(block, "Ipv6AddressAttribute") == "private"
            yield Ipv6Block(cidr=parse_network(text(block, "Ipv6CidrBlock")), private=private)


def convert_subnet(item: Json) -> Subnet:
    """Return a subnet of DescribeSubnets."""
    cidr = maybe_text(item, "CidrBlock")
    return Subnet(
        subnet_id=text(item, "SubnetId"),
        vpc_id=text(item, "VpcId"),
        availability_zone=maybe_text(item, "AvailabilityZone") or "",
        availability_zone_id=maybe_text(item, "AvailabilityZoneId"),
        ipv4_cidr=parse_network(cidr) if cidr else None,
        ipv6_blocks=tuple(_ipv6_blocks(item)),
        enable_dns64=is_set(item, "EnableDns64"),
        available_ip_address_count=maybe_number(item, "AvailableIpAddressCount"),
        owner_id=maybe_text(item, "OwnerId"),
        name=name_of(item),
        block_public_access=_block_mode(item),
    )


def convert_internet_gateway(item: Json) -> InternetGateway:
    """Return an internet gateway, or an egress-only one, with the VPCs it is attached to.

    An attachment without a state cannot be read, because "this value is not returned" is how an
    internet gateway says that it is not attached:
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InternetGatewayAttachment.html
    """
    egress_only = maybe_text(item, "EgressOnlyInternetGatewayId")
    return InternetGateway(
        gateway_id=egress_only or text(item, "InternetGatewayId"),
        egress_only=egress_only is not None,
        attached_vpc_ids=_attached_to(stated_parts(item, "Attachments")),
    )


def _attached_to(attachments: list[Json]) -> frozenset[str]:
    return frozenset(
        text(attachment, "VpcId")
        for attachment in attachments
        if text(attachment, "State") in _ATTACHED
    )


def convert_vpn_gateway(item: Json) -> VpnGateway:
    """Return a virtual private gateway of DescribeVpnGateways."""
    return VpnGateway(
        vpn_gateway_id=text(item, "VpnGatewayId"),
        attached_vpc_ids=_attached_to(parts(item, "VpcAttachments")),
    )


def convert_nat_gateway(item: Json) -> NatGateway:
    """Return a NAT gateway of DescribeNatGateways.

    A regional one has addresses in the zones it serves, and no subnet:
    https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateways-regional.html
    """
    addresses = parts(item, "NatGatewayAddresses")
    zones = {
        maybe_text(one, "AvailabilityZoneId") or maybe_text(one, "AvailabilityZone")
        for one in addresses
    }
    return NatGateway(
        nat_gateway_id=text(item, "NatGatewayId"),
        vpc_id=text(item, "VpcId"),
        state=text(item, "State"),
        subnet_id=maybe_text(item, "SubnetId"),
        connectivity_type=maybe_text(item, "ConnectivityType") or "public",
        private_addresses=tuple(map(parse_address, each_text(addresses, "PrivateIp"))),
        public_addresses=tuple(map(parse_address, each_text(addresses, "PublicIp"))),
        network_interface_ids=each_text(addresses, "NetworkInterfaceId"),
        availability_mode=_availability_mode(item),
        route_table_id=maybe_text(item, "RouteTableId"),
        zones=frozenset(zone for zone in zones if zone),
        auto_provision_zones=_expands(item),
        attached_appliances=any(
            maybe_text(one, "AttachmentState") != _DETACHED
            for one in parts(item, "AttachedAppliances")
        ),
    )


def _expands(item: Json) -> bool | None:
    """Tell whether a regional gateway comes to serve new zones by itself; None when not said."""
    said = maybe_text(item, "AutoProvisionZones")
    return None if said is None else said == "enabled"


def _availability_mode(item: Json) -> str:
    """Return zonal or regional; a gateway with neither a subnet nor a mode cannot be read."""
    mode = maybe_text(item, "AvailabilityMode") or ("zonal" if item.get("SubnetId") else None)
    if mode is None or (mode == "zonal" and not item.get("SubnetId")):
        raise wrong("SubnetId", item.get("SubnetId"))
    return mode


def convert_prefix_list(item: Json, entries: list[Json] | None) -> PrefixList:
    """Return a managed prefix list, with its entries where they were read."""
    return PrefixList(
        prefix_list_id=text(item, "PrefixListId"),
        name=maybe_text(item, "PrefixListName") or "",
        cidrs=networks(entries or [], "Cidr"),
        entries_read=entries is not None,
    )


def convert_service_prefix_list(item: Json) -> PrefixList:
    """Return one of AWS's own prefix lists of DescribePrefixLists, which has its CIDRs in it."""
    cidrs = item["Cidrs"]
    if not isinstance(cidrs, list):
        raise wrong("Cidrs", cidrs)
    return PrefixList(
        prefix_list_id=text(item, "PrefixListId"),
        name=maybe_text(item, "PrefixListName") or "",
        cidrs=networks([{"Cidr": cidr} for cidr in cidrs], "Cidr"),
    )
