"""Ways out of faults of routes and gateways: each fix is run as it stands, and packets pass."""

from __future__ import annotations

import pytest

from tests.conftest import RunningLab
from tests.lab.ground import Ground
from tests.lab.joining import peered
from tests.lab.mending import ONE_LAB, WEB, Asked, Mend, mend, run

pytestmark = [pytest.mark.lab, ONE_LAB]

DEFAULT = "0.0.0.0/0"


def asks_web(ground: Ground, *more: str, subnets: tuple[str, ...] = ()) -> Asked:
    """Return the question whether a function without IPv6 reaches the web."""
    function = ground.function(ipv6=False, subnets=subnets)
    return Asked(function=function, target=f"https://{WEB}/", more=more)


def public_subnet(ground: Ground) -> Asked:
    ground.route(ground.table, DEFAULT, GatewayId=ground.internet_gateway())
    return asks_web(ground)


def default_vpc(ground: Ground) -> Asked:
    ec2 = ground.ec2
    found = ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"]
    ground.vpc = found[0]["VpcId"]
    of_vpc = [{"Name": "vpc-id", "Values": [ground.vpc]}]
    table = ec2.describe_route_tables(Filters=of_vpc)["RouteTables"][0]["RouteTableId"]
    ground.route(table, DEFAULT, GatewayId=ground.internet_gateway())
    groups = ec2.describe_security_groups(Filters=of_vpc)["SecurityGroups"]
    ground.group = next(item["GroupId"] for item in groups if item["GroupName"] == "default")
    subnet = ec2.describe_subnets(Filters=of_vpc)["Subnets"][0]["SubnetId"]
    return asks_web(ground, subnets=(subnet,))


def no_default_route(ground: Ground) -> Asked:
    ground.nat_gateway()
    return asks_web(ground)


def nat_gateway_in_private_subnet(ground: Ground) -> Asked:
    """Made while its subnet still led out: AWS makes none that could never work."""
    ground.route(ground.table, DEFAULT, NatGatewayId=ground.nat_gateway())
    subnet, _ = ground.new_subnet(10)
    nat = ground.ec2.create_nat_gateway(
        SubnetId=subnet, AllocationId=ground.ec2.allocate_address(Domain="vpc")["AllocationId"]
    )["NatGateway"]["NatGatewayId"]
    ground.ec2.replace_route(
        RouteTableId=ground.table, DestinationCidrBlock=DEFAULT, NatGatewayId=nat
    )
    return asks_web(ground)


def deleted_nat_gateway(ground: Ground) -> Asked:
    nat = ground.nat_gateway()
    ground.route(ground.table, DEFAULT, NatGatewayId=nat)
    ground.ec2.delete_nat_gateway(NatGatewayId=nat)
    return asks_web(ground)


def private_nat_gateway(ground: Ground) -> Asked:
    ground.nat_gateway()
    made = ground.ec2.create_nat_gateway(SubnetId=ground.subnet, ConnectivityType="private")
    ground.route(ground.table, DEFAULT, NatGatewayId=made["NatGateway"]["NatGatewayId"])
    return asks_web(ground)


def main_table(ground: Ground) -> Asked:
    """The second subnet of the function was never associated."""
    ground.route(ground.table, DEFAULT, NatGatewayId=ground.nat_gateway())
    second, table = ground.new_subnet(2, "b")
    found = ground.ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]
    ground.ec2.disassociate_route_table(
        AssociationId=found["Associations"][0]["RouteTableAssociationId"]
    )
    ground.ec2.delete_route_table(RouteTableId=table)
    return asks_web(ground, subnets=(ground.subnet, second))


def mixed_subnets(ground: Ground) -> Asked:
    ground.route(ground.table, DEFAULT, NatGatewayId=ground.nat_gateway())
    second, _ = ground.new_subnet(2, "b")
    return asks_web(ground, subnets=(ground.subnet, second))


def detached_internet_gateway(ground: Ground) -> Asked:
    ground.route(ground.table, DEFAULT, NatGatewayId=ground.nat_gateway())
    filters = [{"Name": "attachment.vpc-id", "Values": [ground.vpc]}]
    found = ground.ec2.describe_internet_gateways(Filters=filters)["InternetGateways"][0]
    ground.ec2.detach_internet_gateway(
        InternetGatewayId=found["InternetGatewayId"], VpcId=ground.vpc
    )
    return asks_web(ground)


def swallowed_by_a_peering(ground: Ground) -> Asked:
    ground.route(ground.table, DEFAULT, NatGatewayId=ground.nat_gateway())
    _, peering = peered(ground)
    ground.route(ground.table, "192.0.2.0/24", VpcPeeringConnectionId=peering)
    return asks_web(ground)


def through_a_peer(ground: Ground) -> Asked:
    ground.nat_gateway()
    _, peering = peered(ground)
    ground.route(ground.table, DEFAULT, VpcPeeringConnectionId=peering)
    return asks_web(ground)


def transit_gateway_to_nowhere(ground: Ground) -> Asked:
    ground.nat_gateway()
    gateway = ground.ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"]
    ground.ec2.create_transit_gateway_vpc_attachment(
        TransitGatewayId=gateway, VpcId=ground.vpc, SubnetIds=[ground.subnet]
    )
    ground.route(ground.table, DEFAULT, TransitGatewayId=gateway)
    return asks_web(ground)


def blocked_public_access(ground: Ground) -> Asked:
    ground.route(ground.table, DEFAULT, NatGatewayId=ground.nat_gateway())
    ground.ec2.modify_vpc_block_public_access_options(
        InternetGatewayBlockMode="block-bidirectional"
    )
    return asks_web(ground)


def unblock(ground: Ground) -> None:
    ground.ec2.modify_vpc_block_public_access_options(InternetGatewayBlockMode="off")


def egress_only_gateway_is_gone(ground: Ground) -> Asked:
    gateway = ground.egress_only_gateway()
    ground.route(ground.table, "::/0", EgressOnlyInternetGatewayId=gateway)
    ground.ec2.delete_egress_only_internet_gateway(EgressOnlyInternetGatewayId=gateway)
    return Asked(function=ground.function(), target=f"https://{WEB}/", more=("--ipv6-only",))


def regional_nat_gateway_of_another_zone(ground: Ground) -> Asked:
    ground.nat_gateway()
    address = ground.ec2.allocate_address(Domain="vpc")["AllocationId"]
    zone = ground.ec2.describe_availability_zones(ZoneNames=[f"{ground.region}b"])
    made = ground.ec2.create_nat_gateway(
        AvailabilityMode="regional",
        VpcId=ground.vpc,
        AvailabilityZoneAddresses=[
            {
                "AvailabilityZone": f"{ground.region}b",
                "AvailabilityZoneId": zone["AvailabilityZones"][0]["ZoneId"],
                "AllocationIds": [address],
            }
        ],
    )
    ground.route(ground.table, DEFAULT, NatGatewayId=made["NatGateway"]["NatGatewayId"])
    return asks_web(ground)


NAT, REPAIR = "nat-gateway", "repair"
CASES = (
    Mend(
        finding="route-v4-public-subnet-no-public-ip",
        broken=public_subnet,
        way=NAT,
        actions=("create-public-subnet", "create-nat-gateway", "set-route"),
    ),
    Mend(
        finding="route-v4-default-vpc",
        broken=default_vpc,
        way=NAT,
        actions=("create-public-subnet", "create-nat-gateway", "set-route"),
    ),
    Mend(
        finding="route-v4-no-default-route",
        broken=no_default_route,
        way=NAT,
        actions=("set-route",),
    ),
    Mend(
        finding="nat-in-private-subnet",
        broken=nat_gateway_in_private_subnet,
        way=REPAIR,
        actions=("associate-route-table",),
    ),
    Mend(
        finding="nat-deleted-blackhole",
        broken=deleted_nat_gateway,
        way=NAT,
        actions=("create-nat-gateway", "set-route"),
    ),
    Mend(
        finding="nat-private-connectivity",
        broken=private_nat_gateway,
        way=NAT,
        actions=("set-route",),
    ),
    Mend(
        finding="route-table-main-implicit",
        broken=main_table,
        way=REPAIR,
        actions=("associate-route-table",),
    ),
    Mend(
        finding="route-mixed-subnets-intermittent",
        broken=mixed_subnets,
        way=REPAIR,
        actions=("associate-route-table",),
    ),
    Mend(
        finding="igw-detached",
        broken=detached_internet_gateway,
        way=REPAIR,
        actions=("create-internet-gateway", "set-route"),
    ),
    Mend(
        finding="route-more-specific-swallow",
        broken=swallowed_by_a_peering,
        way=REPAIR,
        actions=("delete-route",),
    ),
    Mend(
        finding="peering-transitive",
        broken=through_a_peer,
        way=NAT,
        actions=("set-route",),
    ),
    Mend(
        finding="tgw-egress-or-return-missing",
        broken=transit_gateway_to_nowhere,
        way=NAT,
        actions=("set-route",),
    ),
    Mend(
        finding="vpc-bpa",
        broken=blocked_public_access,
        way=REPAIR,
        actions=("exclude-from-block-public-access",),
        undo=unblock,
    ),
    Mend(
        finding="egress-only-gateway-detached",
        broken=egress_only_gateway_is_gone,
        way="ipv6",
        family="ipv6",
        actions=("create-egress-only-internet-gateway", "set-route"),
    ),
    Mend(
        finding="regional-nat-az-missing",
        broken=regional_nat_gateway_of_another_zone,
        way=NAT,
        actions=("set-route",),
    ),
)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_fix_of_a_route_or_gateway_opens_what_it_says(shared_lab: RunningLab, case: Mend) -> None:
    """The fault is real and named, the commands run as they stand, and packets get through."""
    mend(shared_lab, case)


def test_function_that_leaves_the_subnet_without_a_way_out_works(shared_lab: RunningLab) -> None:
    """Its commands are run as they stand; every invocation starts where the call gets through."""
    ground = Ground(shared_lab)
    asked = mixed_subnets(ground)
    before = asked.report(shared_lab)
    (fix,) = [i for i in before["fixes"] if i["changes"][0]["action"] == "leave-subnets"]
    run(shared_lab, fix)
    after = asked.report(shared_lab)

    assert before["verdict"] == "intermittent"
    assert after["verdict"] == "healthy", after["summary"]
    assert len(after["sources"]) == len(before["sources"]) - 1
