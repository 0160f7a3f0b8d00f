"""How a packet enters an interface of the VPC."""

from __future__ import annotations

import pytest

from netprobe.model.trace import Disposition
from tests.builders import (
    flow,
    interface,
    network_acl,
    route_table,
    rule,
    security_group,
)
from tests.unit.analysis.situations import DATA, ENDPOINT, IN, Blocked, Delivered, blockers, trace

BLOCKED: Blocked = {
    "far group knows another group": (
        (*DATA, security_group("sg-db", ingress=(rule("sg-other", "443"),))),
        flow("10.0.2.9"),
        [("security-group", "ingress-not-allowed")],
    ),
    "far subnet lets nothing back": (
        (*DATA, network_acl("acl-data", (IN,), ("subnet-data",))),
        flow("10.0.2.9"),
        [("network-acl", "no-entry-allows")],
    ),
    "nobody has the address": (
        DATA,
        flow("10.0.2.77"),
        [("network-interface", "no-such-address")],
    ),
    "a function's interface takes no connections": (
        (interface("eni-l", "10.0.1.8", interface_type="lambda"),),
        flow("10.0.1.8"),
        [("network-interface", "takes-no-connections")],
    ),
    "a NAT gateway takes nothing unsolicited": (
        (interface("eni-n", "10.0.1.8", interface_type="nat_gateway"),),
        flow("10.0.1.8"),
        [("network-interface", "takes-no-connections")],
    ),
    "nobody in the own subnet has the address": (
        (),
        flow("10.0.1.77"),
        [("network-interface", "no-such-address")],
    ),
}

DELIVERED: Delivered = {
    "interface in another subnet, admitted by reference": (DATA, flow("10.0.2.9")),
    "the same over IPv6": (DATA, flow("2001:db8:1:2::9")),
    "one subnet: neither network ACL nor route table": (
        (*ENDPOINT, network_acl(entries=()), route_table(local=False)),
        flow("10.0.1.9"),
    ),
    "interface without groups filters nothing": (
        (interface("eni-lb", "10.0.1.8"),),
        flow("10.0.1.8"),
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
