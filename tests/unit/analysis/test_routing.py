"""Which table governs a subnet, and which route wins in it."""

from __future__ import annotations

import pytest

from netprobe.analysis.routing import effective_route_table, winning_route
from netprobe.model.resources import Route
from tests.builders import (
    address,
    gap,
    gateway_endpoint,
    prefix_list,
    route,
    route_table,
    snapshot,
    subnet,
)

LISTS = (
    prefix_list("pl-wide", ("198.51.100.0/24", "203.0.113.0/24"), name="wide"),
    prefix_list("pl-narrow", ("198.51.0.0/16", "198.51.100.0/26"), name="narrow"),
    prefix_list("pl-twin", ("198.51.100.0/24",), name="twin"),
    prefix_list("pl-unread", (), name="unread", entries_read=False),
)

WINNERS: dict[str, tuple[tuple[Route, ...], str]] = {
    "the only one": ((route("0.0.0.0/0", "nat-1"),), "nat-1"),
    "the longest prefix": (
        (route("198.51.100.0/24", "tgw-1"), route("0.0.0.0/0", "nat-1")),
        "tgw-1",
    ),
    "the longest prefix though it is a blackhole": (
        (route("198.51.100.0/24", "tgw-1", "blackhole"), route("0.0.0.0/0", "nat-1")),
        "tgw-1",
    ),
    "the longest entry of a prefix list": (
        (route("pl-narrow", "vpce-1"), route("198.51.100.0/25", "nat-1")),
        "vpce-1",
    ),
    "a static route before a prefix list of the same length": (
        (route("pl-wide", "vpce-1"), route("198.51.100.0/24", "nat-1")),
        "nat-1",
    ),
    "a prefix list before a propagated route": (
        (route("198.51.100.0/24", "vgw-1", propagated=True), route("pl-wide", "vpce-1")),
        "vpce-1",
    ),
    "a longer propagated route before a static one": (
        (route("0.0.0.0/0", "nat-1"), route("198.51.100.0/24", "vgw-1", propagated=True)),
        "vgw-1",
    ),
    "local before a longer propagated route": (
        (route("198.51.0.0/16", "local"), route("198.51.100.0/24", "vgw-1", propagated=True)),
        "local",
    ),
    "a longer static route before local": (
        (route("198.51.0.0/16", "local"), route("198.51.100.0/24", "eni-1")),
        "eni-1",
    ),
    "equal entries of two lists with one target": (
        (route("pl-wide", "nat-1"), route("pl-twin", "nat-1")),
        "nat-1",
    ),
}


@pytest.mark.parametrize("name", WINNERS)
def test_the_route_that_wins_is(name: str) -> None:
    routes, expected = WINNERS[name]
    table = route_table(routes=routes, local=False)
    choice = winning_route(snapshot(*LISTS), table, address("198.51.100.10"))
    assert choice.route is not None
    assert (choice.route.target_id, choice.decided) == (expected, True)


def test_a_route_of_the_other_family_never_matches() -> None:
    table = route_table(routes=(route("::/0", "eigw-1"),))
    assert winning_route(snapshot(), table, address("198.51.100.10")).route is None


def test_equal_entries_of_two_lists_with_two_targets_have_no_winner() -> None:
    table = route_table(routes=(route("pl-wide", "nat-1"), route("pl-twin", "tgw-1")))
    choice = winning_route(snapshot(*LISTS), table, address("198.51.100.10"))
    assert (choice.decided, len(choice.rivals)) == (False, 1)


UNREAD = {
    "entries": ("pl-unread", (), "ec2:GetManagedPrefixListEntries"),
    "a list that no answer has": ("pl-other", (), "ec2:GetManagedPrefixListEntries"),
    "all lists": (
        "pl-other",
        (gap("ec2:DescribeManagedPrefixLists"),),
        "ec2:DescribeManagedPrefixLists",
    ),
}


@pytest.mark.parametrize("name", UNREAD)
def test_a_list_that_was_not_read_leaves_the_choice_open(name: str) -> None:
    prefix_list_id, gaps, call = UNREAD[name]
    table = route_table(routes=(route("0.0.0.0/0", "nat-1"), route(prefix_list_id, "vpce-1")))
    choice = winning_route(snapshot(*LISTS, *gaps), table, address("198.51.100.10"))
    assert (choice.decided, choice.unread) == (False, (call,))


OWN, MAIN = route_table("rtb-own"), route_table("rtb-main", subnets=(), main=True)
TABLES_UNREAD = gap("ec2:DescribeRouteTables")

EFFECTIVE = {
    "its own": ((subnet(), OWN, MAIN), OWN),
    "the main one without an own": ((subnet(), MAIN), MAIN),
    "not the main one of another VPC": ((subnet(vpc_id="vpc-2"), MAIN), None),
    "its own although others were not read": ((subnet(), OWN, MAIN, TABLES_UNREAD), OWN),
    "unknown when its own may be unread": ((subnet(), MAIN, TABLES_UNREAD), None),
    "unknown for an unread subnet": ((MAIN,), None),
}


@pytest.mark.parametrize("name", EFFECTIVE)
def test_the_table_of_a_subnet_is(name: str) -> None:
    items, expected = EFFECTIVE[name]
    assert effective_route_table(snapshot(*items), "subnet-private") == expected


def test_the_table_of_an_unread_subnet_is_the_main_one_of_a_vpc_that_is_known() -> None:
    """The interface in it names the VPC, and no table names the subnet."""
    found = effective_route_table(snapshot(MAIN), "subnet-private", MAIN.vpc_id)
    assert found == MAIN


CERTAIN_WITHOUT_THE_LIST = {
    "private": ("10.0.1.9", ()),
    "private, over another route": ("10.9.9.9", ()),
    "the VPC's own IPv6": ("2001:db8:1:1::9", ()),
    "public": ("198.51.100.10", ("ec2:GetManagedPrefixListEntries",)),
    "public IPv6": ("3fff:a::10", ("ec2:GetManagedPrefixListEntries",)),
}


@pytest.mark.parametrize("name", CERTAIN_WITHOUT_THE_LIST)
def test_an_unread_list_of_a_gateway_endpoint_leaves_open_what_is_public(name: str) -> None:
    destination, unread = CERTAIN_WITHOUT_THE_LIST[name]
    ways = (route("0.0.0.0/0", "nat-1"), route("::/0", "eigw-1"))
    table = route_table(routes=(*ways, route("pl-unread", "vpce-s3")))
    choice = winning_route(snapshot(gateway_endpoint(), *LISTS), table, address(destination))
    assert choice.unread == unread


def test_an_unread_list_of_anything_else_may_hold_any_address() -> None:
    routes = (route("pl-unread", "vpce-s3"), route("pl-other", "tgw-1"))
    table = route_table(routes=routes)
    choice = winning_route(snapshot(gateway_endpoint(), *LISTS), table, address("10.0.1.9"))
    assert choice.unread == ("ec2:GetManagedPrefixListEntries",)
