"""What internet and egress-only internet gateways stop and what they let pass."""

from __future__ import annotations

import pytest

from netprobe.model.resources import Ipv6Block
from netprobe.model.trace import Disposition
from tests.builders import (
    PUBLIC_IPV6,
    flow,
    gap,
    interface,
    internet_gateway,
    network,
    route,
    route_table,
    source,
    subnet,
)
from tests.unit.analysis.situations import PUBLIC_TABLE, Blocked, Delivered, blockers, trace

BLOCKED: Blocked = {
    "internet gateway, function without public address": (
        (PUBLIC_TABLE,),
        flow(),
        [("internet-gateway", "no-public-ipv4")],
    ),
    "internet gateway, source that is no function": (
        (PUBLIC_TABLE,),
        flow(source=source(function_name=None)),
        [("internet-gateway", "no-public-ipv4")],
    ),
    "internet gateway detached": (
        (PUBLIC_TABLE, internet_gateway(attached=None)),
        flow(PUBLIC_IPV6),
        [("internet-gateway", "gateway-detached")],
    ),
    "internet gateway of another VPC, three faults at once": (
        (PUBLIC_TABLE, internet_gateway(attached="vpc-2")),
        flow("192.168.7.7"),
        [
            ("internet-gateway", "gateway-detached"),
            ("internet-gateway", "private-destination"),
            ("internet-gateway", "no-public-ipv4"),
        ],
    ),
    "blackhole to a detached internet gateway hides the missing public address": (
        (route_table(routes=(route("0.0.0.0/0", "igw-1", "blackhole"),)),),
        flow(),
        [("route-table", "blackhole-route"), ("internet-gateway", "no-public-ipv4")],
    ),
    "a NAT64 address that no route leads to a NAT gateway": (
        (),
        flow("64:ff9b::c633:640a"),
        [("egress-only-internet-gateway", "private-destination")],
    ),
    "a multicast address": (
        (),
        flow("ff0e::1"),
        [("egress-only-internet-gateway", "private-destination")],
    ),
    "interface that no internet gateway carries": (
        (
            PUBLIC_TABLE,
            interface(
                "eni-1",
                "10.0.1.7",
                public_addresses=(network("203.0.113.7")[0],),
                deny_all_igw_traffic=True,
            ),
        ),
        flow(source=source(function_name=None, interface_id="eni-1")),
        [("internet-gateway", "deny-all-igw-traffic")],
    ),
    "a public address of another of the interface's addresses": (
        (
            PUBLIC_TABLE,
            interface(
                "eni-1",
                "10.0.1.7",
                public_of=((network("10.0.1.8")[0], network("203.0.113.7")[0]),),
            ),
        ),
        flow(source=source(function_name=None, interface_id="eni-1")),
        [("internet-gateway", "no-public-ipv4")],
    ),
    "egress-only gateway detached": (
        (internet_gateway("eigw-1", attached=None),),
        flow(PUBLIC_IPV6),
        [("egress-only-internet-gateway", "gateway-detached")],
    ),
    "egress-only gateway, private block": (
        (subnet(private_ipv6=True),),
        flow(PUBLIC_IPV6),
        [("egress-only-internet-gateway", "private-ipv6-source")],
    ),
}

DELIVERED: Delivered = {
    "IPv6 through an egress-only gateway": ((), flow(PUBLIC_IPV6)),
    "IPv6 through an internet gateway": ((PUBLIC_TABLE,), flow(PUBLIC_IPV6)),
    "IPv4 from an interface with a public address": (
        (
            PUBLIC_TABLE,
            interface("eni-1", "10.0.1.7", public_addresses=(network("203.0.113.7")[0],)),
        ),
        flow(source=source(function_name=None, interface_id="eni-1")),
    ),
}


@pytest.mark.parametrize("name", BLOCKED)
def test_every_blocker_is_named_in_the_order_it_is_met(name: str) -> None:
    items, asked, expected = BLOCKED[name]
    assert blockers(items, asked) == expected


@pytest.mark.parametrize("name", DELIVERED)
def test_nothing_blocks_what_works(name: str) -> None:
    answer = trace(*DELIVERED[name])
    assert (answer.disposition, answer.blockers) == (Disposition.DELIVERED, ())
    assert answer.request.disposition is answer.reply.disposition is Disposition.DELIVERED


def test_an_address_of_a_public_block_beside_a_private_one_goes_out() -> None:
    blocks = (
        Ipv6Block(cidr=network("2001:db8:1:1::/64")),
        Ipv6Block(cidr=network("2001:db8:1:2::/64"), private=True),
    )
    answer = trace((subnet(ipv6_blocks=blocks),), flow(PUBLIC_IPV6))
    assert answer.disposition is Disposition.DELIVERED


def test_a_public_address_is_not_denied_while_the_source_interface_was_not_read() -> None:
    call = "ec2:DescribeNetworkInterfaces"
    start = source(function_name=None, interface_id="eni-1")
    answer = trace((PUBLIC_TABLE,), flow(source=start), gaps=(gap(call),))
    assert (answer.disposition, answer.unread) == (Disposition.UNKNOWN, (call,))
