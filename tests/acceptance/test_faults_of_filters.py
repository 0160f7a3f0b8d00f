"""Faults of groups, network ACLs and families, made real: packets fail, and findings say why."""

from __future__ import annotations

from typing import Any

import pytest

from tests.acceptance.building import REGION
from tests.acceptance.test_faults_of_gateways import Script
from tests.conftest import RunningLab

pytestmark = pytest.mark.lab

ANYWHERE = {"IpRanges": [{"CidrIp": "0.0.0.0/0"}]}


class Filtered(Script):
    """The VPC behind a NAT gateway, with filters to spoil."""

    def only_let_out(self, *permissions: dict[str, Any]) -> None:
        """Leave the default group these egress rules for tcp 443."""
        group = self._default_group()
        group_id, found = group["GroupId"], group["IpPermissionsEgress"]
        self.ec2.revoke_security_group_egress(GroupId=group_id, IpPermissions=found)
        ports = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}
        self.ec2.authorize_security_group_egress(
            GroupId=group_id, IpPermissions=[{**ports, **item} for item in permissions]
        )

    def use_acl(self, subnet: str, *entries: tuple[int, bool, str, tuple[int, int]]) -> None:
        """Give a subnet an ACL with entries of number, egress, block and ports, all allowing."""
        acl = self.ec2.create_network_acl(VpcId=self.vpc)["NetworkAcl"]["NetworkAclId"]
        for number, egress, block, (low, high) in entries:
            self.ec2.create_network_acl_entry(
                NetworkAclId=acl,
                RuleNumber=number,
                Egress=egress,
                Protocol="6",
                RuleAction="allow",
                CidrBlock=block,
                PortRange={"From": low, "To": high},
            )
        found = self.ec2.describe_network_acls(
            Filters=[{"Name": "association.subnet-id", "Values": [subnet]}]
        )["NetworkAcls"][0]["Associations"]
        association = next(item for item in found if item["SubnetId"] == subnet)
        self.ec2.replace_network_acl_association(
            AssociationId=association["NetworkAclAssociationId"], NetworkAclId=acl
        )

    def gateway_endpoint(self) -> None:
        """Lead the private subnet to S3 by a gateway endpoint."""
        self.ec2.create_vpc_endpoint(
            VpcId=self.vpc,
            ServiceName=f"com.amazonaws.{REGION}.s3",
            VpcEndpointType="Gateway",
            RouteTableIds=[self.table],
        )

    def closed_instance(self, address: str) -> None:
        """Run an instance whose group admits nobody."""
        interface = self.instance(self.private, address)
        group = self.ec2.create_security_group(
            GroupName="closed", Description="closed", VpcId=self.vpc
        )["GroupId"]
        self.ec2.modify_network_interface_attribute(NetworkInterfaceId=interface, Groups=[group])

    def lose_ipv4(self) -> None:
        self.ec2.delete_route(RouteTableId=self.table, DestinationCidrBlock="0.0.0.0/0")

    def lose_ipv6(self) -> None:
        self.ec2.delete_route(RouteTableId=self.table, DestinationIpv6CidrBlock="::/0")

    def both(self, target: str, *more: str) -> dict[str, set[str]]:
        """Return the findings about both families by their role."""
        report = self.lab.report(
            "--vpc",
            self.vpc,
            "--subnet",
            self.private,
            "--target",
            target,
            "--timeout",
            "1.5",
            *more,
        )
        found: dict[str, set[str]] = {}
        for item in report["findings"]:
            found.setdefault(item["role"], set()).add(item["name"])
        return found

    def _default_group(self) -> dict[str, Any]:
        groups = self.ec2.describe_security_groups(
            Filters=[
                {"Name": "vpc-id", "Values": [self.vpc]},
                {"Name": "group-name", "Values": ["default"]},
            ]
        )
        return dict(groups["SecurityGroups"][0])


S3 = f"https://s3.{REGION}.amazonaws.com/"


def test_groups_let_out_to_something_else(lab: RunningLab) -> None:
    """To the VPC only, to a partner only, and not to a gateway endpoint's prefixes."""
    script = Filtered(lab)

    script.only_let_out({"IpRanges": [{"CidrIp": "10.8.0.0/16"}]})
    assert script.seen() == ("timeout", {"sg-egress-endpoint-only"})
    script.gateway_endpoint()
    assert script.seen(S3) == ("timeout", {"sg-egress-prefix-list-gap"})
    script.only_let_out({"IpRanges": [{"CidrIp": "8.8.8.0/24"}]})
    assert script.seen() == ("timeout", {"sg-egress-denied"})

    script.only_let_out(ANYWHERE)
    assert script.seen()[1] == set()
    script.closed_instance("10.8.1.50")
    assert script.seen("tcp://10.8.1.50:443") == ("timeout", {"target-sg-ingress-missing"})


def test_acls_drop_beside_the_function_and_at_the_prefixes(lab: RunningLab) -> None:
    """The NAT gateway's subnet, and a data subnet that knows private ranges only."""
    script = Filtered(lab)

    everything, inside = (0, 65535), "10.0.0.0/8"
    web, all_out = (110, False, "0.0.0.0/0", (443, 443)), (100, True, "0.0.0.0/0", everything)
    script.use_acl(script.public, all_out, web)
    assert script.seen() == ("timeout", {"nacl-nat-subnet"})
    script.use_acl(script.public, all_out, (110, False, "0.0.0.0/0", everything))
    assert script.seen()[1] == set()

    script.gateway_endpoint()
    script.use_acl(
        script.private, (100, True, inside, everything), (100, False, inside, everything)
    )
    assert script.seen(S3) == ("timeout", {"nacl-blocks-gateway-prefixes"})


def test_ipv6_is_the_only_way_out(lab: RunningLab) -> None:
    """An SDK, and a client, that do not take it."""
    script = Filtered(lab)
    script.speak_ipv6()
    script.lose_ipv4()

    plain = script.both(f"https://ssm.{REGION}.amazonaws.com/")
    assert plain["root-cause"] == {"sdk-not-dualstack", "service-endpoint-absent"}
    java = script.both(script.target, "--client", "java")
    assert java["root-cause"] == {"client-prefers-ipv4-dead"}


def test_ipv6_is_dead_and_tried_first(lab: RunningLab) -> None:
    """By a client that waits; a gateway endpoint that knows IPv4 only is the cause of one."""
    script = Filtered(lab)
    script.speak_ipv6()
    script.lose_ipv6()

    found = script.both(script.target, "--client", "boto3")
    assert found["root-cause"] == {"route-v6-no-default"}
    assert found["contributing"] == {"client-prefers-ipv6-dead"}

    script.gateway_endpoint()
    bucket = script.both(f"https://s3.dualstack.{REGION}.amazonaws.com/")
    assert bucket["root-cause"] == {"gateway-endpoint-ipv6-gap"}


def test_dns64_makes_addresses_that_nothing_carries(lab: RunningLab) -> None:
    """Of a name that has an A record only."""
    script = Filtered(lab)
    script.speak_ipv6()
    script.ec2.modify_subnet_attribute(SubnetId=script.private, EnableDns64={"Value": True})

    found = script.both(f"https://ssm.{REGION}.amazonaws.com/", "--client", "boto3")
    assert found["root-cause"] == {"dns64-without-route"}


def test_ipv4_endpoint_hides_the_aaaa_record(lab: RunningLab) -> None:
    """From a client that knows IPv6 only; one that tries both does not mind."""
    script = Filtered(lab)
    script.speak_ipv6()
    for name in ("EnableDnsSupport", "EnableDnsHostnames"):
        script.ec2.modify_vpc_attribute(VpcId=script.vpc, **{name: {"Value": True}})
    secrets = f"https://secretsmanager.{REGION}.amazonaws.com/"
    assert "root-cause" not in script.both(secrets, "--client", "ipv6-only")

    group = script.ec2.create_security_group(GroupName="sm", Description="sm", VpcId=script.vpc)
    script.ec2.authorize_security_group_ingress(
        GroupId=group["GroupId"], IpPermissions=[{"IpProtocol": "-1", **ANYWHERE}]
    )
    script.ec2.create_vpc_endpoint(
        VpcId=script.vpc,
        ServiceName=f"com.amazonaws.{REGION}.secretsmanager",
        VpcEndpointType="Interface",
        SubnetIds=[script.private],
        SecurityGroupIds=[group["GroupId"]],
        PrivateDnsEnabled=True,
    )

    alone = script.both(secrets, "--client", "ipv6-only")
    assert alone["root-cause"] == {"execute-api-endpoint-hides-aaaa"}
    both = script.both(secrets, "--client", "boto3")
    assert both == {"note": {"execute-api-endpoint-hides-aaaa"}}
