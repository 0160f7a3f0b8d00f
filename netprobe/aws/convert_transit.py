"""Attachments and route tables of transit gateways, which several calls tell of in parts."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

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
from netprobe.aws.operations import Operation
from netprobe.aws.reading import UNREADABLE, Json, text
from netprobe.model.interconnect import TransitGatewayAttachment, TransitGatewayRouteTable


def convert_transit_tables(answers: Answers) -> tuple[TransitGatewayRouteTable, ...]:
    """Return the route tables with their routes and associations, where those were read."""
    items = list(answers.items(ops.TRANSIT_ROUTE_TABLES))
    wanted = [str(item.get("TransitGatewayRouteTableId")) for item in items]
    routes = _readable(
        answers, ops.TRANSIT_ROUTES, wanted, lambda found: [*map(convert_transit_route, found)]
    )
    told = all(item.get("Association") for item in answers.items(ops.ATTACHMENTS))
    associations = _associations(answers, () if told else wanted)

    def make(item: Json) -> TransitGatewayRouteTable:
        table_id = text(item, "TransitGatewayRouteTableId")
        return convert_transit_route_table(item, routes.get(table_id), associations.get(table_id))

    return answers.each(ops.TRANSIT_ROUTE_TABLES, make)


def _associations(answers: Answers, wanted: Collection[str]) -> dict[str, list[Json]]:
    return _readable(answers, ops.TRANSIT_ASSOCIATIONS, wanted, lambda found: [*associated(found)])


def _readable(
    answers: Answers,
    operation: Operation,
    wanted: Collection[str],
    read: Callable[[list[Json]], list[Any]],
) -> dict[str, list[Json]]:
    """Return what was answered about each table, left out where it cannot be read in full.

    A table without one of its routes would send packets another way.
    """
    readable: dict[str, list[Json]] = {}
    for table_id, items in answers.per_subject(operation, wanted, each=True).items():
        try:
            read(items)
        except UNREADABLE as error:
            answers.fail(operation, error)
        else:
            readable[table_id] = items
    return readable


def convert_attachments(
    answers: Answers, own: frozenset[str]
) -> tuple[TransitGatewayAttachment, ...]:
    """Return the attachments; ``own`` are the transit gateways of the account."""
    tables = {
        attachment_id: table_id
        for table_id, items in _associations(answers, ()).items()
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
