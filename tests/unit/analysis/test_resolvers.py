"""Which resolver is asked, and the traffic to one that is not Amazon's."""

from __future__ import annotations

from typing import Any

import pytest

from netprobe.analysis.resolvers import (
    READ_ATTRIBUTE,
    READ_DHCP,
    choose_resolver,
    is_amazon_resolver,
    resolver_flows,
)
from netprobe.model.flow import TCP, UDP
from tests.builders import address, dhcp_options, snapshot, source, vpc

# servers of the option set, enableDnsSupport: is it Amazon's, servers that are not, unread
CHOICES: dict[str, tuple[tuple[str, ...], bool | None, tuple[Any, ...]]] = {
    "Amazon by its word": (("AmazonProvidedDNS",), True, (True, (), ())),
    "Amazon by its link-local address": (("169.254.169.253",), True, (True, (), ())),
    "Amazon by its IPv6 address": (("fd00:ec2::253",), True, (True, (), ())),
    "Amazon by the VPC's base plus two": (("10.0.0.2",), True, (True, (), ())),
    "one of the VPC's own": (("10.0.5.5",), True, (False, ("10.0.5.5",), ())),
    "two of its own": (("10.0.5.5", "10.0.6.6"), True, (False, ("10.0.5.5", "10.0.6.6"), ())),
    "its own by IPv6": (("2001:db8:1::53",), True, (False, ("2001:db8:1::53",), ())),
    "Amazon before its own": (("AmazonProvidedDNS", "10.0.5.5"), True, (True, ("10.0.5.5",), ())),
    "its own before Amazon": (("10.0.5.5", "AmazonProvidedDNS"), True, (False, ("10.0.5.5",), ())),
    "Amazon, switched off": (("AmazonProvidedDNS",), False, (True, (), ())),
    "Amazon, switched off, before its own": (
        ("AmazonProvidedDNS", "10.0.5.5"),
        False,
        (False, ("10.0.5.5",), ()),
    ),
    "Amazon, attribute not read": (("AmazonProvidedDNS",), None, (None, (), (READ_ATTRIBUTE,))),
    "its own, attribute not read": (("10.0.5.5",), None, (False, ("10.0.5.5",), ())),
    "no server in the set": ((), True, (True, (), ())),
}


@pytest.mark.parametrize("name", CHOICES)
def test_the_option_set_chooses_the_resolver(name: str) -> None:
    servers, enabled, expected = CHOICES[name]
    asking = vpc(dhcp_options_id="dopt-1", enable_dns_support=enabled)
    choice = choose_resolver(snapshot(asking, dhcp_options(*servers)), asking)
    assert (choice.amazon, choice.servers, choice.unread) == expected


@pytest.mark.parametrize("options", [None, "default"])
def test_without_an_option_set_the_amazon_resolver_is_asked(options: str | None) -> None:
    asking = vpc(dhcp_options_id=options)
    assert choose_resolver(snapshot(asking), asking).amazon is True


def test_an_option_set_that_was_not_read_leaves_it_open() -> None:
    asking = vpc(dhcp_options_id="dopt-9")
    choice = choose_resolver(snapshot(asking, dhcp_options("10.0.5.5")), asking)
    assert (choice.amazon, choice.unread) == (None, (READ_DHCP,))


def test_questions_to_a_custom_resolver_are_udp_and_tcp_to_each_server() -> None:
    asking = vpc(dhcp_options_id="dopt-1")
    shot = snapshot(asking, dhcp_options("10.0.5.5", "2001:db8:1::53", "AmazonProvidedDNS"))
    flows = resolver_flows(shot, source())
    assert [(str(item.destination), item.protocol, item.port) for item in flows] == [
        ("10.0.5.5", UDP, 53),
        ("10.0.5.5", TCP, 53),
        ("2001:db8:1::53", UDP, 53),
        ("2001:db8:1::53", TCP, 53),
    ]


@pytest.mark.parametrize("servers", [("AmazonProvidedDNS",), ("AmazonProvidedDNS", "10.0.5.5")])
def test_questions_to_the_amazon_resolver_are_no_traffic_of_the_vpc(
    servers: tuple[str, ...],
) -> None:
    shot = snapshot(vpc(dhcp_options_id="dopt-1"), dhcp_options(*servers))
    assert resolver_flows(shot, source()) == ()


def test_an_unknown_vpc_and_an_unreadable_server_give_no_flows() -> None:
    assert resolver_flows(snapshot(), source()) == ()
    shot = snapshot(vpc(dhcp_options_id="dopt-1"), dhcp_options("not an address"))
    assert resolver_flows(shot, source()) == ()


AMAZON = {
    "169.254.169.253": True,
    "fd00:ec2::253": True,
    "10.0.0.2": True,
    "10.0.0.3": False,
    "10.1.0.2": False,
}


@pytest.mark.parametrize("text", AMAZON)
def test_the_amazon_resolver_has_three_addresses(text: str) -> None:
    asking = vpc(ipv4=("10.0.0.0/16", "10.1.0.0/16"))
    assert is_amazon_resolver(asking, address(text)) is AMAZON[text]


def test_without_a_vpc_only_its_link_local_addresses_are_known() -> None:
    assert is_amazon_resolver(None, address("169.254.169.253"))
    assert not is_amazon_resolver(None, address("10.0.0.2"))
    assert not is_amazon_resolver(vpc(ipv4=("10.0.0.0/31",)), address("10.0.0.2"))


def test_vpc_whose_option_set_was_lost_asks_nobody_knows_whom() -> None:
    """AWS names one for every VPC; where a dump does not, its resolver is not guessed."""
    choice = choose_resolver(snapshot(), vpc(dhcp_options_id=""))

    assert (choice.amazon, choice.unread) == (None, ("ec2:DescribeDhcpOptions",))
