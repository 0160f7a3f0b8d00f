"""AWS's JSON of peerings and transit gateways as values."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from netprobe.aws.convert_resources import ASSOCIATED
from netprobe.aws.reading import (
    Json,
    maybe_text,
    networks,
    part,
    parts,
    text,
    texts,
    wrong,
)
from netprobe.model.addresses import Network, parse_network
from netprobe.model.interconnect import (
    PeeredVpc,
    TransitGateway,
    TransitGatewayAttachment,
    TransitGatewayRoute,
    TransitGatewayRouteTable,
    VpcPeeringConnection,
)

_ENABLED = "enable"
_STANDING_ROUTES = frozenset({"active", "blackhole"})
_PEERING = "peering"


def convert_peering(item: Json) -> VpcPeeringConnection:
    """Return a connection of DescribeVpcPeeringConnections."""
    return VpcPeeringConnection(
        vpc_peering_connection_id=text(item, "VpcPeeringConnectionId"),
        status=text(part(item, "Status"), "Code"),
        requester=_peered_vpc(part(item, "RequesterVpcInfo")),
        accepter=_peered_vpc(part(item, "AccepterVpcInfo")),
    )


def _peered_vpc(item: Json) -> PeeredVpc:
    """Return one side; CIDRs are only shown while the connection is active.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcPeeringConnectionVpcInfo.html
    """
    return PeeredVpc(
        vpc_id=text(item, "VpcId"),
        owner_id=maybe_text(item, "OwnerId"),
        region=maybe_text(item, "Region"),
        cidrs=tuple(_cidrs(item)),
    )


def _cidrs(item: Json) -> Iterator[Network]:
    first = maybe_text(item, "CidrBlock")
    blocks = parts(item, "CidrBlockSet") or ([{"CidrBlock": first}] if first else [])
    yield from networks(blocks, "CidrBlock")
    yield from networks(parts(item, "Ipv6CidrBlockSet"), "Ipv6CidrBlock")


def convert_transit_gateway(item: Json) -> TransitGateway:
    """Return a gateway of DescribeTransitGateways."""
    options = part(item, "Options")
    return TransitGateway(
        transit_gateway_id=text(item, "TransitGatewayId"),
        state=text(item, "State"),
        owner_id=maybe_text(item, "OwnerId"),
        security_group_referencing=_is_enabled(options, "SecurityGroupReferencingSupport"),
    )


def _is_enabled(options: Json, key: str) -> bool:
    return maybe_text(options, key) == _ENABLED


def convert_vpc_attachment(item: Json) -> TransitGatewayAttachment:
    """Return an attachment of DescribeTransitGatewayVpcAttachments."""
    options = part(item, "Options")
    return TransitGatewayAttachment(
        attachment_id=text(item, "TransitGatewayAttachmentId"),
        transit_gateway_id=text(item, "TransitGatewayId"),
        resource_type="vpc",
        resource_id=text(item, "VpcId"),
        resource_owner_id=maybe_text(item, "VpcOwnerId"),
        state=text(item, "State"),
        subnet_ids=texts(item, "SubnetIds"),
        subnets_read=item.get("SubnetIds") is not None,
        ipv6_support=_is_enabled(options, "Ipv6Support"),
        appliance_mode=_is_enabled(options, "ApplianceModeSupport"),
        security_group_referencing=_is_enabled(options, "SecurityGroupReferencingSupport"),
    )


def convert_attachment(item: Json) -> TransitGatewayAttachment:
    """Return an attachment of DescribeTransitGatewayAttachments, of whatever type."""
    association = part(item, "Association")
    table = maybe_text(association, "TransitGatewayRouteTableId")
    standing = (maybe_text(association, "State") or ASSOCIATED) == ASSOCIATED
    return TransitGatewayAttachment(
        attachment_id=text(item, "TransitGatewayAttachmentId"),
        transit_gateway_id=text(item, "TransitGatewayId"),
        resource_type=text(item, "ResourceType"),
        resource_id=maybe_text(item, "ResourceId"),
        resource_owner_id=maybe_text(item, "ResourceOwnerId"),
        state=text(item, "State"),
        subnets_read=False,
        route_table_id=table if standing else None,
    )


def convert_peering_attachment(item: Json, own: Collection[str]) -> TransitGatewayAttachment:
    """Return an attachment of DescribeTransitGatewayPeeringAttachments.

    Its side is that of the gateway that is among the account's own, the accepter's otherwise.
    """
    near, far = part(item, "AccepterTgwInfo"), part(item, "RequesterTgwInfo")
    if maybe_text(far, "TransitGatewayId") in own:
        near, far = far, near
    return TransitGatewayAttachment(
        attachment_id=text(item, "TransitGatewayAttachmentId"),
        transit_gateway_id=text(near, "TransitGatewayId"),
        resource_type=_PEERING,
        resource_id=maybe_text(far, "TransitGatewayId"),
        resource_owner_id=maybe_text(far, "OwnerId"),
        state=text(item, "State"),
        peer_transit_gateway_id=maybe_text(far, "TransitGatewayId"),
        peer_region=maybe_text(far, "Region"),
    )


def join_attachments(
    plain: tuple[TransitGatewayAttachment, ...],
    of_vpcs: tuple[TransitGatewayAttachment, ...],
    of_peers: tuple[TransitGatewayAttachment, ...],
    tables: dict[str, str],
) -> tuple[TransitGatewayAttachment, ...]:
    """Return each attachment once, with all that the calls tell of it.

    ``tables`` has the route table of each attachment as the tables themselves tell it.
    """
    found = {item.attachment_id: item for item in plain}
    for item in of_vpcs:
        known = found.get(item.attachment_id)
        table = known.route_table_id if known else None
        found[item.attachment_id] = replace(item, route_table_id=table)
    for item in of_peers:
        known = found.get(item.attachment_id, item)
        mirrored = known.transit_gateway_id == item.peer_transit_gateway_id
        found[item.attachment_id] = replace(
            known,
            peer_transit_gateway_id=(
                item.transit_gateway_id if mirrored else item.peer_transit_gateway_id
            ),
            peer_region=None if mirrored else item.peer_region,
            subnets_read=True,
        )
    return tuple(
        replace(item, route_table_id=item.route_table_id or tables.get(item.attachment_id))
        for item in found.values()
    )


def convert_transit_route(item: Json) -> TransitGatewayRoute | None:
    """Return a route of SearchTransitGatewayRoutes; None for one that is coming or going."""
    cidr, prefix_list_id = (
        maybe_text(item, "DestinationCidrBlock"),
        maybe_text(item, "PrefixListId"),
    )
    if cidr is None and prefix_list_id is None:
        raise wrong("DestinationCidrBlock", cidr)
    state = text(item, "State")
    if state not in _STANDING_ROUTES:
        return None
    targets = parts(item, "TransitGatewayAttachments")
    return TransitGatewayRoute(
        destination=parse_network(cidr) if cidr else None,
        prefix_list_id=prefix_list_id,
        attachment_ids=tuple(text(one, "TransitGatewayAttachmentId") for one in targets),
        blackhole=state == "blackhole",
        propagated=text(item, "Type") == "propagated",
        resource_type=next((maybe_text(one, "ResourceType") or "" for one in targets), ""),
    )


def convert_transit_route_table(
    item: Json, routes: list[Json] | None, associations: list[Json] | None
) -> TransitGatewayRouteTable:
    """Return a table of DescribeTransitGatewayRouteTables with what was read about it."""
    converted = (convert_transit_route(route) for route in routes or ())
    return TransitGatewayRouteTable(
        route_table_id=text(item, "TransitGatewayRouteTableId"),
        transit_gateway_id=text(item, "TransitGatewayId"),
        routes=tuple(route for route in converted if route is not None),
        routes_read=routes is not None,
        attachment_ids=frozenset(associated(associations or [])),
        associations_read=associations is not None,
    )


def associated(associations: list[Json]) -> Iterator[str]:
    """Yield the attachments whose association with a table stands."""
    for item in associations:
        if text(item, "State") == ASSOCIATED:
            yield text(item, "TransitGatewayAttachmentId")
