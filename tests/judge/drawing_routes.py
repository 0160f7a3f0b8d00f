"""Route tables: what a subnet's role needs, and routes beside it that change the answer."""

from __future__ import annotations

from tests.judge.building import ACCOUNT
from tests.judge.estate import S3_CIDRS, Estate, Item, VpcPlan

NAT64 = "64:ff9b::/96"


def draw_tables(estate: Estate, vpc: VpcPlan) -> None:
    """Draw a table for each role, one of them main; some subnets have one of their own."""
    dice = estate.dice
    roles = sorted({subnet.role for subnet in vpc.subnets})
    main_role = dice.choice(roles)
    tables = {role: _table(estate, vpc, role) for role in roles}
    _associate(tables[main_role], None)
    for subnet in vpc.subnets:
        if dice.chance(15):
            _associate(_table(estate, vpc, subnet.role), subnet.subnet_id)
        elif subnet.role != main_role or dice.chance(40):
            _associate(tables[subnet.role], subnet.subnet_id)


def _associate(table: Item, subnet_id: str | None) -> None:
    table_id = table["RouteTableId"]
    association: Item = {
        "RouteTableAssociationId": f"rtbassoc-{subnet_id or table_id}",
        "RouteTableId": table_id,
        "Main": subnet_id is None,
        "AssociationState": {"State": "associated"},
    }
    if subnet_id is not None:
        association["SubnetId"] = subnet_id
    table["Associations"].append(association)


def route(destination: str, key: str, target: str, *, state: str = "active") -> Item:
    """Return a route as DescribeRouteTables has it."""
    place = (
        "DestinationPrefixListId"
        if destination.startswith("pl-")
        else "DestinationIpv6CidrBlock"
        if ":" in destination
        else "DestinationCidrBlock"
    )
    return {place: destination, key: target, "State": state, "Origin": "CreateRoute"}


def _table(estate: Estate, vpc: VpcPlan, role: str) -> Item:
    routes = [
        route(cidr, "GatewayId", "local") | {"Origin": "CreateRouteTable"} for cidr in vpc.cidrs
    ]
    taken = set(vpc.cidrs)
    table_id = estate.new_id("rtb")
    for item in (*_by_role(estate, vpc, role), *_besides(estate, vpc, table_id)):
        destination = destination_of(item)
        if destination not in taken:
            taken.add(destination)
            routes.append(item)
    return estate.add(
        "DescribeRouteTables",
        {
            "RouteTableId": table_id,
            "VpcId": vpc.vpc_id,
            "OwnerId": ACCOUNT,
            "Associations": [],
            "PropagatingVgws": [],
            "Routes": routes,
        },
    )


def destination_of(item: Item) -> str:
    """Return what a route is for."""
    keys = ("DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId")
    return str(next(item[key] for key in keys if key in item))


def _by_role(estate: Estate, vpc: VpcPlan, role: str) -> list[Item]:
    dice = estate.dice
    found: list[Item] = []
    if role == "public":
        found += _public(estate, vpc)
    elif role == "private":
        found += _private(estate, vpc)
    elif role == "egress":
        found += [
            route("0.0.0.0/0", key, target)
            for key, target, _ in vpc.connections
            if key == "TransitGatewayId" and dice.chance(80)
        ]
    for key, target, other in vpc.connections:
        if dice.chance(85):
            found += [route(cidr, key, target) for cidr in other.cidrs]
    return found


def _public(estate: Estate, vpc: VpcPlan) -> list[Item]:
    if not vpc.internet_gateway:
        return []
    places = ["0.0.0.0/0", "::/0"] if vpc.ipv6 and estate.dice.chance(80) else ["0.0.0.0/0"]
    return [route(place, "GatewayId", vpc.internet_gateway) for place in places]


def _private(estate: Estate, vpc: VpcPlan) -> list[Item]:
    dice = estate.dice
    found: list[Item] = []
    if vpc.nat_gateways:
        nat = dice.choice(vpc.nat_gateways)
        found.append(route("0.0.0.0/0", "NatGatewayId", nat))
        if vpc.ipv6 and dice.chance(60):
            found.append(route(NAT64, "NatGatewayId", nat))
    if vpc.egress_only_gateway and dice.chance(85):
        found.append(route("::/0", "EgressOnlyInternetGatewayId", vpc.egress_only_gateway))
    return found


def _besides(estate: Estate, vpc: VpcPlan, table_id: str) -> list[Item]:
    dice = estate.dice
    found: list[Item] = []
    if vpc.gateway_endpoint and dice.chance(65):
        found += _through_gateway_endpoint(estate, vpc, table_id)
    for _ in range(dice.number(0, 2)):
        if targets := _targets(vpc):
            key, target = dice.choice(targets)
            state = dice.weighted([(16, "active"), (2, "blackhole"), (1, "filtered")])
            places = ["192.0.2.0/24", "192.0.2.80/32", "198.18.0.0/16", S3_CIDRS[0], "10.0.0.0/8"]
            places += [str(i.ipv4) for _, _, far in vpc.connections for i in far.subnets if i.ipv4]
            places += estate.customer_lists
            if key in {"GatewayId", "NetworkInterfaceId", "VpcPeeringConnectionId"}:
                places += ["3fff:c::/48", "2001:db8:9::/64"]
            found.append(route(dice.choice(places), key, target, state=state))
    if vpc.vpn_gateway and dice.chance(60):
        place = dice.choice(["172.16.0.0/12", f"10.{vpc.number}.2.0/24", "192.0.2.0/24"])
        propagated = route(place, "GatewayId", vpc.vpn_gateway)
        found.append(propagated | {"Origin": "EnableVgwRoutePropagation"})
    if (vpc.appliances or vpc.nat_gateways) and dice.chance(20):
        found.append(_inspected(estate, vpc))
    return found


def _through_gateway_endpoint(estate: Estate, vpc: VpcPlan, table_id: str) -> list[Item]:
    endpoint = next(
        item
        for item in estate.lists["DescribeVpcEndpoints"]
        if item["VpcEndpointId"] == vpc.gateway_endpoint
    )
    endpoint["RouteTableIds"].append(table_id)
    found = [route(estate.service_lists["ipv4"], "GatewayId", endpoint["VpcEndpointId"])]
    if endpoint["IpAddressType"] == "dualstack":
        found.append(route(estate.service_lists["ipv6"], "GatewayId", endpoint["VpcEndpointId"]))
    return found


def _targets(vpc: VpcPlan) -> list[tuple[str, str]]:
    found = [("NatGatewayId", item) for item in vpc.nat_gateways]
    found += [("NetworkInterfaceId", item) for item in vpc.appliances]
    found += [(key, target) for key, target, _ in vpc.connections]
    if vpc.internet_gateway:
        found.append(("GatewayId", vpc.internet_gateway))
    if vpc.vpn_gateway:
        found.append(("GatewayId", vpc.vpn_gateway))
    return found


def _inspected(estate: Estate, vpc: VpcPlan) -> Item:
    """Return a route more specific than local: a whole subnet's traffic to something between."""
    dice = estate.dice
    subnet = dice.choice([item for item in vpc.subnets if item.ipv4] or vpc.subnets)
    targets = [("NetworkInterfaceId", item) for item in vpc.appliances]
    targets += [("NatGatewayId", item) for item in vpc.nat_gateways]
    key, target = dice.choice(targets)
    block = subnet.ipv6 if key == "NetworkInterfaceId" and dice.chance(30) else subnet.ipv4
    return route(str(block or subnet.ipv4 or "192.0.2.0/24"), key, target)
