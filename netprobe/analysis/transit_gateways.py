"""What a transit gateway does: in by an attachment of the zone, through its table, out by another.

"How transit gateways work": https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html
"""

from __future__ import annotations

from netprobe.analysis.fabric import Place
from netprobe.analysis.interfaces import leave_view
from netprobe.analysis.leg import Leg
from netprobe.analysis.network_acls import cross_acl
from netprobe.analysis.transit_routes import READ_ASSOCIATIONS, READ_ROUTES
from netprobe.analysis.walk import End, Walk
from netprobe.model.interconnect import (
    TransitGatewayAttachment,
    TransitGatewayRoute,
    TransitGatewayRouteTable,
)
from netprobe.model.resources import Route
from netprobe.model.trace import Blocker, Component, Half, Reason

READ_VPC_ATTACHMENTS = "ec2:DescribeTransitGatewayVpcAttachments"
READ_ATTACHMENTS = "ec2:DescribeTransitGatewayAttachments"
READ_SUBNETS = "ec2:DescribeSubnets"
_FORWARDING = frozenset({"available", "modifying"})
"""``State``: an attachment goes on forwarding while it is modified.

https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html
"""


def pass_transit_gateway(walk: Walk, leg: Leg, route: Route) -> bool:
    """Cross a transit gateway into another VPC; tell whether there is one to go on in."""
    gateway_id = route.target_id
    attachment = _attachment(walk, leg, route)
    if attachment is None:
        return False
    clear = _check_state(walk, leg, attachment, route)
    entry = _subnet_in_zone(walk, leg, attachment, route)
    if entry is not None:
        # In the attachment's subnet inbound rules see the source; outbound ones are not used:
        # https://docs.aws.amazon.com/vpc/latest/tgw/tgw-nacls.html
        cross_acl(walk, leg, entry, egress=False)
    if clear:
        walk.meet(walk.fabric.hop(Component.TRANSIT_GATEWAY, gateway_id, route.written), leg.half)
    table = _table(walk, leg, attachment)
    if table is None:
        return False
    found = _choose(walk, leg, table)
    if found is None:
        return False
    return _go_out(walk, leg, route, attachment, found)


def come_in_by_attachment(walk: Walk, leg: Leg, attachment: TransitGatewayAttachment) -> bool:
    """Put a reply into the VPC where its attachment comes out; tell whether it is known where."""
    place = _exit_place(walk, leg, attachment)
    if place is None:
        return False
    leg.place = place
    return True


def _attachment(walk: Walk, leg: Leg, route: Route) -> TransitGatewayAttachment | None:
    """Return the VPC's own attachment; note what it means when there is none."""
    snapshot, gateway_id, vpc_id = walk.snapshot, route.target_id, leg.place.vpc_id
    found = snapshot.attachments_of_vpc(gateway_id, vpc_id)
    if found:
        return next((item for item in found if item.state in _FORWARDING), found[0])
    if snapshot.gap(READ_VPC_ATTACHMENTS):
        walk.lack(READ_VPC_ATTACHMENTS, Component.TRANSIT_GATEWAY, gateway_id, leg.half)
        return None
    if snapshot.transit_gateway(gateway_id) or any(
        i.transit_gateway_id == gateway_id for i in snapshot.transit_gateway_attachments
    ):
        detail = f"{vpc_id} is not attached to {gateway_id}"
        _block(walk, leg, Component.TRANSIT_GATEWAY, gateway_id, Reason.NO_ATTACHMENT, detail)
    else:
        leave_view(walk, leg, route, Component.TRANSIT_GATEWAY)
    return None


def _check_state(walk: Walk, leg: Leg, attachment: TransitGatewayAttachment, route: Route) -> bool:
    if attachment.state in _FORWARDING:
        return True
    detail = f"{attachment.attachment_id} is {attachment.state}, not available"
    component = Component.TRANSIT_GATEWAY_ATTACHMENT
    reason = Reason.ATTACHMENT_NOT_AVAILABLE
    _block(walk, leg, component, attachment.attachment_id, reason, detail, route.written)
    return False


def _subnet_in_zone(
    walk: Walk, leg: Leg, attachment: TransitGatewayAttachment, route: Route
) -> Place | None:
    """Return the attachment's subnet in the zone the packet comes from; without one it is lost.

    https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html and
    TGW_ROUTE_AZ_RESTRICTION of
    https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html
    """
    component, zone = Component.TRANSIT_GATEWAY_ATTACHMENT, leg.place.zone
    if not attachment.subnets_read:
        walk.lack(READ_VPC_ATTACHMENTS, component, attachment.attachment_id, leg.half)
        return None
    places = _places(walk, attachment)
    found = next((item for item in places if item.zone == zone), None)
    if found is None and leg.nat is not None and leg.place.subnet_id is None and places:
        return places[0]  # a regional NAT gateway is in every zone that it serves
    if found is not None:
        return found
    if zone is None or any(item.zone is None for item in places):
        walk.lack(READ_SUBNETS, component, attachment.attachment_id, leg.half)
        return None
    detail = f"{attachment.attachment_id} has no subnet in {zone}, where {leg.place.subnet_id} is"
    reason = Reason.NO_ATTACHMENT_IN_ZONE
    _block(walk, leg, component, attachment.attachment_id, reason, detail, route.written)
    return None


def _places(walk: Walk, attachment: TransitGatewayAttachment) -> list[Place]:
    vpc_id = attachment.resource_id or ""
    return [walk.fabric.place(item, vpc_id) for item in attachment.subnet_ids]


def _table(
    walk: Walk, leg: Leg, attachment: TransitGatewayAttachment
) -> TransitGatewayRouteTable | None:
    """Return the table the attachment is associated with."""
    snapshot, attachment_id = walk.snapshot, attachment.attachment_id
    component = Component.TRANSIT_GATEWAY_ATTACHMENT
    table = snapshot.transit_gateway_route_table(attachment.route_table_id or "")
    if (table is None or not table.routes_read) and _is_of_others(walk, attachment):
        _leave(walk, leg, attachment, (attachment_id,))
        return None
    if attachment.route_table_id is None:
        unread = snapshot.gap(READ_ASSOCIATIONS) or any(
            not item.associations_read
            for item in snapshot.transit_gateway_route_tables
            if item.transit_gateway_id == attachment.transit_gateway_id
        )
        if unread or snapshot.gap(READ_ATTACHMENTS):
            call = READ_ASSOCIATIONS if unread else READ_ATTACHMENTS
            walk.lack(call, component, attachment_id, leg.half)
            return None
        detail = f"{attachment_id} is associated with no transit gateway route table"
        _block(walk, leg, component, attachment_id, Reason.NOT_ASSOCIATED, detail)
        return None
    if table is None or not table.routes_read:
        component = Component.TRANSIT_GATEWAY_ROUTE_TABLE
        walk.lack(READ_ROUTES, component, attachment.route_table_id, leg.half)
        return None
    return table


def _is_of_others(walk: Walk, attachment: TransitGatewayAttachment) -> bool:
    """Tell whether the transit gateway is shared by another account, which alone sees its tables.

    https://docs.aws.amazon.com/vpc/latest/tgw/transit-gateway-share.html
    """
    gateway = walk.snapshot.transit_gateway(attachment.transit_gateway_id)
    owner = gateway.owner_id if gateway else None
    mine = {walk.snapshot.account or attachment.resource_owner_id}
    mine |= {item.owner_id for item in walk.snapshot.vpcs}  # of every account that was read
    return owner is not None and mine != {None} and owner not in mine


def _choose(walk: Walk, leg: Leg, table: TransitGatewayRouteTable) -> TransitGatewayRoute | None:
    """Return the route the table takes; note what it means when it takes none."""
    component, table_id = Component.TRANSIT_GATEWAY_ROUTE_TABLE, table.route_table_id
    compiled = walk.fabric.transit_table(table)
    for call in compiled.unread:
        walk.lack(call, component, table_id, leg.half)
    if compiled.unread:
        return None
    found = compiled.lookup(leg.version, leg.dst)
    if found is None:
        detail = f"{table_id} has no route to {leg.destination}"
        _block(walk, leg, component, table_id, Reason.NO_ROUTE, detail)
    elif found.blackhole or not found.attachment_ids:
        detail = f"{table_id} drops what is for {leg.destination}"
        _block(walk, leg, component, table_id, Reason.BLACKHOLE_ROUTE, detail, found.written)
        return None
    else:
        walk.meet(walk.fabric.hop(component, table_id, found.written), leg.half)
    return found


def _go_out(
    walk: Walk,
    leg: Leg,
    route: Route,
    came_by: TransitGatewayAttachment,
    chosen: TransitGatewayRoute,
) -> bool:
    """Go out by the route's attachment, into a VPC of the snapshot or out of the view."""
    found = [walk.snapshot.transit_gateway_attachment(item) for item in chosen.attachment_ids]
    attachment = found[0]
    visible = (
        attachment is not None
        and attachment.resource_type == "vpc"
        and attachment.resource_id is not None
        and walk.fabric.sees(attachment.resource_id)
    )
    if attachment is None or not visible or len(found) > 1:
        hidden = walk.fabric.hidden_by
        if hidden is not None and attachment is not None and attachment.resource_type == "vpc":
            walk.lack(hidden, Component.VPC, str(attachment.resource_id), leg.half)
        _leave(walk, leg, came_by, chosen.attachment_ids, chosen.written)
        return False
    if _check_state(walk, leg, attachment, route):
        hop = walk.fabric.hop(
            Component.TRANSIT_GATEWAY_ATTACHMENT, attachment.attachment_id, chosen.written
        )
        walk.meet(hop, leg.half)
    place = _exit_place(walk, leg, attachment)
    if place is None:
        return False
    if not _keeps_references(walk, came_by, attachment):
        leg.group_ids = frozenset()
    leg.place, leg.crossed = place, None
    leg.nat, leg.foreign = None, True
    return True


def _exit_place(walk: Walk, leg: Leg, attachment: TransitGatewayAttachment) -> Place | None:
    """Return the attachment's subnet that the packet comes out in: that of its own zone, if any.

    https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html#tgw-az-overview
    """
    component = Component.TRANSIT_GATEWAY_ATTACHMENT
    places = _places(walk, attachment)
    if not attachment.subnets_read or not places:
        walk.lack(READ_VPC_ATTACHMENTS, component, attachment.attachment_id, leg.half)
        return None
    own = [item for item in places if item.zone == leg.place.zone] or places
    alike = {_governs(item, leg) for item in own}
    if len(alike) > 1:
        zones = ", ".join(sorted(str(item.zone) for item in own))
        walk.doubt(
            Blocker(
                component=component,
                resource_id=attachment.attachment_id,
                half=leg.half,
                reason=Reason.AMBIGUOUS_ROUTE,
                detail=f"{attachment.attachment_id} may come out in any of {zones}, whose "
                "tables or network ACLs differ",
            )
        )
        return None  # what is met behind one of them may not be met at all
    return own[0]


def _governs(place: Place, leg: Leg) -> tuple[object, ...]:
    """Return what decides about a packet that comes out at a place."""
    return (
        place.acl and place.acl.acl.entries,
        place.table and place.table.table.routes,
        place.holds(leg.version, leg.dst),
    )


def _leave(
    walk: Walk,
    leg: Leg,
    came_by: TransitGatewayAttachment,
    by: tuple[str, ...],
    entry: str | None = None,
) -> None:
    """Leave the view by an attachment; the reply comes back by the VPC's own."""
    hop = walk.fabric.hop(
        Component.TRANSIT_GATEWAY_ATTACHMENT,
        ", ".join(by),
        entry,
        "goes on where the configuration read here does not show it",
    )
    walk.left_view.add(leg.half)
    walk.meet(hop, leg.half)
    if leg.half is Half.REQUEST:
        walk.end = End(hops=(hop,), attachment=came_by)


def _keeps_references(
    walk: Walk, one: TransitGatewayAttachment, other: TransitGatewayAttachment
) -> bool:
    """Tell whether groups may refer to groups on the other side: where all three allow it.

    "Security group referencing": https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html
    """
    gateway = walk.snapshot.transit_gateway(one.transit_gateway_id)
    return (
        gateway is not None
        and gateway.security_group_referencing
        and one.security_group_referencing
        and other.security_group_referencing
    )


def _block(  # noqa: PLR0913, PLR0917 # the fields of a blocker, which every caller has at hand
    walk: Walk,
    leg: Leg,
    component: Component,
    resource_id: str,
    reason: Reason,
    detail: str,
    entry: str | None = None,
) -> None:
    walk.block(
        Blocker(
            component=component,
            resource_id=resource_id,
            half=leg.half,
            reason=Reason.REPLY_ELSEWHERE
            if leg.half is Half.REPLY and reason in {Reason.NO_ROUTE, Reason.BLACKHOLE_ROUTE}
            else reason,
            entry=entry,
            detail=detail,
            subnet_id=leg.place.subnet_id,
        )
    )
