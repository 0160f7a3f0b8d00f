"""Reading what joins VPCs: peerings, transit gateways, VPN gateways, and who is behind them.

Only what a route table names is asked for; a VPC without such routes costs no call here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from netprobe.aws import operations
from netprobe.aws.calls import Json, of_ids, of_subjects, of_vpcs
from netprobe.aws.reader import Reader

_LINK = re.compile(r'"((?:tgw|pcx|vgw)-[0-9a-zA-Z]+)"')
_ROUTE_STATES = [{"Name": "state", "Values": ["active", "blackhole"]}]
"""SearchTransitGatewayRoutes insists on a filter; these are all the states of a route."""


def read_links(reader: Reader, known: Iterable[str], vpc_ids: tuple[str, ...]) -> tuple[str, ...]:
    """Read what the route tables of these VPCs lead to; return the VPCs that have to be read.

    Those are the VPCs given and, of the ``known`` ones of this account and region, their
    neighbours: peers and VPCs behind the same transit gateway. What the neighbours' own tables
    name is read too, so that nothing a table names was left unasked. It is not followed further:
    neither a peering nor a transit gateway attachment leads through a VPC into its next one.
    https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html
    """
    asked = _linked(reader)
    _read_linked(reader, asked)
    everyone = _with_neighbours(reader, tuple(known), vpc_ids)
    further = everyone[len(vpc_ids) :]
    if further:
        reader.read(of_vpcs(operations.ROUTE_TABLES, further))
        _read_linked(reader, _linked(reader) - asked)
    reader.none_of(
        operations.VPN_GATEWAYS,
        operations.PEERINGS,
        operations.TRANSIT_GATEWAYS,
        operations.ATTACHMENTS,
        operations.VPC_ATTACHMENTS,
        operations.PEERING_ATTACHMENTS,
        operations.TRANSIT_ROUTE_TABLES,
        operations.TRANSIT_ROUTES,
        operations.TRANSIT_ASSOCIATIONS,
    )
    return everyone


def _linked(reader: Reader) -> frozenset[str]:
    """Return the ids of links in all route tables read so far."""
    return frozenset(_LINK.findall(json.dumps(reader.items(operations.ROUTE_TABLES), default=str)))


def _read_linked(reader: Reader, ids: frozenset[str]) -> None:
    """Read these links; of a transit gateway, all that is attached to it."""
    vpn, peerings, transit = (
        sorted(item for item in ids if item.startswith(kind)) for kind in ("vgw-", "pcx-", "tgw-")
    )
    reader.read(
        of_ids(operations.VPN_GATEWAYS, "vpn-gateway-id", vpn),
        of_ids(operations.PEERINGS, "vpc-peering-connection-id", peerings),
        *(
            of_ids(operation, "transit-gateway-id", transit)
            for operation in (
                operations.TRANSIT_GATEWAYS,
                operations.ATTACHMENTS,
                operations.VPC_ATTACHMENTS,
                operations.TRANSIT_ROUTE_TABLES,
            )
        ),
    )
    _read_transit_tables(reader, frozenset(transit))


def _read_transit_tables(reader: Reader, transit: frozenset[str]) -> None:
    """Read the routes of these transit gateways' tables, and what else only some of them need."""
    tables = [
        str(item["TransitGatewayRouteTableId"])
        for item in reader.items(operations.TRANSIT_ROUTE_TABLES)
        if item.get("TransitGatewayId") in transit
    ]
    attachments = [
        item
        for item in reader.items(operations.ATTACHMENTS)
        if item.get("TransitGatewayId") in transit
    ]
    peers = [
        str(item["TransitGatewayAttachmentId"])
        for item in attachments
        if item.get("ResourceType") == "peering"
    ]
    untold = any(not item.get("Association") for item in attachments)
    reader.read(of_ids(operations.PEERING_ATTACHMENTS, "transit-gateway-attachment-id", peers))
    reader.read_each(
        of_subjects(operations.TRANSIT_ROUTES, tables, Filters=_ROUTE_STATES),
        of_subjects(operations.TRANSIT_ASSOCIATIONS, tables if untold else ()),
    )


def _with_neighbours(
    reader: Reader, known: tuple[str, ...], vpc_ids: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the VPCs given, then those of the account that links join them to."""
    joined = {
        _text(item.get(side), "VpcId")
        for item in reader.items(operations.PEERINGS)
        for side in ("AccepterVpcInfo", "RequesterVpcInfo")
    }
    joined |= {_text(item, "ResourceId") for item in reader.items(operations.ATTACHMENTS)}
    joined |= {_text(item, "VpcId") for item in reader.items(operations.VPC_ATTACHMENTS)}
    return (*vpc_ids, *(item for item in known if item in joined and item not in vpc_ids))


def _text(item: Json | None, key: str) -> str:
    return str((item or {}).get(key) or "")
