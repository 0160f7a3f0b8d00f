"""Faults of gateways and of what joins VPCs, made real: packets fail, and findings say why."""

from __future__ import annotations

from ipaddress import IPv6Network
from typing import Any

import pytest

from tests.acceptance.building import REGION
from tests.conftest import RunningLab

pytestmark = pytest.mark.lab


class Script:
    """A VPC whose private subnet goes out by a NAT gateway."""

    def __init__(self, lab: RunningLab) -> None:
        self.lab = lab
        self.ec2 = lab.client("ec2")
        self.vpc = self.make_vpc("10.8.0.0/16")
        self.private, self.table = self.subnet("10.8.1.0/24")
        self.public, public_table = self.subnet("10.8.9.0/24")
        made = self.ec2.create_internet_gateway()["InternetGateway"]
        self.gateway = made["InternetGatewayId"]
        self.attach()
        self.lead(public_table, "0.0.0.0/0", GatewayId=self.gateway)
        address = self.ec2.allocate_address(Domain="vpc")["AllocationId"]
        nat = self.ec2.create_nat_gateway(SubnetId=self.public, AllocationId=address)
        self.nat = nat["NatGateway"]["NatGatewayId"]
        self.lead(self.table, "0.0.0.0/0", NatGatewayId=self.nat)
        apis = lab.client("apigatewayv2")
        api = apis.create_api(
            Name="ticker",
            ProtocolType="WEBSOCKET",
            RouteSelectionExpression="$request.body.action",
            IpAddressType="dualstack",
        )
        apis.create_stage(ApiId=api["ApiId"], StageName="prod")
        self.target = f"api:{api['ApiId']}"

    def make_vpc(self, block: str) -> str:
        return str(self.ec2.create_vpc(CidrBlock=block)["Vpc"]["VpcId"])

    def subnet(self, block: str, vpc: str | None = None, zone: str = "a") -> tuple[str, str]:
        """Return a subnet with a table of its own."""
        vpc, where = vpc or self.vpc, f"{REGION}{zone}"
        made = self.ec2.create_subnet(VpcId=vpc, CidrBlock=block, AvailabilityZone=where)
        table = self.ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
        subnet = str(made["Subnet"]["SubnetId"])
        self.ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
        return subnet, str(table)

    def lead(self, table: str, block: str, **target: str) -> None:
        self.ec2.create_route(RouteTableId=table, DestinationCidrBlock=block, **target)

    def lead_elsewhere(self, block: str, **target: str) -> None:
        self.ec2.replace_route(RouteTableId=self.table, DestinationCidrBlock=block, **target)

    def attach(self) -> None:
        self.ec2.attach_internet_gateway(InternetGatewayId=self.gateway, VpcId=self.vpc)

    def detach(self) -> None:
        self.ec2.detach_internet_gateway(InternetGatewayId=self.gateway, VpcId=self.vpc)

    def block_public_access(self, mode: str) -> None:
        self.ec2.modify_vpc_block_public_access_options(InternetGatewayBlockMode=mode)

    def instance(self, subnet: str, address: str) -> str:
        """Run an instance whose group admits everything, and return its interface."""
        vpc = self.ec2.describe_subnets(SubnetIds=[subnet])["Subnets"][0]["VpcId"]
        group = self.ec2.create_security_group(GroupName="all", Description="all", VpcId=vpc)
        self.ec2.authorize_security_group_ingress(
            GroupId=group["GroupId"],
            IpPermissions=[{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}],
        )
        made = self.ec2.create_network_interface(
            SubnetId=subnet, PrivateIpAddress=address, Groups=[group["GroupId"]]
        )
        interface = str(made["NetworkInterface"]["NetworkInterfaceId"])
        image = self.ec2.describe_images()["Images"][0]["ImageId"]
        self.ec2.run_instances(
            ImageId=image,
            MinCount=1,
            MaxCount=1,
            NetworkInterfaces=[{"DeviceIndex": 0, "NetworkInterfaceId": interface}],
        )
        return interface

    def peer(self) -> str:
        """Peer with a second VPC and return the connection."""
        self.other = self.make_vpc("10.7.0.0/16")
        made = self.ec2.create_vpc_peering_connection(VpcId=self.vpc, PeerVpcId=self.other)
        peering = str(made["VpcPeeringConnection"]["VpcPeeringConnectionId"])
        self.ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=peering)
        return peering

    def transit(self, *others: tuple[str, str]) -> str:
        """Attach the VPC, and others by a subnet each, to a transit gateway."""
        made = self.ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"]
        for vpc, subnet in ((self.vpc, self.private), *others):
            self.ec2.create_transit_gateway_vpc_attachment(
                TransitGatewayId=made, VpcId=vpc, SubnetIds=[subnet]
            )
        return str(made)

    def interface_endpoint(self, vpc: str, subnet: str) -> str:
        """Make an endpoint for SSM that admits everybody, and return its address."""
        group = self.ec2.create_security_group(GroupName="ssm", Description="ssm", VpcId=vpc)
        self.ec2.authorize_security_group_ingress(
            GroupId=group["GroupId"],
            IpPermissions=[{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}],
        )
        made = self.ec2.create_vpc_endpoint(
            VpcId=vpc,
            ServiceName=f"com.amazonaws.{REGION}.ssm",
            VpcEndpointType="Interface",
            SubnetIds=[subnet],
            SecurityGroupIds=[group["GroupId"]],
            PrivateDnsEnabled=False,
        )["VpcEndpoint"]
        interfaces = self.ec2.describe_network_interfaces(
            NetworkInterfaceIds=made["NetworkInterfaceIds"]
        )["NetworkInterfaces"]
        return str(interfaces[0]["PrivateIpAddress"])

    def speak_ipv6(self) -> str:
        """Give the private subnet IPv6 by an egress-only gateway, and return the gateway."""
        self.ec2.associate_vpc_cidr_block(VpcId=self.vpc, AmazonProvidedIpv6CidrBlock=True)
        found = self.ec2.describe_vpcs(VpcIds=[self.vpc])["Vpcs"][0]
        block = IPv6Network(found["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"])
        own = str(next(block.subnets(new_prefix=64)))
        self.ec2.associate_subnet_cidr_block(SubnetId=self.private, Ipv6CidrBlock=own)
        made = self.ec2.create_egress_only_internet_gateway(VpcId=self.vpc)
        gateway = str(made["EgressOnlyInternetGateway"]["EgressOnlyInternetGatewayId"])
        self.ec2.create_route(
            RouteTableId=self.table,
            DestinationIpv6CidrBlock="::/0",
            EgressOnlyInternetGatewayId=gateway,
        )
        return gateway

    def seen(self, target: str | None = None, family: str = "ipv4") -> tuple[str, set[str]]:
        """Return the packets' outcome and the root causes."""
        asked = target or self.target
        arguments = ("--vpc", self.vpc, "--subnet", self.private, "--target", asked)
        report = self.lab.report(*arguments, f"--{family}-only", "--timeout", "1.5")
        path = next(item for item in report["paths"] if item["target"] in {asked, target})
        return path["observation"]["outcome"], _roots(report)


def _roots(report: dict[str, Any]) -> set[str]:
    return {item["name"] for item in report["findings"] if item["role"] == "root-cause"}


def test_gateways_fail_one_after_another(lab: RunningLab) -> None:
    """Each change alone stops the packets, and is the only root cause."""
    script = Script(lab)
    outcome, roots = script.seen()
    assert outcome in {"reachable", "http-error"}
    assert roots == set()

    script.block_public_access("block-bidirectional")
    assert script.seen() == ("timeout", {"vpc-bpa"})
    script.block_public_access("block-ingress")
    assert script.seen()[1] == set()
    script.block_public_access("off")

    outcome, roots = script.seen("tcp://172.16.5.9:443")
    assert (outcome, roots) == ("timeout", {"private-destination-via-internet-gateway"})

    script.detach()
    assert script.seen() == ("timeout", {"igw-detached"})


def test_what_joins_vpcs_leads_nowhere(lab: RunningLab) -> None:
    """A peer is no way out, and a transit gateway none without routes."""
    script = Script(lab)

    peering = script.peer()
    far, far_table = script.subnet("10.7.1.0/24", script.other)
    script.instance(far, "10.7.1.9")
    script.lead(script.table, "10.7.0.0/16", VpcPeeringConnectionId=peering)
    assert script.seen("tcp://10.7.1.9:443") == ("timeout", {"peering-return-route"})
    script.lead(far_table, "10.8.0.0/16", VpcPeeringConnectionId=peering)
    assert script.seen("tcp://10.7.1.9:443")[0] == "refused"  # it is reached: nobody listens

    script.lead(script.table, "128.0.0.0/1", VpcPeeringConnectionId=peering)
    script.lead(script.table, "0.0.0.0/1", VpcPeeringConnectionId=peering)
    assert script.seen() == ("timeout", {"route-more-specific-swallow"})
    for half in ("128.0.0.0/1", "0.0.0.0/1"):
        script.ec2.delete_route(RouteTableId=script.table, DestinationCidrBlock=half)

    script.lead_elsewhere("0.0.0.0/0", VpcPeeringConnectionId=peering)
    assert script.seen() == ("timeout", {"peering-transitive"})

    script.lead_elsewhere("0.0.0.0/0", TransitGatewayId=script.transit())
    assert script.seen() == ("timeout", {"tgw-egress-or-return-missing"})


def test_nat_instance_checks_source_and_destination(lab: RunningLab) -> None:
    """As every instance does until somebody switches it off."""
    script = Script(lab)
    interface = script.instance(script.public, "10.8.9.30")
    address = script.ec2.allocate_address(Domain="vpc")["AllocationId"]
    script.ec2.associate_address(AllocationId=address, NetworkInterfaceId=interface)
    script.lead_elsewhere("0.0.0.0/0", NetworkInterfaceId=interface)

    assert script.seen() == ("timeout", {"nat-instance-broken"})


def test_default_vpc_has_public_subnets_only(lab: RunningLab) -> None:
    """There is no private subnet to move a function to."""
    script = Script(lab)
    found = script.ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"]
    script.vpc = found[0]["VpcId"]
    script.private, table = script.subnet("172.31.200.0/24")
    script.gateway = script.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    script.attach()
    script.lead(table, "0.0.0.0/0", GatewayId=script.gateway)

    assert script.seen() == ("timeout", {"route-v4-default-vpc"})


def test_egress_only_gateway_is_gone(lab: RunningLab) -> None:
    """And the route to it stays."""
    script = Script(lab)
    gateway = script.speak_ipv6()
    outcome, roots = script.seen(family="ipv6")
    assert outcome in {"reachable", "http-error"}
    assert roots == set()

    script.ec2.delete_egress_only_internet_gateway(EgressOnlyInternetGatewayId=gateway)
    assert script.seen(family="ipv6") == ("timeout", {"egress-only-gateway-detached"})


def test_transit_gateway_needs_both_directions_and_the_zone(lab: RunningLab) -> None:
    """A reply without a route, a central endpoint's too, and a zone that is not attached."""
    script = Script(lab)
    other = script.make_vpc("10.7.0.0/16")
    far, far_table = script.subnet("10.7.1.0/24", other)
    script.instance(far, "10.7.1.9")
    endpoint = script.interface_endpoint(other, far)
    gateway = script.transit((other, far))
    script.lead(script.table, "10.7.0.0/16", TransitGatewayId=gateway)

    assert script.seen("tcp://10.7.1.9:443") == ("timeout", {"tgw-egress-or-return-missing"})
    central = script.seen(f"tcp://{endpoint}:443")
    assert central == ("timeout", {"central-endpoint-return-route"})

    script.lead(far_table, "10.8.0.0/16", TransitGatewayId=gateway)
    assert script.seen("tcp://10.7.1.9:443")[0] == "refused"  # it is reached: nobody listens
    assert script.seen(f"tcp://{endpoint}:443") == ("reachable", set())

    script.private, table = script.subnet("10.8.2.0/24", zone="b")
    script.lead(table, "10.7.0.0/16", TransitGatewayId=gateway)
    assert script.seen("tcp://10.7.1.9:443") == ("timeout", {"tgw-attachment-missing-az"})


def test_private_nat_gateway_does_not_reach_the_internet(lab: RunningLab) -> None:
    """It has no public address to send from."""
    script = Script(lab)
    made = script.ec2.create_nat_gateway(SubnetId=script.public, ConnectivityType="private")
    script.lead_elsewhere("0.0.0.0/0", NatGatewayId=made["NatGateway"]["NatGatewayId"])

    assert script.seen() == ("timeout", {"nat-private-connectivity"})


def test_public_block_of_a_vpc_hides_its_owner(lab: RunningLab) -> None:
    """The local route takes the address, and nothing inside has it."""
    script = Script(lab)
    script.vpc = script.make_vpc("100.20.0.0/16")
    script.private, _ = script.subnet("100.20.1.0/24")

    assert script.seen("tcp://100.20.9.9:443") == (
        "timeout",
        {"vpc-cidr-public-range", "route-v4-no-default-route"},
    )
