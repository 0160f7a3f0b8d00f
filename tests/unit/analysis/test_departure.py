"""What must hold before a packet leaves."""

from __future__ import annotations

import pytest

from netprobe.model.flow import UDP
from netprobe.model.trace import Component, Disposition
from tests.builders import (
    PUBLIC_IPV6,
    dhcp_options,
    flow,
    interface,
    network_acl,
    route_table,
    security_group,
    source,
    subnet,
    vpc,
)
from tests.unit.analysis.situations import Blocked, Delivered, blockers, trace

BLOCKED: Blocked = {
    "function may not use IPv6": (
        (),
        flow(PUBLIC_IPV6, source=source(ipv6_allowed=False)),
        [("function", "ipv6-not-allowed")],
    ),
    "function may not use IPv6 and its subnet has none": (
        (subnet(ipv6=None),),
        flow(PUBLIC_IPV6, source=source(ipv6_allowed=False)),
        [("function", "ipv6-not-allowed"), ("subnet", "no-ipv6-block")],
    ),
    "subnet without IPv6, no function": (
        (subnet(ipv6=None),),
        flow(PUBLIC_IPV6, source=source(ipv6_allowed=False, function_name=None)),
        [("subnet", "no-ipv6-block")],
    ),
    "interface without an IPv6 address": (
        (interface("eni-1", "10.0.1.7"),),
        flow(PUBLIC_IPV6, source=source(function_name=None, interface_id="eni-1")),
        [("network-interface", "no-source-address")],
    ),
    "interface without an IPv6 address, and its subnet has none": (
        (interface("eni-1", "10.0.1.7"), subnet(ipv6=None)),
        flow(PUBLIC_IPV6, source=source(function_name=None, interface_id="eni-1")),
        [("network-interface", "no-source-address"), ("subnet", "no-ipv6-block")],
    ),
    "IPv6-only subnet": ((subnet(ipv4=None),), flow(), [("subnet", "no-ipv4-block")]),
    "resolver off": (
        (vpc(enable_dns_support=False),),
        flow("10.0.0.2", port=53, protocol=UDP),
        [("resolver", "no-resolver")],
    ),
}

DELIVERED: Delivered = {
    "Amazon resolver, whatever the filters": (
        (security_group(egress=()), network_acl(entries=()), route_table(local=False)),
        flow("10.0.0.2", port=53, protocol=UDP),
    ),
    "Amazon resolver at its link-local address": (
        (dhcp_options(),),
        flow("169.254.169.253", port=53),
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


STARTS = {
    "function": (source(), Component.FUNCTION),
    "interface": (source(function_name=None, interface_id="eni-1"), Component.NETWORK_INTERFACE),
    "subnet": (source(function_name=None), Component.SUBNET),
}


@pytest.mark.parametrize("name", STARTS)
def test_the_first_hop_is_where_the_flow_starts(name: str) -> None:
    start, component = STARTS[name]
    assert trace((), flow(source=start)).request.hops[0].component is component
