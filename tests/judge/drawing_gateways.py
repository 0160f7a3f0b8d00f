"""Internet, egress-only, NAT and VPN gateways, and endpoints of both kinds."""

from __future__ import annotations

from tests.judge.building import ACCOUNT, REGION
from tests.judge.drawing_interfaces import add_interface
from tests.judge.drawing_routes import route
from tests.judge.drawing_vpcs import ZONES
from tests.judge.estate import Estate, Item, SubnetPlan, VpcPlan


def draw_gateways(estate: Estate, vpc: VpcPlan) -> None:
    """Draw what a VPC usually has, and leave some of it out."""
    dice = estate.dice
    if dice.chance(90):
        vpc.internet_gateway = _internet_gateway(estate, vpc)
    if vpc.ipv6 and dice.chance(80):
        vpc.egress_only_gateway = _egress_only_gateway(estate, vpc)
    if dice.chance(15):
        vpc.vpn_gateway = _vpn_gateway(estate, vpc)
    for _ in range(dice.weighted([(1, 0), (6, 1), (3, 2)])):
        _draw_nat_gateway(estate, vpc)
    if dice.chance(45):
        vpc.gateway_endpoint = _gateway_endpoint(estate, vpc)
    if dice.chance(45):
        _interface_endpoint(estate, vpc)


def _draw_nat_gateway(estate: Estate, vpc: VpcPlan) -> None:
    """Draw a NAT gateway: mostly in a public subnet, now and then of the whole VPC."""
    dice = estate.dice
    if vpc.internet_gateway and dice.chance(12):
        vpc.nat_gateways.append(_regional_nat_gateway(estate, vpc))
        return
    public = [item for item in vpc.subnets if item.role == "public" and item.ipv4]
    anywhere = [item for item in vpc.subnets if item.ipv4]
    where = public if public and dice.chance(85) else anywhere
    if where:
        vpc.nat_gateways.append(_nat_gateway(estate, dice.choice(where)))


def _internet_gateway(estate: Estate, vpc: VpcPlan) -> str:
    gateway_id = estate.new_id("igw")
    attachments = [{"VpcId": vpc.vpc_id, "State": "available"}]
    estate.add(
        "DescribeInternetGateways",
        {"InternetGatewayId": gateway_id, "Attachments": attachments},
    )
    return gateway_id


def _egress_only_gateway(estate: Estate, vpc: VpcPlan) -> str:
    gateway_id = estate.new_id("eigw")
    attachments = [{"VpcId": vpc.vpc_id, "State": "attached"}]
    estate.add(
        "DescribeEgressOnlyInternetGateways",
        {"EgressOnlyInternetGatewayId": gateway_id, "Attachments": attachments},
    )
    return gateway_id


def _vpn_gateway(estate: Estate, vpc: VpcPlan) -> str:
    gateway_id = estate.new_id("vgw")
    estate.add(
        "DescribeVpnGateways",
        {
            "VpnGatewayId": gateway_id,
            "State": "available",
            "Type": "ipsec.1",
            "VpcAttachments": [{"VpcId": vpc.vpc_id, "State": "attached"}],
        },
    )
    return gateway_id


def _nat_gateway(estate: Estate, subnet: SubnetPlan) -> str:
    dice = estate.dice
    nat_id = estate.new_id("nat")
    private = dice.chance(12)
    public = None if private else estate.public_address()
    interface = add_interface(
        estate, subnet, kind="nat_gateway", group_ids=[], public=public, ipv6=False
    )
    address: Item = {
        "NetworkInterfaceId": interface["NetworkInterfaceId"],
        "PrivateIp": interface["PrivateIpAddress"],
        "IsPrimary": True,
        "Status": "succeeded",
    }
    if public:
        address |= {"PublicIp": public, "AllocationId": f"eipalloc-{nat_id}"}
    estate.add(
        "DescribeNatGateways",
        {
            "NatGatewayId": nat_id,
            "VpcId": subnet.vpc_id,
            "SubnetId": subnet.subnet_id,
            "State": "available",
            "ConnectivityType": "private" if private else "public",
            "AvailabilityMode": "zonal",
            "NatGatewayAddresses": [address],
        },
    )
    return nat_id


def _regional_nat_gateway(estate: Estate, vpc: VpcPlan) -> str:
    """Return a NAT gateway of the whole VPC: it has a route table of its own, and no subnet."""
    dice = estate.dice
    nat_id, table_id = estate.new_id("nat"), estate.new_id("rtb")
    manual = dice.chance(40)
    addresses = [
        {
            "PublicIp": estate.public_address(),
            "AllocationId": f"eipalloc-{nat_id}-{zone}",
            "AvailabilityZone": f"{REGION}{zone}",
            "AvailabilityZoneId": f"use1-az{ZONES.index(zone) + 1}",
            "Status": "succeeded",
        }
        for zone in dice.some(ZONES, 1, 3)
    ]
    estate.add(
        "DescribeNatGateways",
        {
            "NatGatewayId": nat_id,
            "VpcId": vpc.vpc_id,
            "State": "available",
            "ConnectivityType": "public",
            "AvailabilityMode": "regional",
            "AutoScalingIps": "disabled" if manual else "enabled",
            "AutoProvisionZones": "disabled" if manual else "enabled",
            "RouteTableId": table_id,
            "NatGatewayAddresses": addresses,
        },
    )
    places = [(cidr, "local") for cidr in vpc.cidrs]
    if dice.chance(90):
        places.append(("0.0.0.0/0", str(vpc.internet_gateway)))
    estate.add(
        "DescribeRouteTables",
        {
            "RouteTableId": table_id,
            "VpcId": vpc.vpc_id,
            "OwnerId": ACCOUNT,
            "Associations": [],
            "PropagatingVgws": [],
            "Routes": [route(cidr, "GatewayId", target) for cidr, target in places],
        },
    )
    return nat_id


def _gateway_endpoint(estate: Estate, vpc: VpcPlan) -> str:
    endpoint_id = estate.new_id("vpce")
    kind = "dualstack" if "ipv6" in estate.service_lists and estate.dice.chance(60) else "ipv4"
    estate.add(
        "DescribeVpcEndpoints",
        {
            "VpcEndpointId": endpoint_id,
            "VpcEndpointType": "Gateway",
            "VpcId": vpc.vpc_id,
            "ServiceName": f"com.amazonaws.{REGION}.s3",
            "State": "available",
            "IpAddressType": kind,
            "RouteTableIds": [],
            "SubnetIds": [],
            "Groups": [],
            "NetworkInterfaceIds": [],
            "PrivateDnsEnabled": False,
            "DnsEntries": [],
        },
    )
    return endpoint_id


def _interface_endpoint(estate: Estate, vpc: VpcPlan) -> None:
    dice = estate.dice
    endpoint_id = estate.new_id("vpce")
    dual = vpc.ipv6 is not None and dice.chance(50)
    usable = [item for item in vpc.subnets if item.ipv4 and (item.ipv6 or not dual)]
    zones: dict[str, SubnetPlan] = {}
    for subnet in dice.some(usable, 1, 2):
        zones.setdefault(subnet.zone, subnet)
    if not zones:
        return
    groups = dice.some(vpc.group_ids, 1, 2)
    interfaces = [
        add_interface(estate, subnet, kind="vpc_endpoint", group_ids=groups, ipv6=dual)
        for subnet in zones.values()
    ]
    estate.add(
        "DescribeVpcEndpoints",
        {
            "VpcEndpointId": endpoint_id,
            "VpcEndpointType": "Interface",
            "VpcId": vpc.vpc_id,
            "ServiceName": f"com.amazonaws.{REGION}.execute-api",
            "State": "available",
            "IpAddressType": "dualstack" if dual else "ipv4",
            "RouteTableIds": [],
            "SubnetIds": [item["SubnetId"] for item in interfaces],
            "Groups": [{"GroupId": group_id} for group_id in groups],
            "NetworkInterfaceIds": [item["NetworkInterfaceId"] for item in interfaces],
            "PrivateDnsEnabled": False,
            "DnsEntries": [],
        },
    )
