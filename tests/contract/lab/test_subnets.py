"""Subnets, interfaces and Elastic IPs: attributes, addresses, and what may not be deleted."""

from __future__ import annotations

import pytest

from tests.contract.lab.corrected import Cloud, error_of


def test_ipv6_state_of_a_subnet_is_a_word(cloud: Cloud) -> None:
    _, subnet = cloud.dual_stack()
    found = cloud.ec2.describe_subnets(SubnetIds=[subnet])["Subnets"][0]

    association = found["Ipv6CidrBlockAssociationSet"][0]
    assert association["Ipv6CidrBlockState"]["State"] == "associated"
    assert association["Ipv6AddressAttribute"] == "public"


def test_disassociated_block_leaves_the_subnet(cloud: Cloud) -> None:
    _, subnet = cloud.dual_stack()
    found = cloud.ec2.describe_subnets(SubnetIds=[subnet])["Subnets"][0]
    association = found["Ipv6CidrBlockAssociationSet"][0]["AssociationId"]
    cloud.ec2.disassociate_subnet_cidr_block(AssociationId=association)

    found = cloud.ec2.describe_subnets(SubnetIds=[subnet])["Subnets"][0]
    assert found["Ipv6CidrBlockAssociationSet"] == []


@pytest.mark.parametrize("wanted", [True, False])
def test_dns64_of_a_subnet_is_kept(cloud: Cloud, wanted: bool) -> None:  # noqa: FBT001 # a parameter
    _, subnet = cloud.dual_stack()
    assert cloud.ec2.describe_subnets(SubnetIds=[subnet])["Subnets"][0]["EnableDns64"] is False
    cloud.ec2.modify_subnet_attribute(SubnetId=subnet, EnableDns64={"Value": wanted})

    assert cloud.ec2.describe_subnets(SubnetIds=[subnet])["Subnets"][0]["EnableDns64"] is wanted


def test_host_name_options_of_a_subnet_are_kept(cloud: Cloud) -> None:
    subnet = cloud.subnet(cloud.vpc())
    cloud.ec2.modify_subnet_attribute(
        SubnetId=subnet, PrivateDnsHostnameTypeOnLaunch="resource-name"
    )
    cloud.ec2.modify_subnet_attribute(
        SubnetId=subnet, EnableResourceNameDnsAAAARecordOnLaunch={"Value": True}
    )

    found = cloud.ec2.describe_subnets(SubnetIds=[subnet])["Subnets"][0]
    options = found["PrivateDnsNameOptionsOnLaunch"]
    assert options["HostnameType"] == "resource-name"
    assert options["EnableResourceNameDnsAAAARecord"] is True


def test_subnet_by_zone_id_is_an_ordinary_one(cloud: Cloud) -> None:
    made = cloud.ec2.create_subnet(
        VpcId=cloud.vpc(), CidrBlock="10.0.1.0/24", AvailabilityZoneId="use1-az2"
    )["Subnet"]

    assert made["AvailabilityZoneId"] == "use1-az2"
    assert made["DefaultForAz"] is False
    assert made["MapPublicIpOnLaunch"] is False


def test_subnet_with_an_interface_cannot_be_deleted(cloud: Cloud) -> None:
    subnet = cloud.subnet(cloud.vpc())
    made = cloud.ec2.create_network_interface(SubnetId=subnet)["NetworkInterface"]

    assert error_of(cloud.ec2.delete_subnet, SubnetId=subnet) == "DependencyViolation"
    cloud.ec2.delete_network_interface(NetworkInterfaceId=made["NetworkInterfaceId"])
    cloud.ec2.delete_subnet(SubnetId=subnet)


def test_deleted_subnet_leaves_its_acl_and_table(cloud: Cloud) -> None:
    vpc = cloud.vpc()
    subnet, table = cloud.subnet(vpc), cloud.table(vpc)
    cloud.ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
    cloud.ec2.delete_subnet(SubnetId=subnet)

    acls = cloud.ec2.describe_network_acls(Filters=[{"Name": "vpc-id", "Values": [vpc]}])
    assert acls["NetworkAcls"][0]["Associations"] == []
    cloud.ec2.delete_route_table(RouteTableId=table)


def test_interface_without_a_wish_gets_a_free_address_of_its_subnet(cloud: Cloud) -> None:
    subnet = cloud.subnet(cloud.vpc())
    made = [
        cloud.ec2.create_network_interface(SubnetId=subnet)["NetworkInterface"] for _ in range(2)
    ]

    assert [item["PrivateIpAddress"] for item in made] == ["10.0.1.4", "10.0.1.5"]


def test_elastic_ips_are_public_documentation_addresses(cloud: Cloud) -> None:
    addresses = [cloud.ec2.allocate_address(Domain="vpc")["PublicIp"] for _ in range(2)]

    assert addresses == ["203.0.113.10", "203.0.113.11"]


def test_elastic_ip_asked_for_is_given_and_not_given_twice(cloud: Cloud) -> None:
    wanted = cloud.ec2.allocate_address(Domain="vpc", Address="203.0.113.10")["PublicIp"]
    other = cloud.ec2.allocate_address(Domain="vpc")["PublicIp"]

    assert (wanted, other) == ("203.0.113.10", "203.0.113.11")


def test_one_of_several_filter_values_is_enough(cloud: Cloud) -> None:
    vpc = cloud.vpc()
    one, two, three = (cloud.subnet(vpc, f"10.0.{n}.0/24") for n in (1, 2, 3))
    table = cloud.table(vpc)
    for subnet in (one, two):
        cloud.ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
    filters = [{"Name": "association.subnet-id", "Values": [one, three]}]

    found = cloud.ec2.describe_route_tables(Filters=filters)["RouteTables"]
    assert [item["RouteTableId"] for item in found] == [table]


def test_unknown_filter_is_refused(cloud: Cloud) -> None:
    cloud.vpc()
    code = error_of(cloud.ec2.describe_subnets, Filters=[{"Name": "bogus", "Values": ["x"]}])

    assert code == "InvalidParameterValue"


@pytest.mark.parametrize(
    ("call", "arguments"),
    [
        ("create_subnet", {"VpcId": "{vpc}", "CidrBlock": "10.0.9.0/24"}),
        ("describe_security_groups", {}),
        ("describe_route_tables", {}),
        ("delete_vpc", {"VpcId": "{vpc}"}),
    ],
)
def test_dry_run_changes_nothing(cloud: Cloud, call: str, arguments: dict[str, str]) -> None:
    vpc = cloud.vpc()
    given = {key: value.replace("{vpc}", vpc) for key, value in arguments.items()}
    code = error_of(getattr(cloud.ec2, call), DryRun=True, **given)

    assert code == "DryRunOperation"
    filters = [{"Name": "vpc-id", "Values": [vpc]}]
    assert cloud.ec2.describe_subnets(Filters=filters)["Subnets"] == []
    assert len(cloud.ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"]) == 1


def test_answers_come_in_pages(cloud: Cloud) -> None:
    """As many as were asked for, with a token for the rest, as paginators use it."""
    vpc = cloud.vpc()
    made = [cloud.subnet(vpc, f"10.0.{number}.0/24") for number in range(7)]
    of_vpc = {"Filters": [{"Name": "vpc-id", "Values": [vpc]}]}

    first = cloud.ec2.describe_subnets(**of_vpc, MaxResults=5)
    rest = cloud.ec2.describe_subnets(**of_vpc, MaxResults=5, NextToken=first["NextToken"])
    pages = cloud.ec2.get_paginator("describe_subnets").paginate(
        **of_vpc, PaginationConfig={"PageSize": 5}
    )

    assert (len(first["Subnets"]), len(rest["Subnets"])) == (5, 2)
    assert "NextToken" not in rest
    assert {item["SubnetId"] for page in pages for item in page["Subnets"]} == set(made)
    code = error_of(cloud.ec2.describe_subnets, **of_vpc, MaxResults=5, NextToken="???")
    assert code == "InvalidNextToken"


def test_subnet_without_ipv4_has_no_free_ipv4_address(cloud: Cloud) -> None:
    vpc, subnet = cloud.dual_stack()
    block = cloud.ipv6_blocks(vpc)[0].replace("00::/56", "01::/64")
    made = cloud.ec2.create_subnet(VpcId=vpc, Ipv6CidrBlock=block, Ipv6Native=True)["Subnet"]
    cloud.ec2.create_network_interface(SubnetId=subnet)
    found = cloud.ec2.describe_subnets(SubnetIds=[subnet])["Subnets"][0]

    assert made["AvailableIpAddressCount"] == 0
    assert found["AvailableIpAddressCount"] == 250


def test_public_address_of_an_instance_is_told_beside_its_private_one(cloud: Cloud) -> None:
    """One of the lab's documentation addresses, and nobody else gets it."""
    subnet = cloud.subnet(cloud.vpc())
    wanted = {"DeviceIndex": 0, "SubnetId": subnet, "AssociatePublicIpAddress": True}
    instance = cloud.ec2.run_instances(
        ImageId="ami-12c6146b", MinCount=1, MaxCount=1, NetworkInterfaces=[wanted]
    )["Instances"][0]
    filters = [{"Name": "subnet-id", "Values": [subnet]}]
    found = cloud.ec2.describe_network_interfaces(Filters=filters)["NetworkInterfaces"][0]
    elastic = cloud.ec2.allocate_address(Domain="vpc")["PublicIp"]

    assert found["Attachment"]["InstanceId"] == instance["InstanceId"]
    assert found["Association"]["PublicIp"] == "203.0.113.10"
    assert found["PrivateIpAddresses"][0]["Association"]["PublicIp"] == "203.0.113.10"
    assert elastic == "203.0.113.11"


def test_subnet_gives_ipv6_addresses_unasked_when_it_is_told_to(cloud: Cloud) -> None:
    """To interfaces and instances; before that only to who asks."""
    _, subnet = cloud.dual_stack()
    image = {"ImageId": "ami-12c6146b", "MinCount": 1, "MaxCount": 1}
    without = cloud.ec2.create_network_interface(SubnetId=subnet)["NetworkInterface"]
    asking = {"DeviceIndex": 0, "SubnetId": subnet, "Ipv6AddressCount": 1}
    asked = cloud.ec2.run_instances(**image, NetworkInterfaces=[asking])["Instances"][0]
    cloud.ec2.modify_subnet_attribute(SubnetId=subnet, AssignIpv6AddressOnCreation={"Value": True})
    interface = cloud.ec2.create_network_interface(SubnetId=subnet)["NetworkInterface"]
    instance = cloud.ec2.run_instances(**image, SubnetId=subnet)["Instances"][0]

    assert without["Ipv6Addresses"] == []
    assert len(asked["NetworkInterfaces"][0]["Ipv6Addresses"]) == 1
    assert len(interface["Ipv6Addresses"]) == 1
    assert len(instance["NetworkInterfaces"][0]["Ipv6Addresses"]) == 1
