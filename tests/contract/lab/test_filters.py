"""Network ACLs and security groups: the rules AWS makes by itself."""

from __future__ import annotations

from typing import Any

from tests.contract.lab.corrected import Cloud, error_of

IPV4_DEFAULTS = {(100, "0.0.0.0/0", "allow"), (32767, "0.0.0.0/0", "deny")}
IPV6_DEFAULTS = {(101, "::/0", "allow"), (32768, "::/0", "deny")}


def entries(acl: dict[str, Any], *, egress: bool) -> set[tuple[int, str, str]]:
    return {
        (i["RuleNumber"], i.get("CidrBlock") or i["Ipv6CidrBlock"], i["RuleAction"])
        for i in acl["Entries"]
        if i["Egress"] is egress
    }


def default_acl(cloud: Cloud, vpc: str) -> dict[str, Any]:
    filters = [{"Name": "vpc-id", "Values": [vpc]}, {"Name": "default", "Values": ["true"]}]
    return dict(cloud.ec2.describe_network_acls(Filters=filters)["NetworkAcls"][0])


def test_default_acl_of_an_ipv6_vpc_lets_ipv6_pass(cloud: Cloud) -> None:
    acl = default_acl(cloud, cloud.vpc(AmazonProvidedIpv6CidrBlock=True))

    assert entries(acl, egress=False) == IPV4_DEFAULTS | IPV6_DEFAULTS
    assert entries(acl, egress=True) == IPV4_DEFAULTS | IPV6_DEFAULTS


def test_later_ipv6_block_opens_only_the_untouched_direction(cloud: Cloud) -> None:
    vpc = cloud.vpc()
    acl = default_acl(cloud, vpc)["NetworkAclId"]
    cloud.ec2.delete_network_acl_entry(NetworkAclId=acl, RuleNumber=100, Egress=False)
    cloud.ec2.associate_vpc_cidr_block(VpcId=vpc, AmazonProvidedIpv6CidrBlock=True)

    found = default_acl(cloud, vpc)
    assert entries(found, egress=True) == IPV4_DEFAULTS | IPV6_DEFAULTS
    assert entries(found, egress=False) == {
        (32767, "0.0.0.0/0", "deny"),
        (32768, "::/0", "deny"),
    }


def test_custom_acl_denies_the_rest_of_both_families(cloud: Cloud) -> None:
    vpc = cloud.vpc(AmazonProvidedIpv6CidrBlock=True)
    acl = cloud.ec2.create_network_acl(VpcId=vpc)["NetworkAcl"]

    denied = {(32767, "0.0.0.0/0", "deny"), (32768, "::/0", "deny")}
    assert acl["IsDefault"] is False
    assert entries(acl, egress=False) == denied
    assert entries(acl, egress=True) == denied


def test_custom_acl_of_an_ipv4_vpc_has_no_ipv6_entry(cloud: Cloud) -> None:
    acl = cloud.ec2.create_network_acl(VpcId=cloud.vpc())["NetworkAcl"]

    assert entries(acl, egress=False) == {(32767, "0.0.0.0/0", "deny")}


def test_icmp_type_and_code_are_kept(cloud: Cloud) -> None:
    acl = cloud.ec2.create_network_acl(VpcId=cloud.vpc())["NetworkAcl"]["NetworkAclId"]
    cloud.ec2.create_network_acl_entry(
        NetworkAclId=acl,
        RuleNumber=100,
        Egress=False,
        Protocol="1",
        RuleAction="allow",
        CidrBlock="0.0.0.0/0",
        IcmpTypeCode={"Type": -1, "Code": -1},
    )

    found = cloud.ec2.describe_network_acls(NetworkAclIds=[acl])["NetworkAcls"][0]["Entries"]
    kept = next(item for item in found if item["RuleNumber"] == 100)
    assert kept["IcmpTypeCode"] == {"Type": -1, "Code": -1}


def test_default_group_admits_its_own_members(cloud: Cloud) -> None:
    group = cloud.default_group(cloud.vpc())

    permission = group["IpPermissions"][0]
    assert permission["IpProtocol"] == "-1"
    assert [item["GroupId"] for item in permission["UserIdGroupPairs"]] == [group["GroupId"]]


def test_new_group_admits_nobody(cloud: Cloud) -> None:
    group = cloud.group(cloud.vpc())

    found = cloud.ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]
    assert found["IpPermissions"] == []


def test_group_held_by_an_interface_cannot_be_deleted(cloud: Cloud) -> None:
    vpc = cloud.vpc()
    group = cloud.group(vpc)
    made = cloud.ec2.create_network_interface(SubnetId=cloud.subnet(vpc), Groups=[group])

    assert error_of(cloud.ec2.delete_security_group, GroupId=group) == "DependencyViolation"
    interface = made["NetworkInterface"]["NetworkInterfaceId"]
    cloud.ec2.delete_network_interface(NetworkInterfaceId=interface)
    cloud.ec2.delete_security_group(GroupId=group)


def test_group_named_by_another_groups_rule_cannot_be_deleted(cloud: Cloud) -> None:
    vpc = cloud.vpc()
    named, naming = cloud.group(vpc, "named"), cloud.group(vpc, "naming")
    cloud.ec2.authorize_security_group_ingress(
        GroupId=naming,
        IpPermissions=[{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": named}]}],
    )

    assert error_of(cloud.ec2.delete_security_group, GroupId=named) == "DependencyViolation"
    cloud.ec2.delete_security_group(GroupId=naming)
    cloud.ec2.delete_security_group(GroupId=named)


def test_vpc_with_only_its_defaults_can_be_deleted(cloud: Cloud) -> None:
    vpc = cloud.vpc(AmazonProvidedIpv6CidrBlock=True)
    cloud.ec2.delete_vpc(VpcId=vpc)

    assert error_of(cloud.ec2.describe_vpcs, VpcIds=[vpc]) == "InvalidVpcID.NotFound"
