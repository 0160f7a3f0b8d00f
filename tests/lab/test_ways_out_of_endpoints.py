"""Ways to the services of AWS: each fix is run as it stands, and packets pass."""

from __future__ import annotations

import pytest

from tests.acceptance.building import REGION
from tests.conftest import RunningLab
from tests.lab.ground import Ground
from tests.lab.mending import ONE_LAB, Asked, Mend, mend
from tests.lab.test_ways_out_of_names import endpoint

pytestmark = [pytest.mark.lab, ONE_LAB]


def asks(ground: Ground, host: str) -> Asked:
    return Asked(function=ground.function(ipv6=False), target=f"https://{host}/")


def no_endpoint(ground: Ground) -> Asked:
    return asks(ground, f"secretsmanager.{REGION}.amazonaws.com")


def no_gateway_endpoint(ground: Ground) -> Asked:
    return asks(ground, f"s3.{REGION}.amazonaws.com")


def endpoint_of_another_table(ground: Ground) -> Asked:
    _, table = ground.new_subnet(2)
    ground.ec2.create_vpc_endpoint(
        VpcEndpointType="Gateway",
        VpcId=ground.vpc,
        ServiceName=f"com.amazonaws.{REGION}.s3",
        RouteTableIds=[table],
    )
    return asks(ground, f"s3.{REGION}.amazonaws.com")


def endpoint_of_a_sibling(ground: Ground) -> Asked:
    """API Gateway's own API is called, and the endpoint is for the APIs it runs."""
    ground.nat_gateway()
    endpoint(ground, "execute-api")
    return asks(ground, f"apigateway.{REGION}.amazonaws.com")


def other_region(ground: Ground) -> Asked:
    ground.nat_gateway()
    endpoint(ground, "ssm")
    return asks(ground, "ssm.eu-west-1.amazonaws.com")


def legacy_name_of_sqs(ground: Ground) -> Asked:
    ground.nat_gateway()
    endpoint(ground, "sqs")
    return asks(ground, f"{REGION}.queue.amazonaws.com")


def global_name_of_sts(ground: Ground) -> Asked:
    ground.nat_gateway()
    endpoint(ground, "sts")
    return asks(ground, "sts.amazonaws.com")


NAT = "nat-gateway"
CASES = (
    Mend(
        finding="service-endpoint-absent",
        broken=no_endpoint,
        way="interface-endpoint",
        actions=("allow-in-security-group", "create-interface-endpoint"),
    ),
    Mend(
        finding="gateway-endpoint-absent",
        broken=no_gateway_endpoint,
        way="gateway-endpoint",
        actions=("create-gateway-endpoint",),
    ),
    Mend(
        finding="gateway-endpoint-not-in-table",
        broken=endpoint_of_another_table,
        way="gateway-endpoint",
        actions=("add-endpoint-route-table",),
    ),
    Mend(
        finding="endpoint-wrong-flavour",
        broken=endpoint_of_a_sibling,
        way=NAT,
        actions=("set-route",),
    ),
    Mend(
        finding="cross-region-target",
        broken=other_region,
        way=NAT,
        actions=("set-route",),
    ),
    Mend(
        finding="sqs-legacy-hostname",
        broken=legacy_name_of_sqs,
        way=NAT,
        actions=("set-route",),
    ),
    Mend(
        finding="sts-global-hostname",
        broken=global_name_of_sts,
        way=NAT,
        actions=("set-route",),
    ),
)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_fix_of_a_service_opens_what_it_says(shared_lab: RunningLab, case: Mend) -> None:
    """The fault is real and named, the commands run as they stand, and packets get through."""
    mend(shared_lab, case)
