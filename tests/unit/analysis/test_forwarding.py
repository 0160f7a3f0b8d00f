"""How a packet leaves a subnet, where nothing else has a test of its own for it."""

from __future__ import annotations

from typing import Any

import pytest

from netprobe.model.trace import Component, Disposition, Half, Reason
from tests.builders import (
    PUBLIC_IPV6,
    flow,
    gap,
    nat_gateway,
    network_acl,
    prefix_list,
    route,
    route_table,
    subnet,
)
from tests.unit.analysis.situations import DATA, blockers, trace

OUT_OF_VIEW = {
    "cagw-1": Component.CARRIER_GATEWAY,
    "lgw-1": Component.LOCAL_GATEWAY,
    "other-1": Component.OTHER,
}


@pytest.mark.parametrize("target", OUT_OF_VIEW)
def test_what_is_not_walked_is_named(target: str) -> None:
    answer = trace((route_table(routes=(route("0.0.0.0/0", target),)),), flow())
    assert answer.disposition is Disposition.LEFT_VIEW
    assert answer.request.hops[-1].component is OUT_OF_VIEW[target]
    assert answer.reply.hops[0].component is OUT_OF_VIEW[target]


def test_inside_a_subnet_a_reply_meets_neither_acl_nor_table() -> None:
    items = (
        *DATA,
        subnet("subnet-data", "10.0.3.0/24"),
        subnet("subnet-private", "10.0.0.0/22"),
        network_acl(entries=()),
        route_table(local=False),
    )
    answer = trace(items, flow("10.0.2.9"))
    assert Component.ROUTE_TABLE not in {hop.component for hop in answer.request.hops}


def test_a_route_more_specific_than_local_goes_through_the_middlebox() -> None:
    items = (*DATA, route_table(routes=(route("10.0.2.0/24", "eni-fw"),)))
    answer = trace(items, flow("10.0.2.9"))
    assert answer.disposition is Disposition.LEFT_VIEW
    assert answer.request.hops[-1].resource_id == "eni-fw"


def test_the_reply_of_another_subnet_is_routed_by_its_own_table() -> None:
    own = route_table("rtb-data", (route("10.0.1.0/24", "eni-fw"),), ("subnet-data",))
    answer = trace((*DATA, own), flow("10.0.2.9"))
    assert (answer.disposition, answer.request.disposition) == (
        Disposition.LEFT_VIEW,
        Disposition.DELIVERED,
    )
    assert answer.reply.hops[-1].resource_id == "eni-fw"


def test_a_blackhole_on_the_way_back_stops_the_reply_only() -> None:
    own = route_table("rtb-data", (route("10.0.1.0/24", "eni-x", "blackhole"),), ("subnet-data",))
    answer = trace((*DATA, own), flow("10.0.2.9"))
    (blocker,) = answer.blockers
    assert (blocker.half, blocker.reason, blocker.resource_id) == (
        Half.REPLY,
        Reason.REPLY_ELSEWHERE,
        "rtb-data",
    )
    assert answer.request.disposition is Disposition.DELIVERED


def test_an_unread_table_on_the_way_back_makes_the_reply_unknown() -> None:
    call = "ec2:DescribeRouteTables"
    answer = trace(DATA, flow("10.0.2.9"), removed="rtb-main", gaps=(gap(call),))
    assert (answer.request.disposition, answer.reply.disposition) == (
        Disposition.DELIVERED,
        Disposition.UNKNOWN,
    )
    assert answer.unread == (call,)


def test_rival_routes_on_the_way_back_are_not_guessed() -> None:
    lists = tuple(prefix_list(f"pl-{name}", ("10.0.1.0/24",), name=name) for name in "ab")
    routes = (route("pl-a", "eni-a"), route("pl-b", "eni-b"))
    own = route_table("rtb-data", routes, ("subnet-data",))
    answer = trace((*DATA, *lists, own), flow("10.0.2.9"))
    assert (answer.disposition, answer.request.disposition) == (
        Disposition.UNKNOWN,
        Disposition.DELIVERED,
    )


NAT_LEADS: dict[str, tuple[Any, ...]] = {
    "nowhere over IPv6": (route("::/0", "eigw-1"),),
    "into another NAT gateway": (route("0.0.0.0/0", "nat-2"),),
}


@pytest.mark.parametrize("name", NAT_LEADS)
def test_a_nat_gateway_leads(name: str) -> None:
    items = (
        nat_gateway("nat-2"),
        route_table("rtb-public", NAT_LEADS[name], ("subnet-public",)),
    )
    assert blockers(items, flow()) == [("nat-gateway", "nat-without-internet")]


def test_two_faults_behind_each_other_are_both_found() -> None:
    items = (
        route_table(routes=(route("::/0", "eigw-1"),)),
        network_acl(entries=()),
    )
    assert blockers(items, flow(PUBLIC_IPV6)) == [
        ("network-acl", "no-entry-allows"),
        ("network-acl", "no-entry-allows"),
    ]
