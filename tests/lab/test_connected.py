"""Packets between VPCs, and past the switches of a whole account, as an AWS client makes them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.acceptance.building import REGION
from tests.conftest import RunningLab
from tests.lab.ground import Ground

pytestmark = pytest.mark.lab

WEB = "www.example.com"
EVERYTHING = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]


class Two:
    """Two grounds, and an interface endpoint in the second that a function can connect to."""

    def __init__(self, lab: RunningLab, far_region: str = REGION) -> None:
        self.near, self.far = Ground(lab), Ground(lab, network=8, region=far_region)
        self.ec2 = self.far.ec2
        group = self.endpoint_group = self.far.new_group("endpoint")
        self.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=EVERYTHING)
        made = self.ec2.create_vpc_endpoint(
            VpcId=self.far.vpc,
            VpcEndpointType="Interface",
            ServiceName=f"com.amazonaws.{far_region}.ssm",
            SubnetIds=[self.far.subnet],
            SecurityGroupIds=[group],
        )["VpcEndpoint"]
        interface = self.ec2.describe_network_interfaces(
            NetworkInterfaceIds=made["NetworkInterfaceIds"]
        )["NetworkInterfaces"][0]
        self.address = interface["PrivateIpAddress"]
        self.function = self.near.function()

    def connect(self) -> str:
        """Return what becomes of a connection from the one VPC to the other."""
        seen = self.near.look(WEB, function=self.function, address=self.address)
        return str(seen["ipv4"]["tcp"])


@pytest.fixture
def two(shared_lab: RunningLab) -> Two:
    return Two(shared_lab)


def test_peering_carries_once_it_is_accepted_and_routed_on_both_sides(two: Two) -> None:
    """And no more when it is deleted."""
    made = two.ec2.create_vpc_peering_connection(VpcId=two.near.vpc, PeerVpcId=two.far.vpc)
    peering = made["VpcPeeringConnection"]["VpcPeeringConnectionId"]
    before = two.connect()
    two.ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=peering)
    two.near.route(two.near.table, "10.8.0.0/16", VpcPeeringConnectionId=peering)
    one_way = two.connect()
    two.near.route(two.far.table, "10.7.0.0/16", VpcPeeringConnectionId=peering)
    both_ways = two.connect()
    two.ec2.delete_vpc_peering_connection(VpcPeeringConnectionId=peering)

    assert (before, one_way, both_ways) == ("timeout", "timeout", "connected")
    assert two.connect() == "timeout"


def test_peering_reaches_into_another_region(shared_lab: RunningLab) -> None:
    """By addresses; a group of the other region is no name there."""
    two = Two(shared_lab, far_region="us-west-2")
    made = two.near.ec2.create_vpc_peering_connection(
        VpcId=two.near.vpc, PeerVpcId=two.far.vpc, PeerRegion="us-west-2"
    )
    peering = made["VpcPeeringConnection"]["VpcPeeringConnectionId"]
    two.far.ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=peering)
    two.near.route(two.near.table, "10.8.0.0/16", VpcPeeringConnectionId=peering)
    two.far.route(two.far.table, "10.7.0.0/16", VpcPeeringConnectionId=peering)

    assert two.connect() == "connected"


def test_group_of_the_peer_can_be_named(two: Two) -> None:
    """By its id, as a group of one's own."""
    made = two.ec2.create_vpc_peering_connection(VpcId=two.near.vpc, PeerVpcId=two.far.vpc)
    peering = made["VpcPeeringConnection"]["VpcPeeringConnectionId"]
    two.ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=peering)
    two.near.route(two.near.table, "10.8.0.0/16", VpcPeeringConnectionId=peering)
    two.near.route(two.far.table, "10.7.0.0/16", VpcPeeringConnectionId=peering)
    two.ec2.revoke_security_group_ingress(GroupId=two.endpoint_group, IpPermissions=EVERYTHING)
    closed = two.connect()
    named = {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": two.near.group}]}
    two.ec2.authorize_security_group_ingress(GroupId=two.endpoint_group, IpPermissions=[named])

    assert (closed, two.connect()) == ("timeout", "connected")


def test_transit_gateway_carries_between_vpcs_by_propagated_routes(two: Two) -> None:
    """Attached by default options; a static black hole takes the way again."""
    gateway = two.ec2.create_transit_gateway()["TransitGateway"]
    for ground in (two.near, two.far):
        two.ec2.create_transit_gateway_vpc_attachment(
            TransitGatewayId=gateway["TransitGatewayId"],
            VpcId=ground.vpc,
            SubnetIds=[ground.subnet],
        )
        ground.route(ground.table, "10.0.0.0/8", TransitGatewayId=gateway["TransitGatewayId"])
    through = two.connect()
    two.ec2.create_transit_gateway_route(
        DestinationCidrBlock="10.8.0.0/16",
        TransitGatewayRouteTableId=gateway["Options"]["AssociationDefaultRouteTableId"],
        Blackhole=True,
    )

    assert (through, two.connect()) == ("connected", "timeout")


def test_transit_gateway_of_another_account_carries_nothing_back(two: Two) -> None:
    """Its peering attachment swallows what goes in."""
    gateway = two.ec2.create_transit_gateway()["TransitGateway"]
    peering = two.ec2.create_transit_gateway_peering_attachment(
        TransitGatewayId=gateway["TransitGatewayId"],
        PeerTransitGatewayId="tgw-0123456789abcdef0",
        PeerAccountId="210987654321",
        PeerRegion=REGION,
    )["TransitGatewayPeeringAttachment"]["TransitGatewayAttachmentId"]
    two.ec2.create_transit_gateway_vpc_attachment(
        TransitGatewayId=gateway["TransitGatewayId"],
        VpcId=two.near.vpc,
        SubnetIds=[two.near.subnet],
    )
    two.ec2.create_transit_gateway_route(
        DestinationCidrBlock="10.8.0.0/16",
        TransitGatewayRouteTableId=gateway["Options"]["AssociationDefaultRouteTableId"],
        TransitGatewayAttachmentId=peering,
    )
    two.near.route(two.near.table, "10.0.0.0/8", TransitGatewayId=gateway["TransitGatewayId"])

    assert two.connect() == "timeout"


def outcome(seen: dict[str, Any]) -> tuple[str, str]:
    return seen["ipv4"]["tcp"], seen["ipv6"]["tcp"]


def test_block_public_access_closes_the_way_out(ground: Ground) -> None:
    """Both ways out in bidirectional mode, none of them in ingress mode; exclusions lift it."""
    ground.open_both_ways_out()
    function = ground.function()
    results = {}
    try:
        for mode in ("block-ingress", "block-bidirectional"):
            ground.ec2.modify_vpc_block_public_access_options(InternetGatewayBlockMode=mode)
            results[mode] = outcome(ground.look(WEB, function=function))
        exclusion = ground.ec2.create_vpc_block_public_access_exclusion(
            VpcId=ground.vpc, InternetGatewayExclusionMode="allow-egress"
        )["VpcBlockPublicAccessExclusion"]["ExclusionId"]
        results["excluded"] = outcome(ground.look(WEB, function=function))
        ground.ec2.delete_vpc_block_public_access_exclusion(ExclusionId=exclusion)
    finally:  # the account is the whole lab's
        ground.ec2.modify_vpc_block_public_access_options(InternetGatewayBlockMode="off")

    assert results == {
        "block-ingress": ("connected", "connected"),
        "block-bidirectional": ("timeout", "timeout"),
        "excluded": ("connected", "connected"),
    }


def test_nat64_leads_to_a_host_without_ipv6(ground: Ground) -> None:
    """Once the NAT gateway has the route of 64:ff9b::/96."""
    nat = ground.nat_gateway()
    ground.route(ground.table, "64:ff9b::/96", NatGatewayId=nat)
    seen = ground.look(WEB, address="64:ff9b::c000:250", path="/")

    assert seen["ipv6"]["body"] == "www.example.com\n"


def test_regional_nat_gateway_carries_ipv4(ground: Ground) -> None:
    """By its own table, which leads to the internet gateway from the start."""
    ground.internet_gateway()
    made = ground.ec2.create_nat_gateway(AvailabilityMode="regional", VpcId=ground.vpc)
    nat = made["NatGateway"]["NatGatewayId"]
    ground.route(ground.table, "0.0.0.0/0", NatGatewayId=nat)

    assert ground.look(WEB)["ipv4"]["tcp"] == "connected"


def test_customer_prefix_list_routes_and_filters(ground: Ground) -> None:
    """Its entries, as they are now."""
    made = ground.ec2.create_managed_prefix_list(
        PrefixListName="web",
        AddressFamily="IPv4",
        MaxEntries=2,
        Entries=[{"Cidr": "192.0.2.80/32"}],
    )["PrefixList"]["PrefixListId"]
    nat = ground.nat_gateway()
    ground.ec2.create_route(
        RouteTableId=ground.table, DestinationPrefixListId=made, NatGatewayId=nat
    )
    rules = ground.ec2.describe_security_groups(GroupIds=[ground.group])["SecurityGroups"][0]
    ground.ec2.revoke_security_group_egress(
        GroupId=ground.group, IpPermissions=rules["IpPermissionsEgress"]
    )
    function = ground.function()
    closed = ground.look(WEB, function=function)["ipv4"]["tcp"]
    ground.ec2.authorize_security_group_egress(
        GroupId=ground.group,
        IpPermissions=[{"IpProtocol": "-1", "PrefixListIds": [{"PrefixListId": made}]}],
    )
    opened = ground.look(WEB, function=function)["ipv4"]["tcp"]
    elsewhere = ground.look("v4.example.com", function=function, port=8443)["ipv4"]["tcp"]

    assert (closed, opened, elsewhere) == ("timeout", "connected", "timeout")
