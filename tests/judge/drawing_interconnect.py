"""What joins VPCs: peering connections, and a transit gateway with its attachments and tables."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from tests.judge.building import ACCOUNT, REGION
from tests.judge.drawing_interfaces import add_interface
from tests.judge.drawing_vpcs import ZONES
from tests.judge.estate import S3_CIDRS, Estate, Item, SubnetPlan, VpcPlan

_ATTACHMENT_KEYS = ("ResourceId", "ResourceType", "TransitGatewayAttachmentId")


def draw_interconnect(estate: Estate) -> None:
    """Draw how the VPCs are joined; routes through it are drawn with the tables."""
    dice = estate.dice
    if len(estate.vpcs) < 2:
        return
    kind = dice.weighted([(3, "peering"), (4, "transit"), (2, "both")])
    if estate.has_hub:
        kind = "transit"
    if kind in {"peering", "both"}:
        for one, other in combinations(estate.vpcs, 2):
            if dice.chance(80):
                _peering(estate, one, other)
    if kind in {"transit", "both"}:
        _transit_gateway(estate)


def _peering(estate: Estate, one: VpcPlan, other: VpcPlan) -> None:
    peering_id = estate.new_id("pcx")
    estate.add(
        "DescribeVpcPeeringConnections",
        {
            "VpcPeeringConnectionId": peering_id,
            "Status": {"Code": "active", "Message": "Active"},
            "RequesterVpcInfo": _side(one),
            "AccepterVpcInfo": _side(other),
        },
    )
    one.connections.append(("VpcPeeringConnectionId", peering_id, other))
    other.connections.append(("VpcPeeringConnectionId", peering_id, one))


def _side(vpc: VpcPlan) -> Item:
    ipv6 = [{"Ipv6CidrBlock": str(vpc.ipv6)}] if vpc.ipv6 else []
    return {
        "VpcId": vpc.vpc_id,
        "OwnerId": ACCOUNT,
        "Region": REGION,
        "CidrBlock": str(vpc.ipv4[0]),
        "CidrBlockSet": [{"CidrBlock": str(cidr)} for cidr in vpc.ipv4],
        "Ipv6CidrBlockSet": ipv6,
    }


def _transit_gateway(estate: Estate) -> None:
    dice = estate.dice
    gateway_id = estate.new_id("tgw")
    referencing = "enable" if dice.chance(60) else "disable"
    estate.add(
        "DescribeTransitGateways",
        {
            "TransitGatewayId": gateway_id,
            "OwnerId": ACCOUNT,
            "State": "available",
            "Options": {"SecurityGroupReferencingSupport": referencing},
        },
    )
    tables = [_table(estate, gateway_id) for _ in range(dice.weighted([(3, 1), (2, 2)]))]
    attached = []
    for vpc in estate.vpcs:
        if dice.chance(90) and (subnets := _one_per_zone(estate, vpc)):
            item = _attachment(estate, gateway_id, vpc, subnets, dice.choice(tables))
            attached.append((vpc, item))
    for one, other in combinations([vpc for vpc, _ in attached], 2):
        one.connections.append(("TransitGatewayId", gateway_id, other))
        other.connections.append(("TransitGatewayId", gateway_id, one))
    for table_id in tables:
        _fill(estate, table_id, attached)


def _one_per_zone(estate: Estate, vpc: VpcPlan) -> list[SubnetPlan]:
    """Return a subnet in most of the VPC's zones; no attachment is in an IPv6-only subnet."""
    found = []
    for zone in ZONES:
        here = [item for item in vpc.subnets if item.zone == zone and item.ipv4]
        if here and estate.dice.chance(90):
            private = [item for item in here if item.role == "private"]
            found.append(estate.dice.choice(private or here))
    return found


def _table(estate: Estate, gateway_id: str) -> str:
    table_id = estate.new_id("tgw-rtb")
    estate.add(
        "DescribeTransitGatewayRouteTables",
        {
            "TransitGatewayRouteTableId": table_id,
            "TransitGatewayId": gateway_id,
            "State": "available",
        },
    )
    for operation, key in (
        ("GetTransitGatewayRouteTableAssociations", "Associations"),
        ("SearchTransitGatewayRoutes", "Routes"),
    ):
        estate.per_subject[operation].append({"TransitGatewayRouteTableId": table_id, key: []})
    return table_id


def _attachment(
    estate: Estate, gateway_id: str, vpc: VpcPlan, subnets: list[SubnetPlan], table_id: str
) -> Item:
    dice = estate.dice
    referencing = "enable" if dice.chance(80) else "disable"
    item: Item = {
        "TransitGatewayAttachmentId": estate.new_id("tgw-attach"),
        "TransitGatewayId": gateway_id,
        "State": "available",
        "ResourceType": "vpc",
        "ResourceId": vpc.vpc_id,
        "ResourceOwnerId": ACCOUNT,
        "Association": {"TransitGatewayRouteTableId": table_id, "State": "associated"},
    }
    ids = {key: item[key] for key in ("TransitGatewayAttachmentId", "TransitGatewayId", "State")}
    estate.add("DescribeTransitGatewayAttachments", item)
    estate.add(
        "DescribeTransitGatewayVpcAttachments",
        {
            **ids,
            "VpcId": vpc.vpc_id,
            "VpcOwnerId": ACCOUNT,
            "SubnetIds": [subnet.subnet_id for subnet in subnets],
            "Options": {
                "Ipv6Support": "enable" if dice.chance(70) else "disable",
                "SecurityGroupReferencingSupport": referencing,
                "ApplianceModeSupport": "disable",
            },
        },
    )
    for subnet in subnets:
        add_interface(estate, subnet, kind="transit_gateway", group_ids=[], ipv6=False)
    for answer in estate.per_subject["GetTransitGatewayRouteTableAssociations"]:
        if answer["TransitGatewayRouteTableId"] == table_id:
            answer["Associations"].append({**_target(item), "State": "associated"})
    return item


def _target(attachment: Item) -> Item:
    return {key: attachment[key] for key in _ATTACHMENT_KEYS}


def _fill(estate: Estate, table_id: str, attached: list[tuple[VpcPlan, Item]]) -> None:
    """Draw a table's routes: what VPCs propagate, a way out, something more specific."""
    dice = estate.dice
    routes = {cidr: _route(cidr, "propagated", item) for cidr, item in _seen(estate, attached)}
    ways_out = [item for vpc, item in attached if vpc.nat_gateways]
    if estate.has_hub:
        ways_out = [item for vpc, item in attached if vpc.number == 1]
    if ways_out and dice.chance(90):
        routes["0.0.0.0/0"] = _route("0.0.0.0/0", "static", dice.choice(ways_out))
    for _ in range(dice.weighted([(4, 0), (2, 1), (1, 2)]) if attached else 0):
        vpc, item = dice.choice(attached)
        subnets = [str(subnet.ipv4) for subnet in vpc.subnets if subnet.ipv4]
        cidr = dice.choice([*subnets, *vpc.cidrs, "192.0.2.0/24", S3_CIDRS[1]])
        routes[cidr] = _route(cidr, "static", None if dice.chance(35) else item)
    if attached and estate.customer_lists and dice.chance(25):
        prefix_list_id = dice.choice(estate.customer_lists)
        target = _route(prefix_list_id, "static", dice.choice(attached)[1])
        del target["DestinationCidrBlock"]
        routes[prefix_list_id] = target | {"PrefixListId": prefix_list_id}
    for answer in estate.per_subject["SearchTransitGatewayRoutes"]:
        if answer["TransitGatewayRouteTableId"] == table_id:
            answer["Routes"] = list(routes.values())


def _seen(estate: Estate, attached: list[tuple[VpcPlan, Item]]) -> Iterator[tuple[str, Item]]:
    """Yield what most VPCs propagate: IPv6 blocks only where the attachment supports them."""
    of_vpcs = estate.lists["DescribeTransitGatewayVpcAttachments"]
    options = {item["TransitGatewayAttachmentId"]: item["Options"] for item in of_vpcs}
    for vpc, item in attached:
        ipv6 = options[item["TransitGatewayAttachmentId"]]["Ipv6Support"] == "enable"
        if estate.dice.chance(85):
            yield from ((cidr, item) for cidr in vpc.cidrs if ipv6 or ":" not in cidr)


def _route(cidr: str, kind: str, attachment: Item | None) -> Item:
    item: Item = {
        "DestinationCidrBlock": cidr,
        "Type": kind,
        "State": "active" if attachment else "blackhole",
    }
    if attachment:
        item["TransitGatewayAttachments"] = [_target(attachment)]
    return item
