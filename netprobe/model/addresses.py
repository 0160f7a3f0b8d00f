"""Address families, networks and what kind of address an address is."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import assert_never

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

NAT64_PREFIX = IPv6Network("64:ff9b::/96")
"""Well-known prefix of RFC 6052, the one AWS's DNS64 synthesises addresses in."""

_NOT_ROUTED_BY_AN_INTERNET_GATEWAY = tuple(
    (int(IPv4Network(cidr).network_address), int(IPv4Network(cidr).broadcast_address))
    for cidr in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
)


class Family(StrEnum):
    """One flow is one address family."""

    IPV4 = "ipv4"
    IPV6 = "ipv6"

    @property
    def label(self) -> str:
        """Return the family as people write it: IPv4 or IPv6."""
        return "IPv4" if self is Family.IPV4 else "IPv6"

    @property
    def everything(self) -> Network:
        """Return the family's default destination, 0.0.0.0/0 or ::/0."""
        match self:
            case Family.IPV4:
                return IPv4Network("0.0.0.0/0")
            case Family.IPV6:
                return IPv6Network("::/0")
            case _:
                assert_never(self)


def family_of(value: Address | Network) -> Family:
    """Return the family an address or network belongs to."""
    return Family.IPV4 if value.version == 4 else Family.IPV6  # noqa: PLR2004 # the protocol's own number


_REMEMBERED = 1 << 16
"""Texts kept with their values: a snapshot writes the same few addresses over and over."""


@lru_cache(maxsize=_REMEMBERED)
def parse_address(text: str) -> Address:
    """Return the address written in ``text``; raises ValueError."""
    return ip_address(text)


@lru_cache(maxsize=_REMEMBERED)
def parse_network(text: str) -> Network:
    """Return the network written in ``text``, host bits allowed; raises ValueError."""
    return ip_network(text, strict=False)


def contains(network: Network, address: Address) -> bool:
    """Tell whether the address is in the network; never across families."""
    return network.version == address.version and address in network


def covers(wide: Network, narrow: Network) -> bool:
    """Tell whether every address of ``narrow`` is in ``wide``; never across families."""
    if isinstance(wide, IPv4Network):
        return isinstance(narrow, IPv4Network) and narrow.subnet_of(wide)
    return isinstance(narrow, IPv6Network) and narrow.subnet_of(wide)


def is_private(address: Address) -> bool:
    """Tell whether an internet gateway drops this destination: RFC 1918 and RFC 6598 space.

    Reachability Analyzer's codes IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS and RFC6598:
    https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html
    """
    if isinstance(address, IPv6Address):
        return not address.is_global and address.is_private and not _is_documentation(address)
    number = int(address)
    return any(first <= number <= last for first, last in _NOT_ROUTED_BY_AN_INTERNET_GATEWAY)


def _is_documentation(address: IPv6Address) -> bool:
    """Tell whether Python calls the address private only for being documentation (RFC 9637)."""
    return address in IPv6Network("2001:db8::/32") or address in IPv6Network("3fff::/20")
