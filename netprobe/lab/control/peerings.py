"""VPC peering: both sides' blocks of both families, which moto leaves out."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any

from netprobe.lab.control import internals


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


def create_peering(original: Any, backend: Any, vpc: Any, peer_vpc: Any, tags: Any = None) -> Any:
    """Create a peering connection, which fails at once where any blocks overlap.

    "You cannot create a VPC peering connection between VPCs that have matching or overlapping IPv4
    or IPv6 CIDR blocks": https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html
    """
    peering = original(backend, vpc, peer_vpc, tags)
    own, other = _networks(vpc), _networks(peer_vpc)
    if any(one.version == two.version and one.overlaps(two) for one in own for two in other):
        internals.set_status(
            peering,
            "failed",
            "Failed due to incorrect VPC-ID, Account ID, or overlapping CIDR range",
        )
    return peering


def _networks(vpc: Any) -> list[IPv4Network | IPv6Network]:
    held = internals.block_associations(vpc).values()
    return [
        ip_network(item["cidr_block"])
        for item in held
        if item["cidr_block_state"]["state"] == "associated"
    ]
