"""VPCs: IPv6 blocks from the lab's own range, and what follows when one is associated.

moto makes IPv6 blocks up in 2400:6500::/32, which somebody owns, and cannot be asked for one.
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv6Network
from itertools import count
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import CidrLimitExceeded, MissingParameter
from moto.ec2.models import ec2_backends
from moto.ec2.utils import random_vpc_cidr_association_id

from netprobe.lab.control import acls, internals, security_groups

IPV6_RANGE = IPv6Network("2001:db8::/32")
"""Documentation addresses (RFC 3849) stand for Amazon's."""
BLOCKS_PER_GROUP = 256
"""/56 blocks under one 2001:db8:N::/48."""
AMAZON_POOL = "Amazon"
MOST_IPV6_BLOCKS = 5
"""IPv6 CIDR blocks per VPC; see "Amazon VPC quotas"."""


def associate_block(
    original: Any,
    vpc: Any,
    cidr_block: str | None,
    amazon_provided_ipv6_cidr_block: Any = None,
    ipv6_cidr_block_network_border_group: str | None = None,
) -> Any:
    """Associate an IPv4 block, the IPv6 block asked for, or the next free one of the lab's."""
    given = cidr_block if cidr_block and ":" in cidr_block else None
    if not given and not amazon_provided_ipv6_cidr_block:
        return original(vpc, cidr_block)
    held = internals.block_associations(vpc)
    for key in [k for k, v in held.items() if v["cidr_block_state"]["state"] == "disassociated"]:
        del held[key]
    if len(vpc.get_cidr_block_association_set(ipv6=True)) >= MOST_IPV6_BLOCKS:
        raise CidrLimitExceeded(vpc.id, MOST_IPV6_BLOCKS)
    association = {
        "association_id": random_vpc_cidr_association_id(),
        "cidr_block_state": {"state": "associated", "StatusMessage": None},
        "cidr_block": str(IPv6Network(given)) if given else _free_block(),
        "ipv6_pool": AMAZON_POOL,
        "ip_source": "byoip" if given else "amazon",
        "ipv6_address_attribute": "public",
        "network_border_group": ipv6_cidr_block_network_border_group or vpc.region,
    }
    held[association["association_id"]] = association
    return association


def _free_block() -> str:
    """Return the first /56 under 2001:db8:1::/48 and up that no VPC of this process has."""
    taken = [IPv6Network(item) for item in _blocks_in_use()]
    for number in count(BLOCKS_PER_GROUP):
        address = IPV6_RANGE.network_address + (number << (128 - 56))
        block = IPv6Network((address, 56))
        if not any(block.overlaps(other) for other in taken):
            return str(block)
    raise AssertionError  # count never ends


def _blocks_in_use() -> Iterator[str]:
    for regions in list(ec2_backends.values()):
        for backend in list(regions.values()):
            for vpc in list(backend.vpcs.values()):
                for item in vpc.get_cidr_block_association_set(ipv6=True):
                    yield item["cidr_block"]


def associate_vpc_cidr_block(
    original: Any, backend: Any, vpc_id: str, cidr_block: str | None, ipv6: Any = None
) -> Any:
    """Associate a block with local routes; an IPv6 one opens untouched ACLs and groups to it."""
    ipv6 = bool(ipv6) or ":" in (cidr_block or "")
    association = original(backend, vpc_id, cidr_block, ipv6)
    if ipv6:
        for acl in backend.network_acls.values():
            if acl.vpc_id == vpc_id:
                acls.add_ipv6_entries(backend, acl)
        security_groups.add_ipv6_egress(backend, vpc_id)
    return association


def answer_association(original: Any, response: Any) -> Any:
    """Answer AssociateVpcCidrBlock, for a block of the caller's own pool too.

    ``Ipv6CidrBlock`` with ``Ipv6Pool`` is how a BYOIP block is asked for: "You must also specify
    Ipv6Pool in the request" (EC2 API reference).
    """
    block = internals.parameter(response, "Ipv6CidrBlock")
    if not block:
        return original(response)
    vpc_id = internals.parameter(response, "VpcId")
    association = _associate_own_block(response, vpc_id, block)
    answer = {
        "AssociationId": association["association_id"],
        "Ipv6CidrBlock": association["cidr_block"],
        "Ipv6CidrBlockState": {"State": "associating"},
        "NetworkBorderGroup": association["network_border_group"],
        "Ipv6Pool": association["ipv6_pool"],
        "Ipv6AddressAttribute": association["ipv6_address_attribute"],
        "IpSource": association["ip_source"],
    }
    return ActionResult({"VpcId": vpc_id, "Ipv6CidrBlockAssociation": answer})


def _associate_own_block(response: Any, vpc_id: str, block: str) -> dict[str, Any]:
    pool = internals.parameter(response, "Ipv6Pool")
    if not pool:
        raise MissingParameter("The request must contain the parameter Ipv6Pool")
    association: dict[str, Any]
    association = response.ec2_backend.associate_vpc_cidr_block(vpc_id, block, True)  # noqa: FBT003 # moto's own signature
    association["ipv6_pool"] = pool
    return association


def answer_creation(original: Any, response: Any) -> Any:
    """Answer CreateVpc, with an IPv6 block of the caller's own pool too."""
    answer = original(response)
    block = internals.parameter(response, "Ipv6CidrBlock")
    if block:
        _associate_own_block(response, answer.result["Vpc"].id, block)
    return answer
