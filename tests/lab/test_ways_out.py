"""Ways out as they are offered: the commands run as they stand, and then packets get through."""

from __future__ import annotations

from typing import Any

import pytest

from netprobe.lab import story
from tests.acceptance.building import REGION
from tests.conftest import RunningLab
from tests.lab.ground import Ground
from tests.lab.mending import WEB, run

pytestmark = pytest.mark.lab


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
