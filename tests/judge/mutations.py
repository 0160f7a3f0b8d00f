"""Changes to what works: what people break, one resource at a time."""

from __future__ import annotations

from collections.abc import Callable

from tests.judge.estate import Estate, Item


def mutate(estate: Estate) -> None:
    """Break up to three things, or none."""
    for _ in range(estate.dice.weighted([(4, 0), (3, 1), (2, 2), (1, 3)])):
        estate.dice.choice(_MUTATIONS)(estate)


def _routes(estate: Estate) -> list[tuple[Item, Item]]:
    return [
        (table, item)
        for table in estate.lists["DescribeRouteTables"]
        for item in table["Routes"]
        if item.get("GatewayId") != "local"
    ]


def _drop_route(estate: Estate) -> None:
    if routes := _routes(estate):
        table, item = estate.dice.choice(routes)
        table["Routes"].remove(item)


def _blackhole_route(estate: Estate) -> None:
    if routes := _routes(estate):
        estate.dice.choice(routes)[1]["State"] = "blackhole"


def _drop_association(estate: Estate) -> None:
    """Send a subnet back to the main table."""
    tables = estate.lists["DescribeRouteTables"]
    own = [(t, a) for t in tables for a in t["Associations"] if "SubnetId" in a]
    if own:
        table, association = estate.dice.choice(own)
        if estate.dice.chance(50):
            table["Associations"].remove(association)
        else:
            association["AssociationState"] = {"State": "disassociated"}


def _entry(estate: Estate) -> tuple[Item, Item] | None:
    found = [
        (acl, entry)
        for acl in estate.lists["DescribeNetworkAcls"]
        for entry in acl["Entries"]
        if entry["RuleNumber"] < 32767
    ]
    return estate.dice.choice(found) if found else None


def _drop_entry(estate: Estate) -> None:
    if found := _entry(estate):
        found[0]["Entries"].remove(found[1])


def _turn_entry(estate: Estate) -> None:
    if found := _entry(estate):
        found[1]["RuleAction"] = "deny" if found[1]["RuleAction"] == "allow" else "allow"


def _drop_rule(estate: Estate) -> None:
    group = estate.dice.choice(estate.lists["DescribeSecurityGroups"])
    rules = group[estate.dice.choice(["IpPermissions", "IpPermissionsEgress"])]
    if rules:
        rules.remove(estate.dice.choice(rules))


def _stop_nat_gateway(estate: Estate) -> None:
    if gateways := estate.lists["DescribeNatGateways"]:
        gateway = estate.dice.choice(gateways)
        gateway["State"] = estate.dice.choice(["pending", "failed", "deleting", "deleted"])


def _detach_gateway(estate: Estate) -> None:
    kinds = ["DescribeInternetGateways", "DescribeEgressOnlyInternetGateways"]
    if gateways := estate.lists[estate.dice.choice(kinds)]:
        estate.dice.choice(gateways)["Attachments"] = []


def _stop_endpoint(estate: Estate) -> None:
    if endpoints := estate.lists["DescribeVpcEndpoints"]:
        estate.dice.choice(endpoints)["State"] = estate.dice.choice(["pending", "failed"])


def _stop_instance(estate: Estate) -> None:
    if reservations := estate.lists["DescribeInstances"]:
        (instance,) = estate.dice.choice(reservations)["Instances"]
        instance["State"] = {"Code": 80, "Name": "stopped"}


def _detach_interface(estate: Estate) -> None:
    """Leave an interface with its addresses, attached to nothing."""
    reservations = estate.lists["DescribeInstances"]
    if reservations:
        reservation = estate.dice.choice(reservations)
        (instance,) = reservation["Instances"]
        reservations.remove(reservation)
        for item in instance["NetworkInterfaces"]:
            item.pop("Attachment", None)
            item["Status"] = "available"


def _stop_attachment(estate: Estate) -> None:
    if attachments := estate.lists["DescribeTransitGatewayVpcAttachments"]:
        item = estate.dice.choice(attachments)
        item["State"] = estate.dice.choice(["modifying", "pendingAcceptance", "deleting"])
        for other in estate.lists["DescribeTransitGatewayAttachments"]:
            if other["TransitGatewayAttachmentId"] == item["TransitGatewayAttachmentId"]:
                other["State"] = item["State"]


def _break_peering(estate: Estate) -> None:
    if peerings := estate.lists["DescribeVpcPeeringConnections"]:
        code = estate.dice.choice(["pending-acceptance", "deleted", "rejected", "expired"])
        estate.dice.choice(peerings)["Status"] = {"Code": code}


def _drop_transit_route(estate: Estate) -> None:
    tables = [item for item in estate.per_subject["SearchTransitGatewayRoutes"] if item["Routes"]]
    if tables:
        routes = estate.dice.choice(tables)["Routes"]
        routes.remove(estate.dice.choice(routes))


def _drop_transit_association(estate: Estate) -> None:
    """Leave an attachment without a table: it reaches nothing."""
    if attachments := estate.lists["DescribeTransitGatewayAttachments"]:
        item = estate.dice.choice(attachments)
        item.pop("Association", None)
        for answer in estate.per_subject["GetTransitGatewayRouteTableAssociations"]:
            answer["Associations"] = [
                association
                for association in answer["Associations"]
                if association["TransitGatewayAttachmentId"] != item["TransitGatewayAttachmentId"]
            ]


_MUTATIONS: tuple[Callable[[Estate], None], ...] = (
    _drop_route,
    _blackhole_route,
    _drop_association,
    _drop_entry,
    _turn_entry,
    _drop_rule,
    _stop_nat_gateway,
    _detach_gateway,
    _stop_endpoint,
    _stop_instance,
    _detach_interface,
    _stop_attachment,
    _break_peering,
    _drop_transit_route,
    _drop_transit_association,
)
