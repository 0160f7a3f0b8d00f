"""The corrections of routes and of what they lead to, part of the list in ``apply``."""

from __future__ import annotations

from moto.ec2.models import EC2Backend
from moto.ec2.models.elastic_ip_addresses import ElasticAddressBackend
from moto.ec2.models.elastic_network_interfaces import NetworkInterface, NetworkInterfaceBackend
from moto.ec2.models.nat_gateways import NatGateway, NatGatewayBackend
from moto.ec2.models.route_tables import Route, RouteBackend, RouteTable
from moto.ec2.models.subnets import Subnet, SubnetBackend
from moto.ec2.models.transit_gateway_attachments import (
    TransitGatewayAttachment,
    TransitGatewayAttachmentBackend,
)
from moto.ec2.models.transit_gateway_route_tables import TransitGatewayRouteTableBackend
from moto.ec2.models.vpcs import VPC
from moto.ec2.responses import EC2Response

from netprobe.lab.control import (
    addresses,
    blackholes,
    interfaces,
    nat_gateways,
    public_access,
    regional_nat_gateways,
    subnets,
    transit_gateways,
    vpn_gateways,
)
from netprobe.lab.control.patching import Patch, added, around, computed

PUBLIC_ACCESS = (
    added(EC2Backend, "public_access_options", None, "Block Public Access is missing"),
    added(EC2Backend, "public_access_exclusions", None, "as above"),
    computed(VPC, "block_public_access_states", public_access.states, "absent"),
    computed(Subnet, "block_public_access_states", public_access.states, "absent"),
    *(
        added(EC2Response, f"{verb}_vpc_block_public_access_{noun}", method, "missing")
        for verb, noun, method in (
            ("describe", "options", public_access.describe_options),
            ("modify", "options", public_access.modify_options),
            ("create", "exclusion", public_access.create_exclusion),
            ("describe", "exclusions", public_access.describe_exclusions),
            ("modify", "exclusion", public_access.modify_exclusion),
            ("delete", "exclusion", public_access.delete_exclusion),
        )
    ),
)
SUBNETS = (
    added(Subnet, "enable_dns64", False, "absent"),  # noqa: FBT003 # the value of the attribute
    computed(
        Subnet, "ipv6_cidr_block_association_set", subnets.ipv6_associations, "state is a mapping"
    ),
    computed(Subnet, "available_ip_address_count", subnets.free_addresses, "2**64 without IPv4"),
    around(EC2Response, "modify_subnet_attribute", subnets.modify_subnet_attribute, "drops DNS64"),
    around(SubnetBackend, "create_subnet", subnets.create_subnet, "zone ids make default subnets"),
    around(SubnetBackend, "delete_subnet", subnets.delete_subnet, "deletes subnets in use"),
)
INTERFACES = (
    around(ElasticAddressBackend, "allocate_address", addresses.allocate_address, "127.0.0.0/8"),
    around(
        NetworkInterface,
        "check_auto_public_ip",
        addresses.assign_public_address,
        "any public address",
    ),
    around(
        EC2Response,
        "describe_network_interfaces",
        addresses.tell_public_addresses,
        "public addresses told once only",
    ),
    added(NetworkInterface, "deny_all_igw_traffic", False, "absent"),  # noqa: FBT003 # the value of the attribute
    around(
        NetworkInterfaceBackend,
        "create_network_interface",
        interfaces.create_network_interface,
        "random addresses, reserved ones too",
    ),
    *(
        around(EC2Response, name, interfaces.assign_ipv6, "no IPv6 address unasked")
        for name in ("create_network_interface", "run_instances")
    ),
    around(
        EC2Response,
        "delete_network_interface",
        interfaces.delete_network_interface,
        "deletes interfaces in use",
    ),
)
ROUTES = (
    added(RouteTable, "propagating_gateways", frozenset(), "absent"),
    computed(RouteTable, "propagating_vgws", vpn_gateways.propagating, "absent"),
    added(EC2Response, "enable_vgw_route_propagation", vpn_gateways.enable, "missing"),
    added(EC2Response, "disable_vgw_route_propagation", vpn_gateways.disable, "missing"),
    around(
        EC2Response,
        "create_nat_gateway",
        regional_nat_gateways.answer_creation,
        "no regional mode",
    ),
    computed(Route, "state", blackholes.state, "always active"),
    around(RouteBackend, "create_route", blackholes.create_route, "accepts impossible targets"),
    added(Route, "made_with_table", False, "a replaced local route forgets it"),  # noqa: FBT003 # the value of the attribute
    computed(Route, "origin", blackholes.origin, "as above"),
    around(RouteBackend, "replace_route", blackholes.replace_route, "stays local"),
    around(EC2Response, "replace_route", blackholes.replace_with_local, "no LocalTarget"),
    around(NatGateway, "__init__", nat_gateways.make_nat_gateway, "interface outside its subnet"),
    around(NatGatewayBackend, "create_nat_gateway", nat_gateways.create_nat_gateway, "no status"),
    around(
        NatGatewayBackend,
        "delete_nat_gateway",
        nat_gateways.delete_nat_gateway,
        "interface and address survive",
    ),
)
TRANSIT = (
    computed(
        TransitGatewayAttachment, "association", transit_gateways.association, "always the default"
    ),
    around(
        TransitGatewayAttachmentBackend,
        "create_transit_gateway_vpc_attachment",
        transit_gateways.create_vpc_attachment,
        "the gateway's default table options are ignored",
    ),
    around(
        TransitGatewayAttachmentBackend,
        "describe_transit_gateway_vpc_attachments",
        transit_gateways.describe_vpc_attachments,
        "attachments of every kind",
    ),
    around(
        TransitGatewayAttachmentBackend,
        "delete_transit_gateway_vpc_attachment",
        transit_gateways.delete_vpc_attachment,
        "stays associated",
    ),
    around(
        TransitGatewayRouteTableBackend,
        "associate_transit_gateway_route_table",
        transit_gateways.associate,
        "several tables at once",
    ),
    around(
        TransitGatewayRouteTableBackend,
        "search_transit_gateway_routes",
        transit_gateways.search_routes,
        "nothing propagated, no attachments, always active",
    ),
)

PATHS: tuple[Patch, ...] = (*PUBLIC_ACCESS, *SUBNETS, *INTERFACES, *ROUTES, *TRANSIT)
