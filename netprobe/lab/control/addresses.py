"""Which addresses interfaces and Elastic IPs get: inside their subnet, and public where public.

moto picks private addresses at random, for some interfaces outside the subnet, and Elastic IPs
in 127.0.0.0/8, which no network carries.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Network
from itertools import islice
from typing import Any

from moto.ec2.exceptions import EC2ClientError

ELASTIC_IPS = IPv4Network("203.0.113.0/24")
"""Documentation addresses (RFC 5737) stand for public ones."""
FIRST_ELASTIC_IP = 10
RESERVED_AT_START = 3
"""AWS keeps a subnet's first four addresses (".0" is no host) and its last.

See "Subnet CIDR reservations" and "Subnet sizing" in the Amazon VPC user guide.
"""
FIRST_IPV6_HOST = 0x100


def allocate_address(
    original: Any, backend: Any, domain: str, address: str | None = None, tags: Any = None
) -> Any:
    """Allocate the address asked for, else the lowest free one of the lab's public range."""
    return original(backend, domain, address or _free_elastic_ip(backend), tags)


def _free_elastic_ip(backend: Any) -> str:
    taken = {item.public_ip for item in backend.addresses}
    taken |= {item.public_ip for item in list(backend.enis.values())}
    hosts = (str(host) for host in islice(ELASTIC_IPS.hosts(), FIRST_ELASTIC_IP - 1, None))
    found = next((host for host in hosts if host not in taken), None)
    if found is None:
        raise EC2ClientError(
            "AddressLimitExceeded", "The maximum number of addresses has been reached."
        )
    return found


def assign_public_address(original: Any, interface: Any) -> None:
    """Give an instance's interface a public address of the lab's range, where it is to have one.

    moto takes any address at all, also ones that somebody owns.
    """
    original(interface)
    if interface.public_ip and IPv4Address(interface.public_ip) not in ELASTIC_IPS:
        interface.public_ip = _free_elastic_ip(interface.ec2_backend)


def tell_public_addresses(original: Any, response: Any) -> Any:
    """Answer DescribeNetworkInterfaces; a public address is told beside its private one too."""
    for interface in list(response.ec2_backend.enis.values()):
        for address in interface.private_ip_addresses:
            if address.get("PrivateIpAddress") == interface.private_ip_address:
                address.pop("Association", None)
                if interface.public_ip:
                    address["Association"] = interface.association
    return original(response)


def free_ipv4(backend: Any, subnet: Any) -> str:
    """Return the lowest IPv4 address of a subnet that no interface has."""
    taken = {
        item["PrivateIpAddress"]
        for interface in list(backend.enis.values())
        if interface.subnet.id == subnet.id
        for item in interface.private_ip_addresses
    }
    hosts = (str(host) for host in islice(subnet.cidr.hosts(), RESERVED_AT_START, None))
    found = next((host for host in hosts if host not in taken), None)
    if found is None:
        raise EC2ClientError(
            "InsufficientFreeAddressesInSubnet",
            f"There are not enough free addresses in subnet '{subnet.id}' to satisfy the"
            " requested number of addresses.",
        )
    return found


def ipv6_block(subnet: Any) -> IPv6Network | None:
    """Return the IPv6 CIDR block associated with a subnet."""
    associations = subnet.ipv6_cidr_block_association_set
    return IPv6Network(associations[0]["ipv6CidrBlock"]) if associations else None


def free_ipv6(backend: Any, subnet: Any) -> str:
    """Return the lowest IPv6 address of a subnet that no interface has."""
    block = ipv6_block(subnet)
    if block is None:
        raise EC2ClientError(
            "InvalidParameterValue", f"The subnet '{subnet.id}' has no IPv6 CIDR block."
        )
    taken = {
        address
        for interface in list(backend.enis.values())
        if interface.subnet.id == subnet.id
        for address in interface.ipv6_addresses
    }
    offset = FIRST_IPV6_HOST
    while str(block[offset]) in taken:
        offset += 1
    return str(block[offset])
