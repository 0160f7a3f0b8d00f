"""Addresses as AWS hands them out: public ones public, IPv6 blocks distinct, private ones inside.

moto gives Elastic IPs from the loopback range, IPv6 blocks at random, and endpoint and NAT
interfaces addresses outside their subnets.
"""

from __future__ import annotations

import itertools
import threading
from ipaddress import IPv4Address, IPv4Network, IPv6Network
from typing import Any

from moto.ec2.models import elastic_ip_addresses, vpcs

from netprobe.lab.control.patching import wrap

ELASTIC_ADDRESSES = IPv4Network("203.0.113.0/24")
IPV6_BLOCKS = IPv6Network("2001:db8::/32")
RESERVED_AT_START = 4
"""Network address, router, resolver and one more: the first four of a subnet are AWS's.

https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
"""

_lock = threading.Lock()


def apply() -> None:
    """Correct where Elastic IPs and VPC IPv6 blocks come from."""
    hosts = itertools.cycle(list(ELASTIC_ADDRESSES.hosts())[9:])
    blocks = itertools.islice(IPV6_BLOCKS.subnets(new_prefix=56), 1, None)
    elastic_ip_addresses.random_ip = lambda: _next(hosts)
    vpcs.random_ipv6_cidr = lambda: _next(blocks)
    wrap(vpcs.VPC, "associate_vpc_cidr_block", _associate)


def _next(items: Any) -> str:
    with _lock:
        return str(next(items))


def _associate(original: Any, vpc: Any, cidr_block: Any, *arguments: Any, **keywords: Any) -> Any:
    """Associate the IPv6 block that was asked for, where one was (BYOIP does, with its pool)."""
    wanted = getattr(vpc, "netprobe_ipv6_block", None)
    answer = original(vpc, cidr_block, *arguments, **keywords)
    if wanted:
        answer["cidr_block"] = wanted
        vpc.netprobe_ipv6_block = None
    return answer


def free_ipv4(backend: Any, subnet: Any) -> str:
    """Return the first address of the subnet that no interface has."""
    network = IPv4Network(subnet.cidr_block)
    taken = {
        address.get("PrivateIpAddress")
        for eni in list(backend.enis.values())
        for address in eni.private_ip_addresses
    }
    first = int(network.network_address) + RESERVED_AT_START
    for number in range(first, int(network.broadcast_address)):
        if str(IPv4Address(number)) not in taken:
            return str(IPv4Address(number))
    message = f"{subnet.id} has no free address"
    raise ValueError(message)


def ipv6_block(subnet: Any) -> IPv6Network | None:
    """Return the subnet's associated IPv6 block."""
    for association in subnet.ipv6_cidr_block_associations.values():
        if association["ipv6CidrBlockState"]["State"] == "associated":
            return IPv6Network(association["ipv6CidrBlock"])
    return None


def free_ipv6(backend: Any, subnet: Any) -> str | None:
    """Return an IPv6 address of the subnet that no interface has; None in an IPv4-only one."""
    block = ipv6_block(subnet)
    if block is None:
        return None
    taken = {address for eni in list(backend.enis.values()) for address in eni.ipv6_addresses}
    free = (str(block.network_address + number) for number in itertools.count(0x100))
    return next(address for address in free if address not in taken)
