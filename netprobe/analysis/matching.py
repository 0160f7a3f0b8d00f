"""What one half of a flow looks like to a filter, and how a rule or entry compares with it."""

from __future__ import annotations

from dataclasses import dataclass

from netprobe.model.addresses import Address, Family, Network, is_private
from netprobe.model.flow import ICMP, ICMPV6, PROTOCOL_NAMES, TCP, UDP
from netprobe.model.ports import ALL_PORTS, PortSet
from netprobe.model.resources import NetworkAclEntry, SecurityGroupRule

Kind = tuple[int, int, tuple[int, int] | None]
"""IP version, protocol, and ICMP type and code: what decides which rules can match at all."""

_NO_PORT = PortSet.of(0)
"""Protocols without ports have rules for all ports, which any one port stands for."""
_ECHO = {Family.IPV4: ((8, 0), (0, 0)), Family.IPV6: ((128, 0), (129, 0))}
"""Type and code of an echo request and its reply: RFC 792, RFC 4443."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """The packets of one half: protocol, destination ports, ICMP type and code."""

    protocol: int
    ports: PortSet
    icmp: tuple[int, int] | None = None

    def __str__(self) -> str:
        """Return the packet as ``tcp 443``."""
        name = PROTOCOL_NAMES.get(self.protocol, f"protocol {self.protocol}")
        return f"{name} {self.ports}" if self.protocol in {TCP, UDP} else name


def admits_protocol(rule: SecurityGroupRule | NetworkAclEntry, packet: Packet) -> bool:
    """Tell whether the rule speaks of the packet's protocol, and of its ICMP type and code."""
    if rule.protocol is None:
        return True
    if rule.protocol != packet.protocol:
        return False
    return matches_icmp(rule.icmp, packet.icmp)


def matches_icmp(wanted: tuple[int, int] | None, actual: tuple[int, int] | None) -> bool:
    """Tell whether a rule's ICMP type and code admit a packet's; -1 stands for any."""
    if wanted is None or actual is None:
        return True
    return all(one in {-1, other} for one, other in zip(wanted, actual, strict=True))


def icmp_of(protocol: int, family: Family, *, reply: bool) -> tuple[int, int] | None:
    """Return the type and code of a ping or its answer, None for other protocols."""
    return _ECHO[family][reply] if protocol in {ICMP, ICMPV6} else None


def protocol_in(protocol: int, family: Family) -> int:
    """Return the protocol number as packets of the family carry it: ping is 1 or 58."""
    if protocol in {ICMP, ICMPV6}:
        return ICMP if family is Family.IPV4 else ICMPV6
    return protocol


def could_contain(cidr: Network | None, address: Address) -> bool:
    """Tell whether a public address that is not known might be in this block.

    ``address`` stands for it. The whole space is excluded: there the stand-in decides.
    """
    return (
        cidr is not None
        and cidr.version == address.version
        and cidr.prefixlen > 0
        and not is_private(cidr.network_address)
    )


def describe(rule: SecurityGroupRule | NetworkAclEntry, *, peer: str) -> str:
    """Return the rule as people write it: ``tcp 443 to 0.0.0.0/0``."""
    if rule.protocol is None:
        return f"all traffic {peer}"
    name = PROTOCOL_NAMES.get(rule.protocol, f"protocol {rule.protocol}")
    if rule.protocol not in {TCP, UDP}:
        return f"{name} {peer}"
    ports = "all ports" if rule.ports == ALL_PORTS else str(rule.ports)
    return f"{name} {ports} {peer}"
