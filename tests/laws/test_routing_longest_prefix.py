"""The longest prefix wins, whatever else the table holds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from netprobe.analysis.routing import winning_route
from netprobe.model.addresses import Address, contains
from netprobe.model.resources import Route
from netprobe.model.snapshot import Snapshot
from tests.builders import prefix_list, route, route_table, snapshot
from tests.strategies import addresses, routes

SNAPSHOT: Snapshot = snapshot(
    prefix_list(), prefix_list("pl-9", ("10.0.0.0/12", "::/8"), name="x")
)
tables = st.lists(routes(), max_size=8)


@given(tables, addresses)
def test_the_winner_matches_and_no_static_route_is_longer(
    some: list[Route], destination: Address
) -> None:
    choice = winning_route(SNAPSHOT, route_table(routes=some), destination)
    longer = 0 if choice.prefix is None else choice.prefix.prefixlen
    assert choice.prefix is None or contains(choice.prefix, destination)
    for item in some:
        if item.destination and contains(item.destination, destination) and not item.propagated:
            assert choice.route is not None
            assert item.destination.prefixlen <= longer


@given(tables, addresses)
def test_a_host_route_always_wins(some: list[Route], destination: Address) -> None:
    host = route(str(destination), "eni-host")
    beaten = [item for item in some if item.destination != host.destination]
    choice = winning_route(SNAPSHOT, route_table(routes=[*beaten, host]), destination)
    assert choice.route == host


@given(tables, addresses)
def test_the_order_of_routes_does_not_matter(some: list[Route], destination: Address) -> None:
    there, back = (
        winning_route(SNAPSHOT, route_table(routes=item), destination)
        for item in (some, some[::-1])
    )
    assert there.prefix == back.prefix
