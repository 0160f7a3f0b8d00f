"""Which route of a transit gateway route table wins."""

from __future__ import annotations

import pytest

from netprobe.analysis.transit_routes import CompiledTransitTable
from netprobe.model.interconnect import TransitGatewayRoute
from tests.builders import address, prefix_list, snapshot
from tests.interconnect import transit_route, transit_table

DEFAULT = transit_route("0.0.0.0/0", "att-default")
WINNERS: dict[str, tuple[tuple[TransitGatewayRoute, ...], str | None]] = {
    "none": ((), None),
    "the longest prefix": ((DEFAULT, transit_route("198.51.100.0/24", "att-1")), "att-1"),
    "a static route before a propagated one": (
        (
            transit_route("198.51.100.0/24", "att-1", propagated=True, resource_type="vpc"),
            transit_route("198.51.100.0/24", "att-2"),
        ),
        "att-2",
    ),
    "a static route before a list": (
        (transit_route("pl-1", "att-1"), transit_route("198.51.100.0/24", "att-2")),
        "att-2",
    ),
    "a list before a propagated route": (
        (
            transit_route("198.51.100.0/24", "att-1", propagated=True, resource_type="vpc"),
            transit_route("pl-1", "att-2"),
        ),
        "att-2",
    ),
    "what a VPC propagates before what a VPN does": (
        (
            transit_route("198.51.100.0/24", "att-1", propagated=True, resource_type="vpn"),
            transit_route("198.51.100.0/24", "att-2", propagated=True, resource_type="vpc"),
        ),
        "att-2",
    ),
    "not one of the other family": ((transit_route("::/0", "att-1"),), None),
}


@pytest.mark.parametrize("name", WINNERS)
def test_the_route_that_wins_is(name: str) -> None:
    routes, expected = WINNERS[name]
    shot = snapshot(prefix_list("pl-1", ("198.51.100.0/24",), name="one"))
    table = CompiledTransitTable(shot, transit_table(*routes))
    found = table.lookup(4, int(address("198.51.100.10")))
    assert (found.attachment_ids[0] if found else None) == expected
    assert table.unread == ()


def test_a_list_that_was_not_read_is_named() -> None:
    table = CompiledTransitTable(snapshot(), transit_table(transit_route("pl-9", "att-1")))
    assert table.unread == ("ec2:GetManagedPrefixListEntries",)
