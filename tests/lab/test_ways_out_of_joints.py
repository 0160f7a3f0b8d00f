"""Ways out of what joins VPCs: each fix is run as it stands, and packets pass."""

from __future__ import annotations

import pytest

from tests.conftest import RunningLab
from tests.lab.ground import Ground
from tests.lab.joining import listen, peered, transit_gateway
from tests.lab.mending import ONE_LAB, Asked, Mend, mend
from tests.lab.test_ways_out_of_names import endpoint

pytestmark = [pytest.mark.lab, ONE_LAB]

ANYWHERE = "0.0.0.0/0"


def asks(ground: Ground, target: str, *, subnets: tuple[str, ...] = ()) -> Asked:
    return Asked(function=ground.function(ipv6=False, subnets=subnets), target=target)


def nobody_routes_back(ground: Ground) -> Asked:
    far, peering = peered(ground)
    ground.route(ground.table, "10.8.0.0/16", VpcPeeringConnectionId=peering)
    listen(ground, "10.8.1.50", far.vpc, far.subnet, admit=ANYWHERE)
    return asks(ground, "tcp://10.8.1.50:5432")


def private_destination(ground: Ground) -> Asked:
    """Another table of the VPC has the route to the peer, and this one the default only."""
    ground.route(ground.table, ANYWHERE, NatGatewayId=ground.nat_gateway())
    far, peering = peered(ground)
    _, table = ground.new_subnet(3)
    ground.route(table, "10.8.0.0/16", VpcPeeringConnectionId=peering)
    far.route(far.table, "10.7.0.0/16", VpcPeeringConnectionId=peering)
    listen(ground, "10.8.1.51", far.vpc, far.subnet, admit=ANYWHERE)
    return asks(ground, "tcp://10.8.1.51:5432")


def transit_without_a_way_back(ground: Ground) -> Asked:
    far = Ground(ground.lab, network=8)
    gateway = transit_gateway(ground, far)
    ground.route(ground.table, "10.8.0.0/16", TransitGatewayId=gateway)
    listen(ground, "10.8.1.52", far.vpc, far.subnet, admit=ANYWHERE)
    return asks(ground, "tcp://10.8.1.52:5432")


def central_endpoint_without_a_way_back(ground: Ground) -> Asked:
    far = Ground(ground.lab, network=8)
    made = endpoint(far, "ssm", private_dns=False)
    gateway = transit_gateway(ground, far)
    ground.route(ground.table, "10.8.0.0/16", TransitGatewayId=gateway)
    found = far.ec2.describe_vpc_endpoints(VpcEndpointIds=[made])["VpcEndpoints"][0]
    address = far.ec2.describe_network_interfaces(
        NetworkInterfaceIds=found["NetworkInterfaceIds"]
    )["NetworkInterfaces"][0]["PrivateIpAddress"]
    return asks(ground, f"tcp://{address}:443")


def zone_is_not_attached(ground: Ground) -> Asked:
    far = Ground(ground.lab, network=8)
    gateway = transit_gateway(ground, far)
    second, table = ground.new_subnet(2, "b")
    ground.route(table, "10.8.0.0/16", TransitGatewayId=gateway)
    far.route(far.table, "10.7.0.0/16", TransitGatewayId=gateway)
    listen(ground, "10.8.1.53", far.vpc, far.subnet, admit=ANYWHERE)
    return asks(ground, "tcp://10.8.1.53:5432", subnets=(second,))


REPAIR = "repair"
CASES = (
    Mend(
        finding="peering-return-route",
        broken=nobody_routes_back,
        way=REPAIR,
        actions=("set-route",),
    ),
    Mend(
        finding="private-destination-via-internet-gateway",
        broken=private_destination,
        way=REPAIR,
        actions=("set-route",),
    ),
    Mend(
        finding="tgw-egress-or-return-missing",
        broken=transit_without_a_way_back,
        way=REPAIR,
        actions=("set-route",),
    ),
    Mend(
        finding="central-endpoint-return-route",
        broken=central_endpoint_without_a_way_back,
        way=REPAIR,
        actions=("set-route",),
    ),
    Mend(
        finding="tgw-attachment-missing-az",
        broken=zone_is_not_attached,
        way=REPAIR,
        actions=("add-attachment-subnet",),
    ),
)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_fix_of_a_joint_opens_what_it_says(shared_lab: RunningLab, case: Mend) -> None:
    """The fault is real and named, the commands run as they stand, and packets get through."""
    mend(shared_lab, case)
