"""A packet under way."""

from __future__ import annotations

from typing import Any

from netprobe.analysis.fabric import Fabric
from netprobe.analysis.leg import Leg
from netprobe.model.flow import ICMP, ICMPV6
from netprobe.model.trace import Half
from tests.builders import address, ports, snapshot


def leg(**fields: Any) -> Leg:
    defaults: dict[str, Any] = {
        "half": Half.REQUEST,
        "hops": [],
        "place": Fabric(snapshot()).edge("vpc-1"),
        "source": address("10.0.1.4"),
        "destination": address("198.51.100.10"),
        "protocol": 6,
        "ports": ports("443"),
    }
    return Leg(**(defaults | fields))


def test_its_numbers_are_those_of_its_addresses_and_ports() -> None:
    packet = leg()
    assert (packet.version, packet.src, packet.dst) == (
        4,
        int(address("10.0.1.4")),
        int(address("198.51.100.10")),
    )
    assert (packet.low, packet.high, str(packet.packet)) == (443, 443, "tcp 443")


def test_several_ranges_of_ports_are_never_covered_by_one() -> None:
    packet = leg(ports=ports("80,443"))
    assert packet.low < 0
    assert packet.high > 65535


def test_a_ping_is_of_the_family_and_the_half() -> None:
    assert leg(protocol=ICMP).icmp == (8, 0)
    assert leg(protocol=ICMP, half=Half.REPLY).icmp == (0, 0)
    translated = leg(protocol=ICMP)
    translated.readdress(address("2001:db8::1"), address("3fff::1"), ports("443"))
    assert (translated.protocol, translated.icmp, translated.version) == (ICMPV6, (128, 0), 6)


def test_other_protocols_have_no_ports() -> None:
    packet = leg(protocol=50)
    assert (packet.low, packet.high, packet.icmp, str(packet.packet)) == (
        0,
        0,
        None,
        "protocol 50",
    )
