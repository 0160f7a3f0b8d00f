"""Addresses that stand for ones that are not known, and what they leave open."""

from __future__ import annotations

from typing import Any

import pytest

from netprobe.analysis.tracer import trace_name
from netprobe.model.addresses import Family
from netprobe.model.trace import Disposition, Reason
from tests.builders import (
    API_HOST,
    PUBLIC_IPV6,
    address,
    api,
    entry,
    network_acl,
    prefix_list,
    route,
    route_table,
    rule,
    security_group,
    snapshot,
    source,
    subnet,
    without,
    working_vpc,
)
from tests.unit.analysis.situations import trace_to

V4, V6 = Family.IPV4, Family.IPV6


def test_the_stand_in_address_is_one_that_only_a_default_route_takes() -> None:
    table = route_table(routes=(route("0.0.0.0/0", "nat-1"), route("192.0.2.0/24", "tgw-1")))
    answer = trace_to((table,), "www.example.com", V4)
    assert answer.flow.destination == address("198.51.100.1")
    assert answer.disposition is Disposition.DELIVERED
    (warning,) = answer.warnings
    assert (warning.reason, warning.entry) == (Reason.ASSUMED_ADDRESS, "192.0.2.0/24 -> tgw-1")


def test_a_table_full_of_documentation_routes_still_gives_an_answer() -> None:
    taken = ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")
    table = route_table(routes=[route(cidr, "tgw-1") for cidr in taken])
    assert trace_to((table,), "www.example.com", V4).flow.destination == address("192.0.2.1")


def test_an_unread_route_table_still_gives_an_answer() -> None:
    shot = snapshot(*without(working_vpc(), "rtb-private", "rtb-main"))
    answer = trace_name(shot, source(), "www.example.com", V4, port=443)
    assert answer.disposition is Disposition.UNKNOWN


OTHER_ROUTES = {
    "own list of public blocks": ("pl-mine", True),
    "list that AWS manages": ("pl-s3", False),
    "own list of private blocks": ("pl-private", False),
    "list that nobody knows": ("pl-unknown", False),
    "private block": ("172.16.0.0/12", False),
    "public block": ("8.0.0.0/8", True),
}


@pytest.mark.parametrize("name", OTHER_ROUTES)
def test_a_route_the_real_address_might_take_is_a_warning(name: str) -> None:
    destination, warns = OTHER_ROUTES[name]
    items = (
        prefix_list(),
        prefix_list("pl-mine", ("8.8.0.0/16",), name="mine"),
        prefix_list("pl-private", ("10.8.0.0/16",), name="private"),
        route_table(routes=(route("0.0.0.0/0", "nat-1"), route(destination, "tgw-1"))),
    )
    answer = trace_to(items, "www.example.com", V4)
    reasons = {item.reason for item in answer.warnings}
    assert (Reason.ASSUMED_ADDRESS in reasons) is warns


UNSURE: dict[str, tuple[tuple[Any, ...], Disposition]] = {
    "egress to a public block": (
        (security_group(egress=(rule("8.0.0.0/8", "443"),)),),
        Disposition.UNKNOWN,
    ),
    "egress to an own list of public blocks": (
        (
            security_group(egress=(rule("pl-mine", "443"),)),
            prefix_list("pl-mine", ("8.8.0.0/16",), name="mine"),
        ),
        Disposition.UNKNOWN,
    ),
    "egress to an own list of private blocks": (
        (
            security_group(egress=(rule("pl-mine", "443"),)),
            prefix_list("pl-mine", ("10.8.0.0/16",), name="mine"),
        ),
        Disposition.DENIED,
    ),
    "egress to S3 only": (
        (security_group(egress=(rule("pl-s3", "443"),)), prefix_list()),
        Disposition.DENIED,
    ),
    "egress to the VPC only": (
        (security_group(egress=(rule("10.0.0.0/8"),)),),
        Disposition.DENIED,
    ),
    "no entry but one for a public block": (
        (
            network_acl(
                entries=(
                    entry(100, "allow", "8.0.0.0/8", egress=True),
                    entry(100, "allow", "8.0.0.0/8"),
                ),
                subnets=("subnet-private",),
            ),
            network_acl("acl-2", subnets=("subnet-public",)),
        ),
        Disposition.UNKNOWN,
    ),
}


@pytest.mark.parametrize("name", UNSURE)
def test_a_filter_that_might_know_the_real_address_leaves_it_open(name: str) -> None:
    items, expected = UNSURE[name]
    answer = trace_to(items, "www.example.com", V4)
    assert answer.disposition is expected
    assert bool(answer.blockers) is (expected is Disposition.DENIED)


def test_dns64_makes_a_record_for_a_name_without_one() -> None:
    items = (
        api(),
        subnet(enable_dns64=True),
        route_table(routes=(route("64:ff9b::/96", "nat-1"),)),
    )
    answer = trace_to(items, API_HOST, V6)
    assert (answer.disposition, answer.blockers) == (Disposition.DELIVERED, ())
    assert str(answer.flow.destination) == "64:ff9b::c000:201"


def test_dns64_without_its_route_is_a_missing_route() -> None:
    items = (api(), subnet(enable_dns64=True), route_table())
    answer = trace_to(items, API_HOST, V6)
    assert [item.reason for item in answer.blockers] == [Reason.NO_ROUTE]


def test_a_record_the_probe_saw_against_configuration_is_walked_to() -> None:
    answer = trace_to((api(),), API_HOST, V6, PUBLIC_IPV6)
    assert answer.flow.destination == address(PUBLIC_IPV6)
    assert [item.reason for item in answer.blockers] == [Reason.NO_ADDRESS_RECORD]
