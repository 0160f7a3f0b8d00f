"""One conversation we ask about: who sends what to which address."""

from __future__ import annotations

from dataclasses import dataclass, field

from netprobe.model.addresses import Address, Family, family_of
from netprobe.model.ports import EPHEMERAL, PortSet

TCP, UDP, ICMP, ICMPV6 = 6, 17, 1, 58
"""IP protocol numbers (IANA)."""

PROTOCOL_NAMES = {TCP: "tcp", UDP: "udp", ICMP: "icmp", ICMPV6: "icmpv6"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a flow starts: one subnet, one set of groups, one IPv6 flag.

    A function in several subnets is several sources, because any of them may run an invocation.
    """

    id: str
    vpc_id: str
    subnet_id: str
    security_group_ids: tuple[str, ...]
    ipv6_allowed: bool
    """Lambda's ``Ipv6AllowedForDualStack``; without a function, whether it could be on."""
    function_name: str | None = None
    represents: tuple[str, ...] = ()
    """Subnets of the same class that this one is probed for, itself included."""
    interface_id: str | None = None
    """A known network interface the source sits behind, if one is in the snapshot."""
    addresses: tuple[Address, ...] = ()
    """The addresses it sends from, where they are known; at most the first of a family counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """One request and its reply, in one address family."""

    source: Source
    destination: Address
    protocol: int = TCP
    port: int = 443
    source_ports: PortSet = field(default=EPHEMERAL)
    """The ports the reply may have to come back to; one port when it is known."""

    @property
    def family(self) -> Family:
        """Return the family of the flow, which is that of its destination."""
        return family_of(self.destination)

    def __str__(self) -> str:
        """Return the flow as ``tcp subnet-1 -> 198.51.100.10:443``."""
        name = PROTOCOL_NAMES.get(self.protocol, str(self.protocol))
        host = f"[{self.destination}]" if self.family is Family.IPV6 else str(self.destination)
        return f"{name} {self.source.id} -> {host}:{self.port}"
