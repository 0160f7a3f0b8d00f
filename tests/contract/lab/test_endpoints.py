"""VPC endpoints: interfaces, names, options, routes, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.lab.corrected import REGION, Cloud, error_of


def create(cloud: Cloud, vpc: str, service: str, **more: Any) -> dict[str, Any]:
    made = cloud.ec2.create_vpc_endpoint(
        VpcId=vpc, ServiceName=f"com.amazonaws.{REGION}.{service}", **more
    )
    return dict(made["VpcEndpoint"])


def described(cloud: Cloud, endpoint: dict[str, Any]) -> dict[str, Any]:
    found = cloud.ec2.describe_vpc_endpoints(VpcEndpointIds=[endpoint["VpcEndpointId"]])
    return dict(found["VpcEndpoints"][0])


def names(endpoint: dict[str, Any]) -> list[str]:
    return [item["DnsName"] for item in endpoint["DnsEntries"]]


def test_interface_endpoint_sits_inside_its_subnets(cloud: Cloud) -> None:
    vpc = cloud.vpc()
    group = cloud.group(vpc)
    subnets = [cloud.subnet(vpc), cloud.subnet(vpc, "10.0.2.0/24", "b")]
    made = create(
        cloud,
        vpc,
        "secretsmanager",
        VpcEndpointType="Interface",
        SubnetIds=subnets,
        SecurityGroupIds=[group],
        SubnetConfigurations=[{"SubnetId": subnets[1], "Ipv4": "10.0.2.70"}],
    )

    found = {item["SubnetId"]: item for item in cloud.interfaces(vpc)}
    assert {i["NetworkInterfaceId"] for i in found.values()} == set(made["NetworkInterfaceIds"])
    assert found[subnets[0]]["PrivateIpAddress"] == "10.0.1.4"
    assert found[subnets[1]]["PrivateIpAddress"] == "10.0.2.70"
    for item in found.values():
        assert item["InterfaceType"] == "vpc_endpoint"
        assert item["Description"] == f"VPC Endpoint Interface {made['VpcEndpointId']}"
        assert item["RequesterManaged"] is True
        assert item["DenyAllIgwTraffic"] is True
        assert [held["GroupId"] for held in item["Groups"]] == [group]
        assert item["Ipv6Addresses"] == []
    assert made["RequesterManaged"] is False


def test_endpoint_without_groups_has_the_default_one(cloud: Cloud) -> None:
    vpc = cloud.vpc()
    made = create(cloud, vpc, "ssm", VpcEndpointType="Interface", SubnetIds=[cloud.subnet(vpc)])

    default = cloud.default_group(vpc)["GroupId"]
    assert [item["GroupId"] for item in made["Groups"]] == [default]
    assert [item["GroupId"] for item in cloud.interfaces(vpc)[0]["Groups"]] == [default]


def test_dual_stack_endpoint_has_addresses_of_both_families(cloud: Cloud) -> None:
    vpc, subnet = cloud.dual_stack()
    made = create(
        cloud,
        vpc,
        "execute-api",
        VpcEndpointType="Interface",
        SubnetIds=[subnet],
        IpAddressType="dualstack",
    )

    assert made["IpAddressType"] == "dualstack"
    assert made["DnsOptions"]["DnsRecordIpType"] == "dualstack"
    assert len(cloud.interfaces(vpc)[0]["Ipv6Addresses"]) == 1


def test_dual_stack_endpoint_in_an_ipv4_subnet_is_refused(cloud: Cloud) -> None:
    vpc = cloud.vpc()
    code = error_of(
        cloud.ec2.create_vpc_endpoint,
        VpcId=vpc,
        ServiceName=f"com.amazonaws.{REGION}.ssm",
        VpcEndpointType="Interface",
        SubnetIds=[cloud.subnet(vpc)],
        IpAddressType="dualstack",
    )

    assert code == "InvalidParameter"
    assert cloud.interfaces(vpc) == []


def test_execute_api_endpoint_takes_every_api_name_of_the_region(cloud: Cloud) -> None:
    vpc = cloud.vpc()
    made = create(
        cloud, vpc, "execute-api", VpcEndpointType="Interface", SubnetIds=[cloud.subnet(vpc)]
    )

    regional, zonal, *private = names(made)
    own = made["VpcEndpointId"]
    assert made["PrivateDnsEnabled"] is True
    assert regional.startswith(f"{own}-")
    assert regional.endswith(f".execute-api.{REGION}.vpce.amazonaws.com")
    assert zonal.partition(".")[0] == f"{regional.partition('.')[0]}-{REGION}a"
    assert private == [
        f"execute-api.{REGION}.amazonaws.com",
        f"*.execute-api.{REGION}.amazonaws.com",
    ]


def test_dns_options_are_kept(cloud: Cloud) -> None:
    vpc, subnet = cloud.dual_stack()
    made = create(
        cloud,
        vpc,
        "sqs",
        VpcEndpointType="Interface",
        SubnetIds=[subnet],
        IpAddressType="dualstack",
        DnsOptions={"DnsRecordIpType": "ipv4"},
    )

    assert described(cloud, made)["DnsOptions"]["DnsRecordIpType"] == "ipv4"


def test_private_dns_can_be_off_and_switched_on(cloud: Cloud) -> None:
    vpc = cloud.vpc()
    made = create(
        cloud,
        vpc,
        "ssm",
        VpcEndpointType="Interface",
        SubnetIds=[cloud.subnet(vpc)],
        PrivateDnsEnabled=False,
    )
    private = f"ssm.{REGION}.amazonaws.com"
    assert made["PrivateDnsEnabled"] is False
    assert private not in names(made)

    cloud.ec2.modify_vpc_endpoint(VpcEndpointId=made["VpcEndpointId"], PrivateDnsEnabled=True)

    assert private in names(described(cloud, made))


@pytest.mark.parametrize("service", ["ssm", "dynamodb"])
def test_private_dns_that_cannot_be_is_refused(cloud: Cloud, service: str) -> None:
    """Private DNS needs both attributes of the VPC, and a service that has private names."""
    vpc = cloud.vpc()
    hostnames = service == "dynamodb"
    cloud.ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": hostnames})
    code = error_of(
        cloud.ec2.create_vpc_endpoint,
        VpcId=vpc,
        ServiceName=f"com.amazonaws.{REGION}.{service}",
        VpcEndpointType="Interface",
        SubnetIds=[cloud.subnet(vpc)],
        PrivateDnsEnabled=True,
    )

    assert code == "InvalidParameter"


def test_changed_subnets_and_groups_reach_the_interfaces(cloud: Cloud) -> None:
    vpc = cloud.vpc()
    one, two = cloud.subnet(vpc), cloud.subnet(vpc, "10.0.2.0/24", "b")
    made = create(cloud, vpc, "ssm", VpcEndpointType="Interface", SubnetIds=[one])
    before = made["NetworkInterfaceIds"]
    group = cloud.group(vpc)
    cloud.ec2.modify_vpc_endpoint(
        VpcEndpointId=made["VpcEndpointId"], AddSubnetIds=[two], AddSecurityGroupIds=[group]
    )

    after = described(cloud, made)
    assert after["NetworkInterfaceIds"][0] == before[0]
    found = {item["SubnetId"]: item for item in cloud.interfaces(vpc)}
    assert found.keys() == {one, two}
    assert all(group in {g["GroupId"] for g in item["Groups"]} for item in found.values())
    cloud.ec2.modify_vpc_endpoint(VpcEndpointId=made["VpcEndpointId"], RemoveSubnetIds=[one])
    assert [item["SubnetId"] for item in cloud.interfaces(vpc)] == [two]


def test_gateway_endpoint_is_a_route_in_its_tables(cloud: Cloud) -> None:
    vpc = cloud.vpc()
    one, two = cloud.table(vpc), cloud.table(vpc)
    made = create(cloud, vpc, "s3", RouteTableIds=[one])

    assert made["VpcEndpointType"] == "Gateway"
    assert made["PrivateDnsEnabled"] is False
    assert made["DnsOptions"]["DnsRecordIpType"] == "service-defined"
    targets = {item.get("GatewayId") for item in cloud.routes(one).values()}
    assert made["VpcEndpointId"] in targets
    cloud.ec2.modify_vpc_endpoint(
        VpcEndpointId=made["VpcEndpointId"], AddRouteTableIds=[two], RemoveRouteTableIds=[one]
    )
    assert {item.get("GatewayId") for item in cloud.routes(one).values()} == {"local"}
    targets = {item.get("GatewayId") for item in cloud.routes(two).values()}
    assert targets == {"local", made["VpcEndpointId"]}


def test_deleted_endpoint_takes_interfaces_and_routes_along(cloud: Cloud) -> None:
    vpc = cloud.vpc()
    table = cloud.table(vpc)
    gateway = create(cloud, vpc, "s3", RouteTableIds=[table])["VpcEndpointId"]
    interface = create(
        cloud, vpc, "ssm", VpcEndpointType="Interface", SubnetIds=[cloud.subnet(vpc)]
    )["VpcEndpointId"]
    answer = cloud.ec2.delete_vpc_endpoints(VpcEndpointIds=[gateway, interface, "vpce-0"])

    assert [item["ResourceId"] for item in answer["Unsuccessful"]] == ["vpce-0"]
    filters = [{"Name": "vpc-id", "Values": [vpc]}]
    assert cloud.ec2.describe_vpc_endpoints(Filters=filters)["VpcEndpoints"] == []
    assert cloud.interfaces(vpc) == []
    assert list(cloud.routes(table)) == ["10.0.0.0/16"]


def test_interface_of_an_endpoint_is_not_the_users_to_delete(cloud: Cloud) -> None:
    vpc = cloud.vpc()
    made = create(cloud, vpc, "ssm", VpcEndpointType="Interface", SubnetIds=[cloud.subnet(vpc)])
    code = error_of(
        cloud.ec2.delete_network_interface, NetworkInterfaceId=made["NetworkInterfaceIds"][0]
    )

    assert code == "InvalidParameterValue"


def test_endpoint_services_can_be_filtered(cloud: Cloud) -> None:
    name = f"com.amazonaws.{REGION}.execute-api"
    found = cloud.ec2.describe_vpc_endpoint_services(
        Filters=[{"Name": "service-name", "Values": [name]}]
    )["ServiceDetails"]

    assert [item["ServiceName"] for item in found] == [name]
    assert found[0]["SupportedIpAddressTypes"] == ["ipv4", "ipv6"]
    assert {item["PrivateDnsName"] for item in found[0]["PrivateDnsNames"]} == {
        f"execute-api.{REGION}.amazonaws.com",
        f"*.execute-api.{REGION}.amazonaws.com",
    }


def test_dynamodb_has_a_gateway_and_an_interface_without_private_names(cloud: Cloud) -> None:
    found = cloud.ec2.describe_vpc_endpoint_services(
        ServiceNames=[f"com.amazonaws.{REGION}.dynamodb"]
    )["ServiceDetails"]

    kinds = {item["ServiceType"][0]["ServiceType"]: item for item in found}
    assert kinds.keys() == {"Gateway", "Interface"}
    assert not kinds["Interface"].get("PrivateDnsNames")


@pytest.mark.parametrize("name", ["vpc-endpoint-id", "vpc-id", "service-name", "ip-address-type"])
def test_endpoints_can_be_filtered(cloud: Cloud, name: str) -> None:
    """By what AWS filters them by."""
    vpc = cloud.vpc()
    made = create(cloud, vpc, "ssm", VpcEndpointType="Interface", SubnetIds=[cloud.subnet(vpc)])
    value = {
        "vpc-endpoint-id": made["VpcEndpointId"],
        "vpc-id": vpc,
        "service-name": f"com.amazonaws.{REGION}.ssm",
        "ip-address-type": "ipv4",
    }[name]

    def found(wanted: str) -> list[str]:
        filters = [{"Name": name, "Values": [wanted]}]
        listed = cloud.ec2.describe_vpc_endpoints(Filters=filters)["VpcEndpoints"]
        return [item["VpcEndpointId"] for item in listed]

    assert found(value) == [made["VpcEndpointId"]]
    assert found("other") == []
