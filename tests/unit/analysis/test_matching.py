"""What filters see of a packet, and how rules are compared and written."""

from __future__ import annotations

import pytest

from netprobe.analysis.matching import (
    admits_protocol,
    could_contain,
    describe,
    reply_packet,
    request_packet,
)
from netprobe.model.flow import ICMP, ICMPV6, TCP, UDP
from netprobe.model.resources import SecurityGroupRule
from tests.builders import PUBLIC_IPV6, address, entry, flow, network, rule

PACKETS = {
    "tcp": (flow(), "tcp 443", "tcp 1024-65535"),
    "udp": (flow(protocol=UDP, port=53), "udp 53", "udp 1024-65535"),
    "ping": (flow(protocol=ICMP), "icmp", "icmp"),
    "ping over IPv6": (flow(PUBLIC_IPV6, protocol=ICMP), "icmpv6", "icmpv6"),
    "esp": (flow(protocol=50), "protocol 50", "protocol 50"),
}


@pytest.mark.parametrize("name", PACKETS)
def test_the_halves_are_written_as(name: str) -> None:
    asked, request, reply = PACKETS[name]
    assert (str(request_packet(asked)), str(reply_packet(asked))) == (request, reply)


ECHO = {
    "request": (request_packet(flow(protocol=ICMP)), (8, 0)),
    "reply": (reply_packet(flow(protocol=ICMP)), (0, 0)),
    "request over IPv6": (request_packet(flow(PUBLIC_IPV6, protocol=ICMPV6)), (128, 0)),
    "reply over IPv6": (reply_packet(flow(PUBLIC_IPV6, protocol=ICMPV6)), (129, 0)),
}


@pytest.mark.parametrize("name", ECHO)
def test_an_echo_has_its_type_and_code(name: str) -> None:
    packet, expected = ECHO[name]
    assert packet.icmp == expected


PING = request_packet(flow(protocol=ICMP))


def icmp_rule(icmp: tuple[int, int] | None) -> SecurityGroupRule:
    return SecurityGroupRule(protocol=ICMP, cidr=network("0.0.0.0/0"), icmp=icmp)


ADMITTED = {
    "all protocols": (rule(), PING, True),
    "another protocol": (rule(protocol=UDP), PING, False),
    "any type": (icmp_rule((-1, -1)), PING, True),
    "the type, any code": (icmp_rule((8, -1)), PING, True),
    "another type": (icmp_rule((3, 4)), PING, False),
    "no type said": (icmp_rule(None), PING, True),
    "tcp": (rule(port="443"), request_packet(flow()), True),
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
