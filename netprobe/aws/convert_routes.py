"""AWS's JSON of route tables as values; which field of a route names its target lives here."""

from __future__ import annotations

from netprobe.aws.convert_resources import stands
from netprobe.aws.reading import Json, is_set, maybe_text, name_of, stated_parts, text, wrong
from netprobe.model.addresses import parse_network
from netprobe.model.resources import Route, RouteState, RouteTable, TargetKind

_TARGET_FIELDS = (
    ("EgressOnlyInternetGatewayId", TargetKind.EGRESS_ONLY_INTERNET_GATEWAY),
    ("NatGatewayId", TargetKind.NAT_GATEWAY),
    ("VpcPeeringConnectionId", TargetKind.VPC_PEERING_CONNECTION),
    ("TransitGatewayId", TargetKind.TRANSIT_GATEWAY),
    ("CarrierGatewayId", TargetKind.CARRIER_GATEWAY),
    ("LocalGatewayId", TargetKind.LOCAL_GATEWAY),
    ("CoreNetworkArn", TargetKind.CORE_NETWORK),
    ("OdbNetworkArn", TargetKind.ODB_NETWORK),
    ("NetworkInterfaceId", TargetKind.NETWORK_INTERFACE),
    ("InstanceId", TargetKind.NETWORK_INTERFACE),
)
"""Which field of a Route names its target; ``GatewayId`` is read first, by its prefix."""

_GATEWAY_PREFIXES = {
    "igw": TargetKind.INTERNET_GATEWAY,
    "vgw": TargetKind.VPN_GATEWAY,
    "vpce": TargetKind.VPC_ENDPOINT,
}
"""A Route has no VpcEndpointId although CreateRoute has one: endpoints come as GatewayId."""

_ORDINARY = {"State": "active", "Origin": "CreateRouteTable"}
"""What nearly every route says: a dump in which one does leaves nothing out of the others."""

_DESTINATIONS = ("DestinationCidrBlock", "DestinationIpv6CidrBlock")


def convert_route_table(item: Json) -> RouteTable:
    """Return a route table of DescribeRouteTables with its standing associations.

    Without its list of associations a table cannot be read: which subnets it governs is unknown
    then, and the main table would wrongly be taken for theirs.
    """
    associations = [
        association
        for association in stated_parts(item, "Associations")
        if _names_its_subject(association) and stands(association, "AssociationState")
    ]
    routes = stated_parts(item, "Routes")
    told = frozenset(
        key for key, value in _ORDINARY.items() for route in routes if route.get(key) == value
    )
    return RouteTable(
        route_table_id=text(item, "RouteTableId"),
        vpc_id=text(item, "VpcId"),
        main=any(is_set(association, "Main") for association in associations),
        subnet_ids=_ids(associations, "SubnetId"),
        gateway_ids=_ids(associations, "GatewayId"),
        routes=tuple(_convert_route(route, told) for route in routes),
        name=name_of(item),
    )


def _names_its_subject(association: Json) -> bool:
    """Tell whether an association is one; raises ValueError when it has lost its subject."""
    if is_set(association, "Main") or association.get("PublicIpv4Pool"):
        return True
    if not association.get("SubnetId") and not association.get("GatewayId"):
        raise wrong("SubnetId", association.get("SubnetId"))
    return True


def _ids(items: list[Json], key: str) -> frozenset[str]:
    return frozenset(found for item in items if (found := maybe_text(item, key)))


def _convert_route(item: Json, told: frozenset[str]) -> Route:
    """Return a route; raises KeyError or ValueError when it leads from nowhere.

    State and origin may be missing where a dump leaves the ordinary ones out: where others have
    ``told`` them, a route without may as well be a blackhole, or propagated.
    """
    cidr = next((found for key in _DESTINATIONS if (found := maybe_text(item, key))), None)
    prefix_list_id = maybe_text(item, "DestinationPrefixListId")
    if cidr is None and prefix_list_id is None:
        raise wrong("DestinationCidrBlock", item.get("DestinationCidrBlock"))
    kind, target_id = _route_target(item)
    origin = text(item, "Origin") if "Origin" in told else maybe_text(item, "Origin")
    state = text(item, "State") if "State" in told else maybe_text(item, "State")
    return Route(
        destination=parse_network(cidr) if cidr else None,
        prefix_list_id=None if cidr else prefix_list_id,
        target=kind,
        target_id=target_id,
        state=RouteState(state or RouteState.ACTIVE),
        propagated=origin == "EnableVgwRoutePropagation",
        advertised=origin == "Advertisement",
    )


def _route_target(item: Json) -> tuple[TargetKind, str]:
    """Return what a route sends to; ``local`` with an interface is a replaced local route."""
    gateway = maybe_text(item, "GatewayId")
    if gateway and gateway != "local":
        return _GATEWAY_PREFIXES.get(gateway.partition("-")[0], TargetKind.OTHER), gateway
    for key, kind in _TARGET_FIELDS:
        if found := maybe_text(item, key):
            return kind, found
    if gateway == "local":
        return TargetKind.LOCAL, "local"
    return TargetKind.OTHER, "unknown"
