"""What holds of every way out, whatever the snapshot."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from netprobe.fixes.apply import apply_all
from netprobe.fixes.retrace import World, is_proved, is_reached
from netprobe.fixes.ways_out import find_ways_out
from netprobe.model.flow import Source
from netprobe.model.report import Target, TargetKind
from netprobe.model.resources import RouteState
from netprobe.model.snapshot import Snapshot
from tests.builders import function, route, route_table, security_group, snapshot, without
from tests.connected import connected_snapshots, joined_sources
from tests.strategies import NAMES, groups, routes, snapshots, sources
from tests.unit.diagnosis.cases import API, OPEN, case_of

DESTINATIONS = ("10.0.9.9", "10.2.1.9", "198.51.100.10", "3fff:a::10", "www.example.com")


def target(host: str) -> Target:
    return Target(id=host, given=host, host=host, port=443, kind=TargetKind.TCP)


@given(snapshots(), sources(), st.sampled_from((*NAMES, "198.51.100.10", "3fff:a::10")))
def test_what_is_offered_opens_what_it_says_and_closes_nothing(
    shot: Snapshot, start: Source, host: str
) -> None:
    """Proved by traces over the changed snapshot that share nothing with the search."""
    case = case_of(shot, targets=[target(host)], sources=[start])
    for fix in find_ways_out(case).fixes:
        world = World(case=case, changes=fix.changes)
        assert fix.opens
        assert all(is_reached(world.trace(case.path(key))) for key in fix.opens)
        assert fix.proved is all(is_proved(world.trace(case.path(key))) for key in fix.opens)
        for path in case.paths:
            assert is_proved(path.trace) <= is_proved(world.trace(path))


@given(connected_snapshots(), joined_sources(), st.sampled_from(DESTINATIONS))
def test_joined_vpcs_are_no_exception(shot: Snapshot, start: Source, host: str) -> None:
    """Over peerings and transit gateways, with NAT gateways of every kind."""
    case = case_of(shot, targets=[target(host)], sources=[start])
    for fix in find_ways_out(case).fixes:
        world = World(case=case, changes=fix.changes)
        assert all(is_reached(world.trace(case.path(key))) for key in fix.opens)
        assert fix.commands.aws_cli


@given(
    st.lists(routes(), max_size=3), groups(), st.sampled_from(["eigw-1", "nat-1", "acl-1", "none"])
)
def test_no_change_is_idle(table: list[object], group: object, gone: str) -> None:
    """Without any one of them some path stays closed."""
    items = without(OPEN, gone)
    made = (route_table(routes=tuple(table)), group, function(ipv6_allowed=False), API)  # type: ignore[arg-type] # hypothesis draws routes
    case = case_of(snapshot(*items, *made))
    for fix in find_ways_out(case).fixes:
        for change in fix.changes:
            fewer = tuple(item for item in fix.changes if item is not change)
            world = World(case=case, changes=fewer)
            needed = not all(is_reached(world.trace(case.path(key))) for key in fix.opens)
            assert needed or str(change).startswith(("associate", "create")), str(change)


@given(st.sampled_from(["igw-1", "nat-1", "eigw-1"]))
def test_applying_nothing_changes_nothing(gateway: str) -> None:
    dead = route("0.0.0.0/0", gateway, RouteState.BLACKHOLE)
    shot = snapshot(*OPEN, route_table(routes=(dead,)), security_group())

    assert apply_all(shot, ()) == replace(shot)
