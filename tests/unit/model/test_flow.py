"""Flows and how they are written."""

from __future__ import annotations

from netprobe.model.addresses import Family
from netprobe.model.flow import UDP
from tests.builders import PUBLIC_IPV4, PUBLIC_IPV6, flow


def test_the_family_is_that_of_the_destination() -> None:
    assert flow(PUBLIC_IPV4).family is Family.IPV4
    assert flow(PUBLIC_IPV6).family is Family.IPV6


def test_a_flow_is_written_with_its_port() -> None:
    assert str(flow()) == "tcp subnet-private -> 198.51.100.10:443"
    assert str(flow(PUBLIC_IPV6, 53, protocol=UDP)) == "udp subnet-private -> [3fff:a::10]:53"
    assert str(flow(protocol=50)) == "50 subnet-private -> 198.51.100.10:443"
