"""VPC peering: both sides' blocks of both families, which moto leaves out."""

from __future__ import annotations

from typing import Any


def requester(peering: Any) -> dict[str, Any]:
    """Return the requester's side."""
    return _side(peering.vpc, peering.requester_options, with_blocks=True)


def accepter(peering: Any) -> dict[str, Any]:
    """Return the accepter's side; its blocks are told only while the peering is active.

    See VpcPeeringConnectionVpcInfo in the EC2 API reference.
    """
    active = peering.status["Code"] == "active"
    return _side(peering.peer_vpc, peering.accepter_options, with_blocks=active)


def _side(vpc: Any, options: dict[str, Any], *, with_blocks: bool) -> dict[str, Any]:
    side = {"OwnerId": vpc.owner_id, "Region": vpc.region, "VpcId": vpc.id}
    if not with_blocks:
        return side
    ipv4 = [item["cidr_block"] for item in vpc.get_cidr_block_association_set(ipv6=False)]
    ipv6 = [item["cidr_block"] for item in vpc.get_cidr_block_association_set(ipv6=True)]
    return side | {
        "CidrBlock": vpc.cidr_block,
        "CidrBlockSet": [{"CidrBlock": item} for item in ipv4],
        "Ipv6CidrBlockSet": [{"Ipv6CidrBlock": item} for item in ipv6],
        "PeeringOptions": options,
    }
