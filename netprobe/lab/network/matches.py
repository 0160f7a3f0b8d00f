"""How a rule of a security group or network ACL reads in nftables."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network

IPV4, IPV6 = 4, 6
ICMP = {"icmp": IPV4, "1": IPV4, "icmpv6": IPV6, "58": IPV6}
"""The family an ICMP protocol belongs to."""

_NAMES = {"6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6"}
_EVERYWHERE = {"0.0.0.0/0", "::/0"}
_ALL_PORTS = (0, 65535)


def match_addresses(family: int, side: str, cidrs: Iterable[str]) -> str | None:
    """Return the match of addresses in any of the CIDRs, None when there are none.

    ``side`` is ``saddr`` or ``daddr``.
    """
    wanted = [cidr for cidr in cidrs if (":" in cidr) == (family == IPV6)]
    if not wanted:
        return None
    if _EVERYWHERE & set(wanted):
        return f"meta nfproto ipv{family}"
    elements = ", ".join(str(network) for network in _merged(family, wanted))
    return f"{'ip6' if family == IPV6 else 'ip'} {side} {{ {elements} }}"


def _merged(family: int, cidrs: list[str]) -> list[IPv4Network | IPv6Network]:
    """Merge overlapping CIDRs, because nftables refuses a set whose intervals overlap."""
    if family == IPV6:
        return list(collapse_addresses(IPv6Network(cidr, strict=False) for cidr in cidrs))
    return list(collapse_addresses(IPv4Network(cidr, strict=False) for cidr in cidrs))


def match_traffic(protocol: str, first: int | None, last: int | None) -> str:
    """Return the match of a protocol and its ports, or of an ICMP type and code.

    ``-1`` is every protocol, and -1 as a port, type or code is every one, as in the Amazon EC2
    API reference (IpPermission, IcmpTypeCode).
    """
    if protocol == "-1":
        return ""
    name = _NAMES.get(protocol, protocol)
    base = f"meta l4proto {name}"
    if name in {"icmp", "icmpv6"}:
        if first is None or first == -1:
            return base
        code = "" if last is None or last == -1 else f" {name} code {last}"
        return f"{base} {name} type {first}{code}"
    if name not in {"tcp", "udp"} or first is None or last is None:
        return base
    if (first, last) == _ALL_PORTS or first == -1:
        return base
    return f"{base} th dport {first}-{last}" if first != last else f"{base} th dport {first}"


def fits(protocol: str, family: int) -> bool:
    """Tell whether a protocol can occur in an address family: ICMP has one for each."""
    return ICMP.get(protocol, family) == family


def family_of(cidr: str) -> int:
    """Return the family of a CIDR."""
    return ip_network(cidr, strict=False).version
