"""Attachments and route tables of transit gateways, which several calls tell of in parts."""

from __future__ import annotations

from netprobe.aws import operations as ops
from netprobe.aws.convert_answers import Answers
from netprobe.aws.convert_interconnect import (
    associated,
    convert_attachment,
    convert_peering_attachment,
    convert_transit_route,
    convert_transit_route_table,
    convert_vpc_attachment,
    join_attachments,
)
from netprobe.aws.convert_resources import ASSOCIATED
from netprobe.aws.reading import Json, text
from netprobe.model.interconnect import TransitGatewayAttachment, TransitGatewayRouteTable


def convert_transit_tables(answers: Answers) -> tuple[TransitGatewayRouteTable, ...]:
    """Return the route tables with their routes and associations, where those were read."""
    items = list(answers.items(ops.TRANSIT_ROUTE_TABLES))
    wanted = [str(item.get("TransitGatewayRouteTableId")) for item in items]
    routes = answers.per_subject(
        ops.TRANSIT_ROUTES,
        wanted,
        each=True,
        read=lambda found: [*map(convert_transit_route, found)],
    )
    associations = _associations(answers)
    told = _told_by_attachments(answers)
    if told is None:
        answers.want(ops.TRANSIT_ASSOCIATIONS, wanted, associations)

    def make(item: Json) -> TransitGatewayRouteTable:
        table_id = text(item, "TransitGatewayRouteTableId")
        known = None if told is None else told.get(table_id, [])
        known = associations.get(table_id, known)
        return convert_transit_route_table(item, routes.get(table_id), known)

    return answers.each(ops.TRANSIT_ROUTE_TABLES, make)


def _associations(answers: Answers) -> dict[str, list[Json]]:
    return answers.per_subject(ops.TRANSIT_ASSOCIATIONS, read=lambda found: [*associated(found)])


def _told_by_attachments(answers: Answers) -> dict[str, list[Json]] | None:
    """Return each table's associations as the attachments tell them; None if those are unread."""
    attachments = answers.each(ops.ATTACHMENTS, convert_attachment)
    if ops.ATTACHMENTS.call in answers.gaps:
        return None
    told: dict[str, list[Json]] = {}
    for item in attachments:
        if item.route_table_id:
            association = {"TransitGatewayAttachmentId": item.attachment_id, "State": ASSOCIATED}
            told.setdefault(item.route_table_id, []).append(association)
    return told


def convert_attachments(
    answers: Answers, own: frozenset[str]
) -> tuple[TransitGatewayAttachment, ...]:
    """Return the attachments; ``own`` are the transit gateways of the account."""
    tables = {
        attachment_id: table_id
        for table_id, items in _associations(answers).items()
        for attachment_id in associated(items)
    }
    return join_attachments(
        plain=answers.each(ops.ATTACHMENTS, convert_attachment),
        of_vpcs=answers.each(ops.VPC_ATTACHMENTS, convert_vpc_attachment),
        of_peers=answers.each(
            ops.PEERING_ATTACHMENTS, lambda item: convert_peering_attachment(item, own)
        ),
        tables=tables,
    )
