"""What holds at a VPC's edge: Block Public Access, and route tables of internet gateways."""

from __future__ import annotations

from tests.judge.building import ACCOUNT
from tests.judge.drawing_routes import route
from tests.judge.estate import Estate, Item, VpcPlan, arn


def draw_public_access(estate: Estate) -> None:
    """Draw Block Public Access, mostly off, and exclusions where it is on."""
    dice = estate.dice
    mode = dice.weighted([(8, "off"), (1, "block-ingress"), (1, "block-bidirectional")])
    estate.options = {
        "VpcBlockPublicAccessOptions": {
            "InternetGatewayBlockMode": mode,
            "State": "default-state" if mode == "off" else "update-complete",
            "ManagedBy": "account",
        }
    }
    if mode == "off":
        return
    vpc = dice.choice(estate.vpcs)
    resources = [arn("vpc", vpc.vpc_id)]
    resources += [arn("subnet", item.subnet_id) for item in vpc.subnets]
    for resource in dice.some(resources, 0, 2):
        exclusion = "allow-bidirectional" if dice.chance(50) else "allow-egress"
        estate.add(
            "DescribeVpcBlockPublicAccessExclusions",
            {
                "ExclusionId": estate.new_id("vpcbpa-exclude"),
                "ResourceArn": resource,
                "InternetGatewayExclusionMode": exclusion,
                "State": "create-complete" if dice.chance(85) else "delete-complete",
            },
        )


def draw_edge_table(estate: Estate, vpc: VpcPlan) -> None:
    """Draw, now and then, a route table of the internet gateway: into an appliance, or local."""
    dice = estate.dice
    if not vpc.internet_gateway or not dice.chance(25 if vpc.appliances else 4):
        return
    routes = [
        route(cidr, "GatewayId", "local") | {"Origin": "CreateRouteTable"} for cidr in vpc.cidrs
    ]
    if vpc.appliances:
        subnet = dice.choice(vpc.subnets)
        blocks = [str(item) for item in (subnet.ipv4, subnet.ipv6) if item]
        routes += [route(cidr, "NetworkInterfaceId", vpc.appliances[0]) for cidr in blocks]
    table_id = estate.new_id("rtb")
    association: Item = {
        "RouteTableAssociationId": f"rtbassoc-{vpc.internet_gateway}",
        "RouteTableId": table_id,
        "Main": False,
        "GatewayId": vpc.internet_gateway,
        "AssociationState": {"State": "associated"},
    }
    estate.add(
        "DescribeRouteTables",
        {
            "RouteTableId": table_id,
            "VpcId": vpc.vpc_id,
            "OwnerId": ACCOUNT,
            "Associations": [association],
            "PropagatingVgws": [],
            "Routes": routes,
        },
    )
