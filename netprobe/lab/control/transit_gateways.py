"""Transit gateways: propagated routes, black holes, associations that AWS makes or refuses.

moto never materialises propagation, calls the attachments of a route by another name, and keeps
the association of an attachment in several tables at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network
from typing import Any

from moto.ec2.exceptions import EC2ClientError

from netprobe.lab.control import internals

Json = dict[str, Any]


def association(attachment: Any) -> Json | None:
    """Return the route table an attachment is associated with, None without one."""
    for table in attachment.ec2_backend.transit_gateways_route_tables.values():
        if attachment.id in table.route_table_associations and table.state != "deleted":
            return {"State": "associated", "TransitGatewayRouteTableId": table.id}
    return None


def create_vpc_attachment(original: Any, backend: Any, *arguments: Any, **named: Any) -> Any:
    """Attach a VPC; the gateway's options decide about the default table.

    See DefaultRouteTableAssociation and DefaultRouteTablePropagation of TransitGatewayOptions in
    the EC2 API reference.
    """
    attachment = original(backend, *arguments, **named)
    gateway = backend.transit_gateways[attachment.transit_gateway_id]
    table = gateway.default_route_table
    if gateway.options["DefaultRouteTableAssociation"] != "enable":
        backend.unset_route_table_association(table.id, attachment.id)
    if gateway.options["DefaultRouteTablePropagation"] == "enable":
        backend.enable_transit_gateway_route_table_propagation(attachment.id, table.id)
    return attachment


def describe_vpc_attachments(original: Any, backend: Any, *arguments: Any, **named: Any) -> Any:
    """Return the attachments of VPCs only."""
    found = original(backend, *arguments, **named)
    return [item for item in found if item.resource_type == "vpc"]


def delete_vpc_attachment(original: Any, backend: Any, transit_gateway_attachment_id: str) -> Any:
    """Delete an attachment with its association and propagations."""
    deleted = original(backend, transit_gateway_attachment_id)
    for table in backend.transit_gateways_route_tables.values():
        table.route_table_associations.pop(deleted.id, None)
        table.route_table_propagation = [
            item
            for item in table.route_table_propagation
            if item.transitGatewayAttachmentId != deleted.id
        ]
    return deleted


def associate(
    original: Any,
    backend: Any,
    transit_gateway_attachment_id: str,
    transit_gateway_route_table_id: str,
) -> Any:
    """Associate an attachment with a table, unless it has one.

    "You can associate an attachment with a single route table": "Transit gateway route tables" in
    the transit gateways guide.
    """
    attachment = backend.transit_gateway_attachments[transit_gateway_attachment_id]
    held = association(attachment)
    if held is not None:
        raise EC2ClientError(
            "Resource.AlreadyAssociated",
            f"Transit Gateway Attachment {transit_gateway_attachment_id} is already associated to"
            f" a route table.",
        )
    return original(backend, transit_gateway_attachment_id, transit_gateway_route_table_id)


def search_routes(
    _original: Any,
    backend: Any,
    transit_gateway_route_table_id: str,
    filters: Any,
    max_results: Any = None,
) -> list[Json]:
    """Return a table's routes, static ones first, that match every filter."""
    table = backend.transit_gateways_route_tables.get(transit_gateway_route_table_id)
    if table is None:
        return []
    static = [_static(backend, item) for item in table.routes.values()]
    taken = {item["DestinationCidrBlock"] for item in static}
    found = [*static, *_propagated(backend, table, taken)]
    matching = [item for item in found if all(_matches(item, *f) for f in filters.items())]
    return matching[: int(max_results)] if max_results else matching


def _static(backend: Any, item: Json) -> Json:
    """Return a static route; without its attachment it is a black hole."""
    named = item.get("transitGatewayAttachments") or {}
    attachment = backend.transit_gateway_attachments.get(named.get("transitGatewayAttachmentId"))
    live = item["state"] == "active" and attachment is not None
    return {
        "DestinationCidrBlock": str(ip_network(item["destinationCidrBlock"], strict=False)),
        "Type": "static",
        "State": "active" if live else "blackhole",
        "TransitGatewayAttachments": [_attachment(attachment)] if attachment is not None else [],
    }


def _attachment(attachment: Any) -> Json:
    return {
        "ResourceId": attachment.resource_id,
        "ResourceType": attachment.resource_type,
        "TransitGatewayAttachmentId": attachment.id,
    }


def _propagated(backend: Any, table: Any, taken: set[str]) -> Iterator[Json]:
    """Yield the blocks of each VPC whose attachment propagates to the table.

    IPv6 blocks need Ipv6Support, and a block that is there already is not propagated again:
    https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html
    """
    for item in table.route_table_propagation:
        attachment = backend.transit_gateway_attachments.get(item.transitGatewayAttachmentId)
        if attachment is None or attachment.resource_type != "vpc":
            continue
        for cidr in _blocks(backend.get_vpc(attachment.resource_id), attachment):
            if cidr not in taken:
                taken.add(cidr)
                yield {
                    "DestinationCidrBlock": cidr,
                    "Type": "propagated",
                    "State": "active",
                    "TransitGatewayAttachments": [_attachment(attachment)],
                }


def _blocks(vpc: Any, attachment: Any) -> Iterator[str]:
    held = internals.block_associations(vpc).values()
    for item in held:
        is_ipv6 = ":" in item["cidr_block"]
        if item["cidr_block_state"]["state"] == "associated" and (
            not is_ipv6 or attachment.options["Ipv6Support"] == "enable"
        ):
            yield item["cidr_block"]


def _matches(route: Json, name: str, wanted: list[str]) -> bool:
    if name.startswith("route-search."):
        return any(_related(name, route["DestinationCidrBlock"], cidr) for cidr in wanted)
    ids = {
        "type": [route["Type"]],
        "state": [route["State"]],
        "attachment.transit-gateway-attachment-id": [
            item["TransitGatewayAttachmentId"] for item in route["TransitGatewayAttachments"]
        ],
        "attachment.resource-id": [
            item["ResourceId"] for item in route["TransitGatewayAttachments"]
        ],
        "attachment.resource-type": [
            item["ResourceType"] for item in route["TransitGatewayAttachments"]
        ],
    }
    if name not in ids:
        raise EC2ClientError("InvalidParameterValue", f"The filter '{name}' is invalid")
    return any(value in wanted for value in ids[name])


def _related(name: str, route: str, asked: str) -> bool:
    """Compare blocks as SearchTransitGatewayRoutes does, see its filters in the API reference."""
    own, other = ip_network(route), ip_network(asked, strict=False)
    if own.version != other.version:
        return False
    match name.removeprefix("route-search."):
        case "exact-match":
            return own == other
        case "subnet-of-match":
            return own.subnet_of(other)  # type: ignore[arg-type] # of one version, see above
        case _:
            return own.supernet_of(other)  # type: ignore[arg-type] # of one version, see above
