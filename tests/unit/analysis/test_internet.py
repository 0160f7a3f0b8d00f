"""What crosses the internet between gateways, and what Block Public Access closes."""

from __future__ import annotations

from typing import Any

import pytest

from netprobe.model.resources import BlockMode
from netprobe.model.trace import Component, Disposition, Reason
from tests.builders import (
    PUBLIC_IPV6,
    address,
    flow,
    gap,
    interface,
    internet_gateway,
    nat_gateway,
    route,
    route_table,
    source,
    subnet,
    vpc,
    without,
)
from tests.interconnect import FAR, FAR_IPV6, SECOND, far_group, far_table, public_access
from tests.unit.analysis.situations import PUBLIC_TABLE, Blocked, Delivered, blockers, trace

FAR_PUBLIC = "203.0.113.99"
WEB: tuple[Any, ...] = (
    *SECOND,
    interface(
        "eni-far",
        FAR,
        FAR_IPV6,
        vpc_id="vpc-2",
        subnet_id="subnet-far",
        group_ids=("sg-far",),
        public_addresses=(address(FAR_PUBLIC),),
        public_of=((address(FAR), address(FAR_PUBLIC)),),
    ),
    internet_gateway("igw-2", "vpc-2"),
    far_table(route("0.0.0.0/0", "igw-2"), route("::/0", "igw-2")),
    far_group("0.0.0.0/0", "::/0"),
)
"""A server of the second VPC that anybody may reach under a public address."""
PUBLIC_SOURCE = source(function_name=None, interface_id="eni-1")
HAS_PUBLIC = interface(
    "eni-1",
    "10.0.1.7",
    "2001:db8:1:1::7",
    public_addresses=(address("203.0.113.7"),),
    public_of=((address("10.0.1.7"), address("203.0.113.7")),),
)
NEAR_PUBLIC: tuple[Any, ...] = (PUBLIC_TABLE, HAS_PUBLIC)

BLOCKED: Blocked = {
    "the far VPC has no internet gateway": (
        (*without(WEB, "igw-2"),),
        flow(FAR_PUBLIC),
        [("internet-gateway", "gateway-detached")] * 2,
    ),
    "the far subnet has no way back": (
        (*WEB, far_table()),
        flow(FAR_PUBLIC),
        [("route-table", "reply-elsewhere")],
    ),
    "the far group does not know the public address": (
        (*WEB, far_group("10.0.0.0/16")),
        flow(FAR_PUBLIC),
        [("security-group", "ingress-not-allowed")],
    ),
    "a reference to a group is lost on the internet": (
        (*WEB, *NEAR_PUBLIC, far_group("sg-1")),
        flow(FAR_PUBLIC, source=PUBLIC_SOURCE),
        [("security-group", "ingress-not-allowed")],
    ),
    "the far interface is closed to internet gateways": (
        (
            *WEB,
            interface(
                "eni-far",
                FAR,
                vpc_id="vpc-2",
                subnet_id="subnet-far",
                public_addresses=(address(FAR_PUBLIC),),
                deny_all_igw_traffic=True,
            ),
        ),
        flow(FAR_PUBLIC),
        [("internet-gateway", "deny-all-igw-traffic")],
    ),
    "the far gateway's own table leads nowhere": (
        (*WEB, route_table("rtb-edge", (), (), gateway_ids=frozenset({"igw-2"}), local=False)),
        flow(FAR_PUBLIC),
        [("route-table", "no-route")],
    ),
    "the own gateway's table leads the reply nowhere": (
        (route_table("rtb-edge", (), (), gateway_ids=frozenset({"igw-1"}), local=False),),
        flow(),
        [("route-table", "reply-elsewhere")],
    ),
}

DELIVERED: Delivered = {
    "through a NAT gateway to a server of the snapshot": (WEB, flow(FAR_PUBLIC)),
    "the far group knows the NAT gateway's public address": (
        (*WEB, far_group("203.0.113.5/32")),
        flow(FAR_PUBLIC),
    ),
    "from a public address to a public address": (
        (*WEB, *NEAR_PUBLIC, far_group("203.0.113.7/32")),
        flow(FAR_PUBLIC, source=PUBLIC_SOURCE),
    ),
    "IPv6 out by the egress-only gateway and in by the other VPC's": (WEB, flow(FAR_IPV6)),
    "a reply that the own gateway's table sends on locally": (
        (route_table("rtb-edge", (), (), gateway_ids=frozenset({"igw-1"})),),
        flow(),
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


def test_the_server_is_met_behind_the_internet() -> None:
    answer = trace(WEB, flow(FAR_PUBLIC))
    assert [hop.resource_id for hop in answer.request.hops][-6:] == [
        "igw-1",
        "internet",
        "igw-2",
        "acl-far",
        "sg-far",
        "eni-far",
    ]
    assert [hop.resource_id for hop in answer.reply.hops] == [
        "eni-far",
        "acl-far",
        "rtb-far",
        "igw-2",
        "internet",
        "igw-1",
        "acl-1",
        "nat-1",
        "acl-1",
        "rtb-public",
        "acl-1",
    ]


def test_an_appliance_behind_a_gateway_is_out_of_view() -> None:
    routes = (route("10.0.9.0/24", "eni-fw"),)
    table = route_table("rtb-edge", routes, (), gateway_ids=frozenset({"igw-1"}))
    answer = trace((table,), flow())
    assert (answer.disposition, answer.blockers) == (Disposition.LEFT_VIEW, ())
    assert answer.request.disposition is Disposition.DELIVERED


def test_a_gateways_table_may_lead_to_the_interface_that_asked() -> None:
    routes = (route("10.0.1.0/24", "eni-1"),)
    table = route_table("rtb-edge", routes, (), gateway_ids=frozenset({"igw-1"}))
    answer = trace((*NEAR_PUBLIC, table), flow(source=PUBLIC_SOURCE))
    assert (answer.disposition, answer.blockers) == (Disposition.DELIVERED, ())


def test_a_firewall_endpoint_behind_a_gateway_that_was_not_read_is_unknown() -> None:
    routes = (route("10.0.9.0/24", "vpce-fw"),)
    table = route_table("rtb-edge", routes, (), gateway_ids=frozenset({"igw-1"}))
    answer = trace((table,), flow())
    assert (answer.disposition, answer.unread) == (
        Disposition.UNKNOWN,
        ("ec2:DescribeVpcEndpoints",),
    )


def test_another_target_behind_a_gateway_is_out_of_view() -> None:
    routes = (route("10.0.9.0/24", "odd-1"),)
    table = route_table("rtb-edge", routes, (), gateway_ids=frozenset({"igw-1"}))
    assert trace((table,), flow()).reply.hops[-1].component is Component.OTHER


def test_an_unread_gateway_of_the_far_vpc_is_unknown() -> None:
    call = "ec2:DescribeInternetGateways"
    answer = trace((*without(WEB, "igw-2"),), flow(FAR_PUBLIC), gaps=(gap(call),))
    assert (answer.disposition, answer.unread) == (Disposition.UNKNOWN, (call,))


# What Block Public Access does: mode, exclusions, and which of four flows it closes.
EVERYTHING = {"direct IPv6", "direct IPv4", "NAT", "egress-only"}
ACCESS: dict[str, tuple[Any, set[str]]] = {
    "off": (public_access(BlockMode.OFF), set()),
    "ingress": (public_access(BlockMode.BLOCK_INGRESS), {"direct IPv4", "direct IPv6"}),
    "bidirectional": (public_access(BlockMode.BLOCK_BIDIRECTIONAL), EVERYTHING),
    "bidirectional, the VPC excluded": (
        public_access(BlockMode.BLOCK_BIDIRECTIONAL, ("vpc-1", "allow-bidirectional")),
        set(),
    ),
    "bidirectional, the VPC excluded for egress": (
        public_access(BlockMode.BLOCK_BIDIRECTIONAL, ("vpc-1", "allow-egress")),
        {"direct IPv4", "direct IPv6"},
    ),
    "ingress, excluded for egress": (
        public_access(BlockMode.BLOCK_INGRESS, ("vpc-1", "allow-egress")),
        {"direct IPv4", "direct IPv6"},
    ),
    "of another region": (
        public_access(BlockMode.BLOCK_BIDIRECTIONAL, region="eu-west-1"),
        set(),
    ),
    "as the VPC itself says": (
        vpc(block_public_access=BlockMode.BLOCK_BIDIRECTIONAL),
        EVERYTHING,
    ),
}
ASKED: dict[str, tuple[tuple[Any, ...], Any]] = {
    "direct IPv4": (NEAR_PUBLIC, flow(source=PUBLIC_SOURCE)),
    "direct IPv6": (NEAR_PUBLIC, flow(PUBLIC_IPV6, source=PUBLIC_SOURCE)),
    "NAT": ((), flow()),
    "egress-only": ((), flow(PUBLIC_IPV6)),
}


@pytest.mark.parametrize("way", ASKED)
@pytest.mark.parametrize("name", ACCESS)
def test_block_public_access_closes(name: str, way: str) -> None:
    setting, closed = ACCESS[name]
    items, asked = ASKED[way]
    found = blockers((*items, setting), asked)
    assert found == ([("block-public-access", "block-public-access")] if way in closed else [])


def test_block_public_access_closes_the_way_in() -> None:
    setting = subnet(
        "subnet-far",
        "10.1.1.0/24",
        "2001:db8:2:1::/64",
        vpc_id="vpc-2",
        block_public_access=BlockMode.BLOCK_INGRESS,
    )
    (blocker,) = trace((*WEB, setting), flow(FAR_PUBLIC)).blockers
    assert (blocker.reason, blocker.resource_id) == (Reason.BLOCK_PUBLIC_ACCESS, "subnet-far")


def test_exclusions_that_were_not_read_are_unknown() -> None:
    setting = public_access(BlockMode.BLOCK_BIDIRECTIONAL, exclusions_read=False)
    answer = trace((setting,), flow())
    assert (answer.disposition, answer.unread) == (
        Disposition.UNKNOWN,
        ("ec2:DescribeVpcBlockPublicAccessExclusions",),
    )


def test_the_subnet_of_the_nat_gateway_is_what_counts() -> None:
    setting = public_access(
        BlockMode.BLOCK_BIDIRECTIONAL, ("subnet-public", "allow-bidirectional")
    )
    assert blockers((setting,), flow()) == []
    assert blockers((setting, nat_gateway(subnet_id="subnet-private")), flow()) != []
