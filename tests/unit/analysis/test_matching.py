"""What filters see of a packet, and how rules are compared and written."""

from __future__ import annotations

import pytest

from netprobe.analysis.matching import (
    Packet,
    admits_protocol,
    could_contain,
    describe,
    icmp_of,
    protocol_in,
)
from netprobe.model.addresses import Family
from netprobe.model.flow import ICMP, ICMPV6, TCP, UDP
from netprobe.model.ports import EPHEMERAL, PortSet
from netprobe.model.resources import SecurityGroupRule
from tests.builders import address, entry, network, rule

WRITTEN_PACKETS = {
    "tcp 443": Packet(protocol=TCP, ports=PortSet.of(443)),
    "udp 1024-65535": Packet(protocol=UDP, ports=EPHEMERAL),
    "icmp": Packet(protocol=ICMP, ports=PortSet.of(0), icmp=(8, 0)),
    "icmpv6": Packet(protocol=ICMPV6, ports=PortSet.of(0), icmp=(128, 0)),
    "protocol 50": Packet(protocol=50, ports=PortSet.of(0)),
}


@pytest.mark.parametrize("text", WRITTEN_PACKETS)
def test_a_packet_is_written_as(text: str) -> None:
    assert str(WRITTEN_PACKETS[text]) == text


ECHO = {
    "request": (icmp_of(ICMP, Family.IPV4, reply=False), (8, 0)),
    "reply": (icmp_of(ICMP, Family.IPV4, reply=True), (0, 0)),
    "request over IPv6": (icmp_of(ICMPV6, Family.IPV6, reply=False), (128, 0)),
    "reply over IPv6": (icmp_of(ICMPV6, Family.IPV6, reply=True), (129, 0)),
    "no echo": (icmp_of(TCP, Family.IPV4, reply=False), None),
}


@pytest.mark.parametrize("name", ECHO)
def test_an_echo_has_its_type_and_code(name: str) -> None:
    found, expected = ECHO[name]
    assert found == expected


def test_a_ping_is_of_its_family() -> None:
    assert [protocol_in(ICMP, family) for family in Family] == [ICMP, ICMPV6]
    assert [protocol_in(ICMPV6, family) for family in Family] == [ICMP, ICMPV6]
    assert [protocol_in(TCP, family) for family in Family] == [TCP, TCP]


PING = Packet(protocol=ICMP, ports=PortSet.of(0), icmp=(8, 0))


def icmp_rule(icmp: tuple[int, int] | None) -> SecurityGroupRule:
    return SecurityGroupRule(protocol=ICMP, cidr=network("0.0.0.0/0"), icmp=icmp)


ADMITTED = {
    "all protocols": (rule(), PING, True),
    "another protocol": (rule(protocol=UDP), PING, False),
    "any type": (icmp_rule((-1, -1)), PING, True),
    "the type, any code": (icmp_rule((8, -1)), PING, True),
    "another type": (icmp_rule((3, 4)), PING, False),
    "no type said": (icmp_rule(None), PING, True),
    "tcp": (rule(port="443"), Packet(protocol=TCP, ports=PortSet.of(443)), True),
}


@pytest.mark.parametrize("name", ADMITTED)
def test_a_rule_admits_a_protocol(name: str) -> None:
    item, packet, expected = ADMITTED[name]
    assert admits_protocol(item, packet) is expected


WRITTEN = {
    "all traffic to x": rule(),
    "tcp 443 to x": rule(port="443"),
    "tcp all ports to x": rule(protocol=TCP),
    "icmp to x": rule(protocol=ICMP),
    "protocol 50 to x": entry(1, "allow", protocol=50),
}


@pytest.mark.parametrize("text", WRITTEN)
def test_a_rule_is_written_as(text: str) -> None:
    assert describe(WRITTEN[text], peer="to x") == text


COULD = {"8.0.0.0/8": True, "0.0.0.0/0": False, "10.0.0.0/8": False, "2600::/12": False}


@pytest.mark.parametrize("cidr", COULD)
def test_a_block_could_hold_an_unknown_public_address(cidr: str) -> None:
    assert could_contain(network(cidr), address("192.0.2.1")) is COULD[cidr]


def test_no_block_holds_nothing() -> None:
    assert could_contain(None, address("192.0.2.1")) is False
