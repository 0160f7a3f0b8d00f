"""Builders for two VPCs side by side, and for what joins them.

``vpc-1`` is the working VPC of ``tests.builders``; ``SECOND`` is ``vpc-2``, 10.1.0.0/16, with a
database ``eni-far`` at 10.1.1.9 that admits 10.0.0.0/16.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from netprobe.model.interconnect import (
    PeeredVpc,
    TransitGateway,
    TransitGatewayAttachment,
    TransitGatewayRoute,
    TransitGatewayRouteTable,
    VpcPeeringConnection,
)
from netprobe.model.resources import (
    BlockMode,
    BlockPublicAccess,
    BlockPublicAccessExclusion,
    Route,
)
from tests.builders import (
    interface,
    network,
    network_acl,
    route,
    route_table,
    rule,
    security_group,
    subnet,
    vpc,
)

FAR = "10.1.1.9"
FAR_IPV6 = "2001:db8:2:1::9"


def far_table(*routes: Route, **fields: Any) -> Any:
    """Return the table of the second VPC's subnet with these routes beside the local ones."""
    local = (route("10.1.0.0/16", "local"), route("2001:db8:2::/56", "local"))
    defaults: dict[str, Any] = {"vpc_id": "vpc-2", "local": False}
    return route_table("rtb-far", (*local, *routes), ("subnet-far",), **(defaults | fields))


def far_group(*peers: str) -> Any:
    ingress = tuple(rule(peer, "443") for peer in peers)
    return security_group("sg-far", ingress=ingress, vpc_id="vpc-2")


SECOND: tuple[Any, ...] = (
    vpc("vpc-2", ("10.1.0.0/16",), ("2001:db8:2::/56",)),
    subnet("subnet-far", "10.1.1.0/24", "2001:db8:2:1::/64", vpc_id="vpc-2"),
    far_table(),
    network_acl("acl-far", subnets=("subnet-far",), vpc_id="vpc-2"),
    far_group("10.0.0.0/16", "2001:db8:1::/56"),
    interface(
        "eni-far", FAR, FAR_IPV6, vpc_id="vpc-2", subnet_id="subnet-far", group_ids=("sg-far",)
    ),
)


def near_table(*routes: Route) -> Any:
    """Return the table of the source's subnet with these routes before the usual ones."""
    usual = (route("0.0.0.0/0", "nat-1"), route("::/0", "eigw-1"))
    return route_table(routes=(*routes, *usual))


def peering(status: str = "active", **fields: Any) -> VpcPeeringConnection:
    """Return a connection between ``vpc-1`` and ``vpc-2``."""
    regions = fields.pop("regions", ("us-east-1", "us-east-1"))
    one, other = (
        PeeredVpc(vpc_id=vpc_id, region=region, cidrs=(network(cidr),))
        for vpc_id, region, cidr in zip(
            ("vpc-1", "vpc-2"), regions, ("10.0.0.0/16", "10.1.0.0/16"), strict=True
        )
    )
    defaults = {"vpc_peering_connection_id": "pcx-1", "requester": one, "accepter": other}
    return VpcPeeringConnection(status=status, **(defaults | fields))


PEERED: tuple[Any, ...] = (
    *SECOND,
    peering(),
    near_table(route("10.1.0.0/16", "pcx-1"), route("2001:db8:2::/56", "pcx-1")),
    far_table(route("10.0.0.0/16", "pcx-1"), route("2001:db8:1::/56", "pcx-1")),
)
"""Two VPCs joined by a peering connection in which everything works."""


def attachment(name: str, vpc_id: str | None, *subnets: str, **fields: Any) -> Any:
    """Return a VPC attachment to ``tgw-1``, associated with ``tgw-rtb-1``."""
    defaults: dict[str, Any] = {
        "transit_gateway_id": "tgw-1",
        "resource_type": "vpc",
        "route_table_id": "tgw-rtb-1",
    }
    return TransitGatewayAttachment(
        attachment_id=name, resource_id=vpc_id, subnet_ids=subnets, **(defaults | fields)
    )


def transit_route(destination: str, *attachments: str, **fields: Any) -> TransitGatewayRoute:
    listed = destination.startswith("pl-")
    return TransitGatewayRoute(
        destination=None if listed else network(destination),
        prefix_list_id=destination if listed else None,
        attachment_ids=attachments,
        **fields,
    )


def transit_table(
    *routes: TransitGatewayRoute, name: str = "tgw-rtb-1", **fields: Any
) -> TransitGatewayRouteTable:
    return TransitGatewayRouteTable(
        route_table_id=name, transit_gateway_id="tgw-1", routes=routes, **fields
    )


NEAR_ATTACHMENT = attachment("att-near", "vpc-1", "subnet-near-tgw")
FAR_ATTACHMENT = attachment("att-far", "vpc-2", "subnet-far-tgw")
BOTH_WAYS = (
    transit_route("10.0.0.0/16", "att-near", propagated=True, resource_type="vpc"),
    transit_route("10.1.0.0/16", "att-far", propagated=True, resource_type="vpc"),
)
TRANSIT: tuple[Any, ...] = (
    *SECOND,
    TransitGateway(transit_gateway_id="tgw-1"),
    NEAR_ATTACHMENT,
    FAR_ATTACHMENT,
    transit_table(*BOTH_WAYS),
    subnet("subnet-near-tgw", "10.0.8.0/28", None),
    subnet("subnet-far-tgw", "10.1.8.0/28", None, vpc_id="vpc-2"),
    network_acl("acl-near-tgw", subnets=("subnet-near-tgw",)),
    network_acl("acl-far-tgw", subnets=("subnet-far-tgw",), vpc_id="vpc-2"),
    route_table("rtb-near-tgw", (), ("subnet-near-tgw",)),
    route_table(
        "rtb-far-tgw",
        (route("10.1.0.0/16", "local"),),
        ("subnet-far-tgw",),
        vpc_id="vpc-2",
        local=False,
    ),
    near_table(route("10.0.0.0/8", "tgw-1")),
    far_table(route("10.0.0.0/8", "tgw-1")),
)
"""Two VPCs joined by a transit gateway in which everything works."""


def public_access(
    mode: BlockMode, *exclusions: tuple[str, str], **fields: Any
) -> BlockPublicAccess:
    """Return the account's Block Public Access with exclusions of (resource, mode)."""
    return BlockPublicAccess(
        mode=mode,
        exclusions=tuple(
            BlockPublicAccessExclusion(resource_id=item, mode=how) for item, how in exclusions
        ),
        **fields,
    )


def joined(items: Iterable[Any], *more: Any) -> tuple[Any, ...]:
    """Return resources with later ones, which replace those of the same id."""
    return (*items, *more)
