"""Ways out where the two families differ: each fix is run as it stands, and packets pass."""

from __future__ import annotations

import pytest

from tests.acceptance.building import REGION
from tests.conftest import RunningLab
from tests.lab.ground import Ground
from tests.lab.mending import ONE_LAB, WEB, Asked, Mend, mend, run

pytestmark = [pytest.mark.lab, ONE_LAB]

V4_ONLY = "tcp://v4.example.com:8443"


def lead_out_over_ipv6(ground: Ground) -> str:
    """Return the egress-only gateway that the private subnet's table leads to."""
    gateway = ground.egress_only_gateway()
    ground.route(ground.table, "::/0", EgressOnlyInternetGatewayId=gateway)
    return gateway


def websocket_api(ground: Ground, address_type: str) -> str:
    apis = ground.lab.client("apigatewayv2")
    made = apis.create_api(
        Name="push",
        ProtocolType="WEBSOCKET",
        RouteSelectionExpression="$request.body.action",
        IpAddressType=address_type,
    )
    apis.create_stage(ApiId=made["ApiId"], StageName="prod")
    return f"api:{made['ApiId']}"


def flag_is_off(ground: Ground) -> Asked:
    lead_out_over_ipv6(ground)
    return Asked(function=ground.function(ipv6=False), target=f"https://{WEB}/")


def subnet_without_a_block(ground: Ground) -> Asked:
    """The second subnet of the VPC, whose table leads IPv6 out."""
    second, table = ground.new_subnet(2, "b")
    found = ground.ec2.describe_subnets(SubnetIds=[second])["Subnets"][0]
    for item in found["Ipv6CidrBlockAssociationSet"]:
        ground.ec2.disassociate_subnet_cidr_block(AssociationId=item["AssociationId"])
    ground.route(table, "::/0", EgressOnlyInternetGatewayId=lead_out_over_ipv6(ground))
    function = ground.function(ipv6=False, subnets=(ground.subnet, second))
    return Asked(function=function, target=f"https://{WEB}/")


def no_ipv6_route(ground: Ground) -> Asked:
    ground.egress_only_gateway()
    return Asked(function=ground.function(), target=f"https://{WEB}/", more=("--ipv6-only",))


def plain_name_of_a_service(ground: Ground) -> Asked:
    lead_out_over_ipv6(ground)
    return Asked(function=ground.function(), target="service:s3")


def client_tries_ipv4_first(ground: Ground) -> Asked:
    lead_out_over_ipv6(ground)
    ground.nat_gateway()
    more = ("--client", "java")
    return Asked(function=ground.function(), target=f"https://{WEB}/", more=more)


def client_tries_ipv6_first(ground: Ground) -> Asked:
    ground.route(ground.table, "0.0.0.0/0", NatGatewayId=ground.nat_gateway())
    more = ("--client", "boto3")
    return Asked(function=ground.function(), target=f"https://{WEB}/", more=more)


def dns64_leads_nowhere(ground: Ground) -> Asked:
    lead_out_over_ipv6(ground)
    ground.nat_gateway()
    ground.ec2.modify_subnet_attribute(SubnetId=ground.subnet, EnableDns64={"Value": True})
    return Asked(function=ground.function(), target=V4_ONLY)


def api_without_ipv6(ground: Ground) -> Asked:
    lead_out_over_ipv6(ground)
    return Asked(function=ground.function(), target=websocket_api(ground, "ipv4"))


def gateway_endpoint_carries_ipv4(ground: Ground) -> Asked:
    ground.ec2.create_vpc_endpoint(
        VpcEndpointType="Gateway",
        VpcId=ground.vpc,
        ServiceName=f"com.amazonaws.{REGION}.s3",
        RouteTableIds=[ground.table],
    )
    host = f"s3.dualstack.{REGION}.amazonaws.com"
    more = ("--client", "boto3")
    return Asked(function=ground.function(), target=f"https://{host}/", more=more)


IPV6, NAT = "ipv6", "nat-gateway"
CASES = (
    Mend(
        finding="lambda-ipv6-not-allowed",
        broken=flag_is_off,
        way="repair",
        family="ipv6",
        actions=("allow-function-ipv6",),
    ),
    Mend(
        finding="subnet-not-dualstack",
        broken=subnet_without_a_block,
        way="repair",
        family="ipv6",
        actions=("associate-subnet-ipv6", "allow-function-ipv6"),
    ),
    Mend(
        finding="route-v6-no-default",
        broken=no_ipv6_route,
        way=IPV6,
        family="ipv6",
        actions=("set-route",),
    ),
    Mend(
        finding="client-prefers-ipv4-dead",
        broken=client_tries_ipv4_first,
        way=NAT,
        actions=("set-route",),
    ),
    Mend(
        finding="client-prefers-ipv6-dead",
        broken=client_tries_ipv6_first,
        way=IPV6,
        family="ipv6",
        actions=("create-egress-only-internet-gateway", "set-route"),
    ),
    Mend(
        finding="dns64-without-route",
        broken=dns64_leads_nowhere,
        way="repair",
        family="ipv6",
        actions=("set-route",),
    ),
    Mend(
        finding="api-ipv4-only",
        broken=api_without_ipv6,
        way="repair",
        family="ipv6",
        actions=("make-api-dual-stack",),
    ),
    Mend(
        finding="gateway-endpoint-ipv6-gap",
        broken=gateway_endpoint_carries_ipv4,
        way=IPV6,
        family="ipv6",
        actions=("create-egress-only-internet-gateway", "set-route"),
    ),
)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_fix_of_a_family_opens_what_it_says(shared_lab: RunningLab, case: Mend) -> None:
    """The fault is real and named, the commands run as they stand, and packets get through."""
    mend(shared_lab, case)


def test_dual_stack_name_of_a_service_answers_where_the_plain_one_does_not(
    ground: Ground,
) -> None:
    """The fix of ``sdk-not-dualstack`` is the client's to make: its name gets through as it is."""
    asked = plain_name_of_a_service(ground)
    report = asked.report(ground.lab)
    found = next(item for item in report["findings"] if item["name"] == "sdk-not-dualstack")
    fix = next(item for item in report["fixes"] if item["way"] == "dual-stack-name")
    seen = {
        (item["target"], item["family"]): (item["observation"]["outcome"], item["verdict"])
        for item in report["paths"]
    }

    run(ground.lab, fix)  # a comment that says what to set
    values = fix["changes"][0]["values"]

    assert found["role"] == "root-cause"
    assert fix["id"] in found["fixes"]
    assert fix["commands"]["aws_cli"] == [
        "# in the client's environment: AWS_USE_DUALSTACK_ENDPOINT=true"
    ]
    assert seen["service:s3", "ipv6"] == ("dns-nodata", "blocked")
    assert values["dual_stack_host"] == f"s3.dualstack.{REGION}.amazonaws.com"
    assert seen["service:s3+dualstack", "ipv6"][1] == "works"
