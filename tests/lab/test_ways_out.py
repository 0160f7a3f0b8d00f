"""Ways out as they are offered: the commands run as they stand, and then packets get through."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from netprobe.lab import story
from tests.acceptance.building import REGION
from tests.conftest import RunningLab
from tests.lab.ground import Ground, entry
from tests.lab.test_names import admit_dns, dhcp, server

pytestmark = pytest.mark.lab

WEB = "www.example.com"


def run(lab: RunningLab, fix: dict[str, Any]) -> None:
    """Run the commands of a fix in one shell, as whoever copies them would."""
    environment = lab.environment
    path = f"{Path(sys.executable).parent}:{environment['PATH']}"
    script = "\n".join(("set -eu", *fix["commands"]["aws_cli"]))
    done = subprocess.run(
        ["sh", "-c", script],
        env=environment | {"PATH": path},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def offered(lab: RunningLab, function: str, *targets: str) -> list[dict[str, Any]]:
    """Return the fixes of a check of a function."""
    asked = [part for target in targets for part in ("--target", target)]
    report = lab.report("--function", function, "--timeout", "1", *asked)
    fixes: list[dict[str, Any]] = report["fixes"]
    return fixes


def of_way(fixes: list[dict[str, Any]], way: str) -> dict[str, Any]:
    return next(item for item in fixes if item["way"] == way)


def connects(ground: Ground, host: str, function: str, family: str = "ipv4", **more: Any) -> bool:
    seen = ground.look(host, function=function, **more)
    return seen[family].get("tcp") == "connected"


def test_websocket_story_ends_with_the_commands_of_its_free_way_out(lab: RunningLab) -> None:
    """Over IPv6: gateway and route, group, function, API; nothing else, and nothing to pay."""
    built = story.build(lab.client)
    target = f"api:{built.api_id}"

    before = lab.report("--function", story.FUNCTION_NAME, "--timeout", "1", "--target", target)
    free = before["fixes"][0]
    run(lab, free)
    after = lab.report("--function", story.FUNCTION_NAME, "--timeout", "1", "--target", target)

    assert before["verdict"] == "broken"
    assert free["way"] == "ipv6"
    assert free["standing_cost_usd_per_month"] == 0
    assert [item["action"] for item in free["changes"]] == [
        "create-egress-only-internet-gateway",
        "allow-in-security-group",
        "set-route",
        "allow-function-ipv6",
        "make-api-dual-stack",
    ]
    works = {(item["family"], item["verdict"]) for item in after["paths"]}
    assert ("ipv6", "works") in works
    assert all(item["verdict"] == "works" for item in after["paths"] if item["family"] == "ipv6")


def test_new_nat_gateway_is_a_way_out_with_a_price(lab: RunningLab) -> None:
    """Where there is no public subnet either, one is made for it."""
    built = story.build(lab.client)
    target = f"api:{built.api_id}"
    fix = of_way(offered(lab, story.FUNCTION_NAME, target), "nat-gateway")

    run(lab, fix)
    after = lab.report("--function", story.FUNCTION_NAME, "--timeout", "1", "--target", target)

    assert fix["standing_cost_usd_per_month"] == 36.5
    assert all(item["verdict"] == "works" for item in after["paths"] if item["family"] == "ipv4")


def test_route_to_the_nat_gateway_there_is(ground: Ground) -> None:
    function = ground.function(ipv6=False)
    nat = ground.nat_gateway()
    assert not connects(ground, WEB, function)

    fix = of_way(offered(ground.lab, function, f"https://{WEB}/"), "nat-gateway")
    run(ground.lab, fix)

    assert [item["values"]["target_id"] for item in fix["changes"]] == [nat]
    assert fix["standing_cost_usd_per_month"] == 0
    assert connects(ground, WEB, function)


@pytest.mark.parametrize("family", ["ipv4", "ipv6"])
def test_egress_rule_of_a_security_group(ground: Ground, family: str) -> None:
    """For the family that lacks it, and for the port that was asked."""
    ground.open_both_ways_out()
    function = ground.function()
    group = ground.ec2.describe_security_groups(GroupIds=[ground.group])["SecurityGroups"][0]
    ground.ec2.revoke_security_group_egress(
        GroupId=ground.group, IpPermissions=group["IpPermissionsEgress"]
    )
    assert not connects(ground, WEB, function, family)

    fixes = offered(ground.lab, function, f"https://{WEB}/")
    fix = next(item for item in fixes if f"({family})" in item["opens"][0])
    run(ground.lab, fix)

    rule = fix["changes"][0]["values"]
    assert len(fix["changes"]) == 1
    assert (rule["ports"], rule["cidr"]) == (
        "443",
        {"ipv4": "0.0.0.0/0", "ipv6": "::/0"}[family],
    )
    assert connects(ground, WEB, function, family)


def test_ephemeral_ports_of_a_network_acl(ground: Ground) -> None:
    """The entry goes in front of the one that denies."""
    ground.open_both_ways_out()
    function = ground.function(ipv6=False)
    ground.use_acl(
        entry(100, "0.0.0.0/0", egress=True),
        entry(100, "0.0.0.0/0", egress=False, action="deny", ports=(1024, 65535)),
    )
    assert not connects(ground, WEB, function)

    fix = offered(ground.lab, function, f"https://{WEB}/")[0]
    run(ground.lab, fix)

    entries = [item["values"] for item in fix["changes"]]
    assert [(item["egress"], item["ports"]) for item in entries] == [(False, "1024-65535")]
    assert entries[0]["rule_number"] < 100
    assert connects(ground, WEB, function)


def test_gateway_endpoint_keeps_a_restricted_group_to_its_prefix_list(ground: Ground) -> None:
    host = f"s3.{REGION}.amazonaws.com"
    function = ground.function(ipv6=False)
    assert not connects(ground, host, function)

    fix = of_way(offered(ground.lab, function, f"https://{host}/"), "gateway-endpoint")
    run(ground.lab, fix)

    assert fix["standing_cost_usd_per_month"] == 0
    assert connects(ground, host, function)


def test_interface_endpoint_with_the_rule_it_needs(ground: Ground) -> None:
    host = f"ssm.{REGION}.amazonaws.com"
    function = ground.function(ipv6=False)
    assert not connects(ground, host, function)

    fix = of_way(offered(ground.lab, function, f"https://{host}/"), "interface-endpoint")
    run(ground.lab, fix)

    assert fix["standing_cost_usd_per_month"] == 7.3
    assert connects(ground, host, function)


def test_ingress_of_an_endpoint_group(ground: Ground) -> None:
    """The rule names the function's group, not addresses."""
    host = f"ssm.{REGION}.amazonaws.com"
    group = ground.new_group("endpoint")
    ground.ec2.create_vpc_endpoint(
        VpcEndpointType="Interface",
        VpcId=ground.vpc,
        ServiceName=f"com.amazonaws.{REGION}.ssm",
        SubnetIds=[ground.subnet],
        SecurityGroupIds=[group],
        PrivateDnsEnabled=True,
    )
    function = ground.function(ipv6=False)
    assert not connects(ground, host, function)

    fix = offered(ground.lab, function, f"https://{host}/")[0]
    run(ground.lab, fix)

    rule = fix["changes"][0]["values"]
    assert (rule["group_id"], rule["peer_group_id"]) == (group, ground.group)
    assert connects(ground, host, function)


def test_ipv6_from_nothing(lab: RunningLab) -> None:
    """A block for the VPC, whose /64s the commands number by themselves."""
    ec2 = lab.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.61.0.0/16")["Vpc"]["VpcId"]
    for name in ("EnableDnsSupport", "EnableDnsHostnames"):
        ec2.modify_vpc_attribute(VpcId=vpc, **{name: {"Value": True}})
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.61.{number}.0/24")["Subnet"]["SubnetId"]
        for number in (1, 2)
    ]
    group = ec2.create_security_group(GroupName="fn", Description="fn", VpcId=vpc)["GroupId"]
    api = story._websocket_api(lab.client("apigatewayv2"))
    story._function(lab.client, tuple(subnets), group, api)
    asked = ("--function", story.FUNCTION_NAME, "--timeout", "1", "--target", f"api:{api}")

    fix = of_way(lab.report(*asked)["fixes"], "ipv6")
    run(lab, fix)
    after = lab.report(*asked)

    actions = [item["action"] for item in fix["changes"]]
    assert actions.count("associate-subnet-ipv6") == 2
    assert all(i["verdict"] == "works" for i in after["paths"] if i["family"] == "ipv6")


def test_table_of_a_subnet_that_works(ground: Ground) -> None:
    """In the place of the one it is associated with."""
    ground.open_both_ways_out()
    other, _ = ground.new_subnet(2, "b")
    function = ground.function(ipv6=False, subnets=(ground.subnet, other))
    both = ("--function", function, "--timeout", "1", "--target", f"https://{WEB}/")

    before = ground.lab.report(*both)
    fix = of_way(before["fixes"], "repair")
    run(ground.lab, fix)
    after = ground.lab.report(*both)

    assert before["verdict"] == "intermittent"
    assert [item["values"]["route_table_id"] for item in fix["changes"]] == [ground.table]
    assert after["verdict"] == "healthy"


def test_dead_route_and_private_dns_that_is_off(ground: Ground) -> None:
    """Two ways to one service: the endpoint that is there, and a gateway that lives."""
    host = f"ssm.{REGION}.amazonaws.com"
    ground.ec2.create_vpc_endpoint(
        VpcEndpointType="Interface",
        VpcId=ground.vpc,
        ServiceName=f"com.amazonaws.{REGION}.ssm",
        SubnetIds=[ground.subnet],
        SecurityGroupIds=[ground.group],
        PrivateDnsEnabled=False,
    )
    gone = ground.nat_gateway()
    ground.route(ground.table, "0.0.0.0/0", NatGatewayId=gone)
    ground.ec2.delete_nat_gateway(NatGatewayId=gone)
    function = ground.function(ipv6=False)
    assert not connects(ground, host, function)

    fixes = offered(ground.lab, function, f"https://{host}/")
    inside, outside = of_way(fixes, "interface-endpoint"), of_way(fixes, "nat-gateway")
    run(ground.lab, inside)

    assert [item["action"] for item in inside["changes"]] == [
        "allow-in-security-group",
        "set-private-dns",
    ]
    assert inside["standing_cost_usd_per_month"] == 0
    assert outside["changes"][-1]["values"]["replaces"] is True
    assert connects(ground, host, function)


def test_dead_route_is_replaced(ground: Ground) -> None:
    gone = ground.nat_gateway()
    ground.route(ground.table, "0.0.0.0/0", NatGatewayId=gone)
    ground.ec2.delete_nat_gateway(NatGatewayId=gone)
    function = ground.function(ipv6=False)

    fix = of_way(offered(ground.lab, function, f"https://{WEB}/"), "nat-gateway")
    run(ground.lab, fix)

    assert [item["action"] for item in fix["changes"]] == ["create-nat-gateway", "set-route"]
    assert connects(ground, WEB, function)


def test_resolver_is_switched_on_again(ground: Ground) -> None:
    ground.open_both_ways_out()
    function = ground.function(ipv6=False)
    ground.ec2.modify_vpc_attribute(VpcId=ground.vpc, EnableDnsSupport={"Value": False})

    fix = offered(ground.lab, function, f"https://{WEB}/")[0]
    run(ground.lab, fix)

    assert [item["action"] for item in fix["changes"]] == ["enable-dns"]
    assert connects(ground, WEB, function)


def test_own_resolver_behind_a_group_that_lets_no_names_out(ground: Ground) -> None:
    """A rule for udp 53 to the resolver's group, and no wider."""
    ground.open_both_ways_out()
    resolvers = server(ground, "10.7.50.10")
    found = ground.ec2.describe_network_interfaces(
        Filters=[{"Name": "group-id", "Values": [resolvers]}]
    )["NetworkInterfaces"][0]["NetworkInterfaceId"]
    ground.ec2.run_instances(
        ImageId=ground.ec2.describe_images()["Images"][0]["ImageId"],
        MinCount=1,
        MaxCount=1,
        NetworkInterfaces=[{"DeviceIndex": 0, "NetworkInterfaceId": found}],
    )
    admit_dns(ground, resolvers)
    dhcp(ground, "10.7.50.10")
    group = ground.ec2.describe_security_groups(GroupIds=[ground.group])["SecurityGroups"][0]
    ground.ec2.revoke_security_group_egress(
        GroupId=ground.group, IpPermissions=group["IpPermissionsEgress"]
    )
    https = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}
    ground.ec2.authorize_security_group_egress(
        GroupId=ground.group, IpPermissions=[https | {"IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
    )
    function = ground.function(ipv6=False)
    assert not connects(ground, WEB, function)

    fix = offered(ground.lab, function, f"https://{WEB}/")[0]
    run(ground.lab, fix)

    rule = fix["changes"][0]["values"]
    assert fix["proved"] is False  # only the resolver knows what it answers
    assert (rule["protocol"], rule["ports"], rule["peer_group_id"]) == (17, "53", resolvers)
    assert connects(ground, WEB, function)


def test_block_public_access_leaves_the_subnet_of_the_nat_gateway_alone(lab: RunningLab) -> None:
    """Only outwards; the account's setting stays."""
    ground = Ground(lab)
    ground.route(ground.table, "0.0.0.0/0", NatGatewayId=ground.nat_gateway())
    built = story._websocket_api(lab.client("apigatewayv2"))
    function = ground.function(ipv6=False)
    host = f"{built}.execute-api.{REGION}.amazonaws.com"
    ground.ec2.modify_vpc_block_public_access_options(
        InternetGatewayBlockMode="block-bidirectional"
    )
    assert not connects(ground, host, function)

    fix = offered(lab, function, f"api:{built}")[0]
    run(lab, fix)

    assert [item["values"]["mode"] for item in fix["changes"]] == ["allow-egress"]
    assert connects(ground, host, function)


def test_template_of_a_way_out_makes_a_stack_that_opens_it(ground: Ground) -> None:
    """A new NAT gateway, its address and the route: all of them a stack's to make."""
    ground.route(ground.new_subnet(9)[1], "0.0.0.0/0", GatewayId=ground.internet_gateway())
    function = ground.function(ipv6=False)
    fix = of_way(offered(ground.lab, function, f"https://{WEB}/"), "nat-gateway")
    template = fix["commands"]["cloudformation"]
    assert not template.startswith("#")
    assert not connects(ground, WEB, function)

    stacks = ground.lab.client("cloudformation")
    stacks.create_stack(StackName=f"way-out-{ground.number}", TemplateBody=template)

    assert [item["action"] for item in fix["changes"]] == ["create-nat-gateway", "set-route"]
    assert connects(ground, WEB, function)
