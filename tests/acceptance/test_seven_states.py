"""One VPC through seven states, changed by a boto3 script, asked about by the command line."""

from __future__ import annotations

from ipaddress import IPv6Network
from typing import Any

import pytest

from tests.acceptance.building import REGION
from tests.conftest import RunningLab

pytestmark = pytest.mark.lab

WORKS = {"reachable", "http-error"}


class Script:
    """The boto3 script: a dual-stack VPC with ``::/0`` to an egress-only gateway and no NAT."""

    def __init__(self, lab: RunningLab) -> None:
        self.lab = lab
        self.ec2 = lab.client("ec2")
        self.apis = lab.client("apigatewayv2")
        made = self.ec2.create_vpc(CidrBlock="10.9.0.0/16", AmazonProvidedIpv6CidrBlock=True)
        self.vpc = made["Vpc"]["VpcId"]
        for name in ("EnableDnsSupport", "EnableDnsHostnames"):
            self.ec2.modify_vpc_attribute(VpcId=self.vpc, **{name: {"Value": True}})
        found = self.ec2.describe_vpcs(VpcIds=[self.vpc])["Vpcs"][0]
        block = IPv6Network(found["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"])
        self.blocks = list(block.subnets(new_prefix=64))
        self.private = self._subnet(1)
        self.table = self.ec2.create_route_table(VpcId=self.vpc)["RouteTable"]["RouteTableId"]
        self.ec2.associate_route_table(RouteTableId=self.table, SubnetId=self.private)
        gateway = self.ec2.create_egress_only_internet_gateway(VpcId=self.vpc)
        self.ec2.create_route(
            RouteTableId=self.table,
            DestinationIpv6CidrBlock="::/0",
            EgressOnlyInternetGatewayId=gateway["EgressOnlyInternetGateway"][
                "EgressOnlyInternetGatewayId"
            ],
        )
        self.api = self.apis.create_api(
            Name="ticker",
            ProtocolType="WEBSOCKET",
            RouteSelectionExpression="$request.body.action",
            IpAddressType="dualstack",
        )["ApiId"]
        self.apis.create_stage(ApiId=self.api, StageName="prod")

    def _subnet(self, number: int) -> str:
        subnet = self.ec2.create_subnet(
            VpcId=self.vpc,
            CidrBlock=f"10.9.{number}.0/24",
            Ipv6CidrBlock=str(self.blocks[number]),
            AvailabilityZone=f"{REGION}a",
        )
        return str(subnet["Subnet"]["SubnetId"])

    def use_acl_without_ephemeral_ports(self) -> None:
        self.acl = self.ec2.create_network_acl(VpcId=self.vpc)["NetworkAcl"]["NetworkAclId"]
        for number, family in (
            (100, {"CidrBlock": "0.0.0.0/0"}),
            (101, {"Ipv6CidrBlock": "::/0"}),
        ):
            self._entry(number, family, egress=True, ports=(443, 443))
            self._entry(number, family, egress=False, ports=(443, 443))
        acls = self.ec2.describe_network_acls(Filters=[{"Name": "vpc-id", "Values": [self.vpc]}])[
            "NetworkAcls"
        ]
        association = next(
            item["NetworkAclAssociationId"]
            for acl in acls
            for item in acl["Associations"]
            if item["SubnetId"] == self.private
        )
        self.ec2.replace_network_acl_association(AssociationId=association, NetworkAclId=self.acl)

    def add_ephemeral_ports(self) -> None:
        for number, family in (
            (110, {"CidrBlock": "0.0.0.0/0"}),
            (111, {"Ipv6CidrBlock": "::/0"}),
        ):
            self._entry(number, family, egress=False, ports=(1024, 65535))

    def _entry(
        self, number: int, family: dict[str, str], *, egress: bool, ports: tuple[int, int]
    ) -> None:
        self.ec2.create_network_acl_entry(
            NetworkAclId=self.acl,
            RuleNumber=number,
            Egress=egress,
            Protocol="6",
            RuleAction="allow",
            PortRange={"From": ports[0], "To": ports[1]},
            **family,
        )

    def default_group(self) -> dict[str, Any]:
        groups = self.ec2.describe_security_groups(
            Filters=[
                {"Name": "vpc-id", "Values": [self.vpc]},
                {"Name": "group-name", "Values": ["default"]},
            ]
        )
        return dict(groups["SecurityGroups"][0])

    def revoke_egress(self) -> None:
        group = self.default_group()
        self.revoked = group["IpPermissionsEgress"]
        self.ec2.revoke_security_group_egress(GroupId=group["GroupId"], IpPermissions=self.revoked)

    def allow_egress_again(self) -> None:
        self.ec2.authorize_security_group_egress(
            GroupId=self.default_group()["GroupId"], IpPermissions=self.revoked
        )

    def add_nat_gateway(self) -> None:
        public = self._subnet(2)
        table = self.ec2.create_route_table(VpcId=self.vpc)["RouteTable"]["RouteTableId"]
        self.ec2.associate_route_table(RouteTableId=table, SubnetId=public)
        gateway = self.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        self.ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=self.vpc)
        self.ec2.create_route(
            RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway
        )
        address = self.ec2.allocate_address(Domain="vpc")["AllocationId"]
        made = self.ec2.create_nat_gateway(SubnetId=public, AllocationId=address)
        self.nat_gateway = made["NatGateway"]["NatGatewayId"]
        self.ec2.create_route(
            RouteTableId=self.table,
            DestinationCidrBlock="0.0.0.0/0",
            NatGatewayId=self.nat_gateway,
        )

    def check(self) -> Answer:
        return Answer(self.lab.report("--vpc", self.vpc, "--timeout", "1.5"), self.api)


class Answer:
    """What one check said about the API."""

    def __init__(self, report: dict[str, Any], api: str) -> None:
        self.report = report
        self.paths = {
            item["family"]: item for item in report["paths"] if item["target"] == f"api:{api}"
        }
        self.verdict = report["verdict"]
        self.root_causes = self._named("root-cause")
        self.all_found = self.root_causes | self._named("contributing") | self._named("note")

    def _named(self, role: str) -> set[str]:
        return {item["name"] for item in self.report["findings"] if item["role"] == role}

    @property
    def outcomes(self) -> tuple[str, str]:
        return tuple(
            "works"
            if self.paths[f]["observation"]["outcome"] in WORKS
            else self.paths[f]["observation"]["outcome"]
            for f in ("ipv4", "ipv6")
        )  # type: ignore[return-value] # two families, two words

    @property
    def witnesses(self) -> set[str]:
        return {item["witnesses"] for item in self.paths.values()}


def test_seven_states_are_told_apart(lab: RunningLab) -> None:
    """Each change of the configuration changes the packets, and the finding names that change."""
    script = Script(lab)

    answer = script.check()
    assert answer.outcomes == ("timeout", "works")
    assert answer.verdict in {"healthy", "degraded"}
    assert "route-v4-no-default-route" in answer.all_found
    assert answer.witnesses == {"agree"}

    script.apis.update_api(ApiId=script.api, IpAddressType="ipv4")
    answer = script.check()
    assert answer.outcomes == ("timeout", "dns-nodata")
    assert answer.verdict == "broken"
    assert answer.root_causes == {"api-ipv4-only"}
    assert answer.witnesses == {"agree"}

    script.apis.update_api(ApiId=script.api, IpAddressType="dualstack")
    script.use_acl_without_ephemeral_ports()
    answer = script.check()
    assert answer.outcomes == ("timeout", "timeout")
    assert answer.verdict == "broken"
    assert answer.root_causes == {"nacl-return-ephemeral-v4", "nacl-reply-denied"}
    assert "route-v4-no-default-route" in answer.all_found  # all was to go over IPv6
    assert answer.witnesses == {"agree"}

    script.add_ephemeral_ports()
    answer = script.check()
    assert answer.outcomes == ("timeout", "works")
    assert answer.verdict in {"healthy", "degraded"}
    assert not answer.all_found & {"nacl-return-ephemeral-v4", "nacl-reply-denied"}

    script.revoke_egress()
    answer = script.check()
    assert answer.outcomes == ("timeout", "timeout")
    assert answer.verdict == "broken"
    assert {"sg-egress-missing-v4", "sg-egress-missing-v6"} <= answer.root_causes
    assert answer.witnesses == {"agree"}

    script.allow_egress_again()
    script.add_nat_gateway()
    answer = script.check()
    assert answer.outcomes == ("works", "works")
    assert answer.verdict == "healthy"
    assert answer.root_causes == set()
    assert answer.witnesses == {"agree"}

    script.ec2.delete_nat_gateway(NatGatewayId=script.nat_gateway)
    answer = script.check()
    assert answer.outcomes == ("timeout", "works")
    assert "nat-deleted-blackhole" in answer.all_found
    named = next(i for i in answer.report["findings"] if i["name"] == "nat-deleted-blackhole")
    assert any(script.nat_gateway in item["says"] for item in named["evidence"])
    assert answer.witnesses == {"agree"}
