"""A packet under way: one half of a flow, where it is and what it says at the moment."""

from __future__ import annotations

from dataclasses import dataclass, field

from netprobe.analysis.fabric import Place
from netprobe.analysis.matching import Kind, Packet, icmp_of, protocol_in
from netprobe.model.addresses import Address, family_of
from netprobe.model.flow import TCP, UDP
from netprobe.model.ports import PortSet
from netprobe.model.resources import NatGateway, NetworkInterface
from netprobe.model.trace import Half, Hop

_NO_PORT = PortSet.of(0)
_WITH_PORTS = frozenset({TCP, UDP})
_ANY_RANGE = (-1, 65536)
"""Bounds that no single range of a rule covers: several ranges are judged at length."""


@dataclass(slots=True, eq=False)
class Anchor:
    """Something that sent the request on under an address of its own: the reply comes back to it.

    The first is the source; each NAT gateway on the way is another.
    """

    place: Place
    address: Address
    """What the reply is addressed to inside the anchor's VPC."""
    ports: PortSet
    """Its source ports, which the reply is sent to."""
    beyond: Address
    """Where the request went from here: a reply that passes comes from there."""
    hop: Hop | None = None
    """The NAT gateway's hop; None for the source."""
    public: Address | None = None
    """What an internet gateway made of the address, when another VPC sees that."""


@dataclass(slots=True)
class Leg:
    """One half while it is forwarded; gateways change its addresses, routes its place."""

    half: Half
    hops: list[Hop]
    """What it has met."""
    place: Place
    """Where it will leave from next."""
    source: Address
    destination: Address
    protocol: int
    ports: PortSet
    """Destination ports; a reply's may be any of a range."""
    group_ids: frozenset[str] | None = None
    """Groups of the sender that references still know it by; None when there are none."""
    sender: NetworkInterface | None = None
    """The interface that sent it, when the snapshot has it."""
    nat: NatGateway | None = None
    """The NAT gateway it leaves from, when that was the last thing to send it on."""
    foreign: bool = False
    """It came in from outside the VPC it is in now, so gateways have no address for it."""
    crossed: Place | None = None
    """The place whose ACL it crossed outwards last; a NAT gateway beside it crosses no other."""
    version: int = field(init=False)
    src: int = field(init=False)
    dst: int = field(init=False)
    low: int = field(init=False)
    high: int = field(init=False)
    icmp: tuple[int, int] | None = field(init=False)
    kind: Kind = field(init=False)
    """Family, protocol and type: what decides which rules of a filter can match at all."""

    def __post_init__(self) -> None:
        """Derive the numbers that filters and tables compare."""
        self.readdress(self.source, self.destination, self.ports)

    def readdress(self, source: Address, destination: Address, ports: PortSet) -> None:
        """Give it other addresses and ports, perhaps of the other family."""
        self.source, self.destination = source, destination
        self.src, self.dst = int(source), int(destination)
        self.version = destination.version
        if self.protocol in _WITH_PORTS:
            self.ports, self.icmp = ports, None
            self.low, self.high = ports.ranges[0] if len(ports.ranges) == 1 else _ANY_RANGE
            self.kind = (self.version, self.protocol, None)
            return
        family = family_of(destination)
        self.protocol = protocol_in(self.protocol, family)
        self.icmp = icmp_of(self.protocol, family, reply=self.half is Half.REPLY)
        self.ports = _NO_PORT
        self.low = self.high = 0
        self.kind = (self.version, self.protocol, self.icmp)

    @property
    def packet(self) -> Packet:
        """Return what filters see of it, for words."""
        return Packet(protocol=self.protocol, ports=self.ports, icmp=self.icmp)
