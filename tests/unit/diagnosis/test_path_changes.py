"""What is said to have opened, closed, gone or come between two looks at the same paths."""

from __future__ import annotations

from dataclasses import replace

import pytest

from netprobe.diagnosis.path_changes import explained, is_unexplained, kept, path_changes
from netprobe.model.addresses import Family, parse_address
from netprobe.model.finding import PathKey
from netprobe.model.flow import Flow
from netprobe.model.path_change import Turn
from netprobe.model.report import Path, PathVerdict, Witnesses
from netprobe.model.trace import (
    Blocker,
    Component,
    Disposition,
    Half,
    HalfTrace,
    Reason,
    Trace,
)
from tests.builders import source

WORKS, BLOCKED = PathVerdict.WORKS, PathVerdict.BLOCKED
REFUSED, UNKNOWN = PathVerdict.REFUSED, PathVerdict.UNKNOWN
KEY = PathKey(source="subnet-a", target="api:a1", family=Family.IPV4)


def blocker(resource_id: str, detail: str = "") -> Blocker:
    return Blocker(
        component=Component.ROUTE_TABLE,
        resource_id=resource_id,
        half=Half.REQUEST,
        reason=Reason.NO_ROUTE,
        detail=detail,
    )


def path(
    verdict: PathVerdict, *blockers: Blocker, unread: tuple[str, ...] = (), key: PathKey = KEY
) -> Path:
    nowhere = HalfTrace(disposition=Disposition.NO_ROUTE)
    trace = Trace(
        flow=Flow(source=source("subnet-a"), destination=parse_address("192.0.2.1")),
        disposition=Disposition.NO_ROUTE,
        request=nowhere,
        reply=nowhere,
        blockers=blockers,
        unread=unread,
    )
    return Path(key=key, verdict=verdict, witnesses=Witnesses.AGREE, trace=trace)


TURNS = [
    (BLOCKED, WORKS, Turn.OPENED),
    (REFUSED, WORKS, Turn.OPENED),
    (WORKS, BLOCKED, Turn.CLOSED),
    (WORKS, REFUSED, Turn.CLOSED),
    (BLOCKED, REFUSED, Turn.CHANGED),
    (WORKS, UNKNOWN, Turn.UNCERTAIN),
    (UNKNOWN, WORKS, Turn.CHANGED),
    (UNKNOWN, BLOCKED, Turn.CHANGED),
]


@pytest.mark.parametrize(("before", "now", "turn"), TURNS)
def test_paths_open_and_close_only_if_that_was_seen(
    before: PathVerdict, now: PathVerdict, turn: Turn
) -> None:
    """From or to the unknown, nobody saw it."""
    (change,) = path_changes((path(before),), (path(now),))

    assert (change.turn, change.was, change.path.verdict) == (turn, before, now)


@pytest.mark.parametrize("verdict", PathVerdict)
def test_same_as_before_is_no_change(verdict: PathVerdict) -> None:
    """Nor are other words for the same block."""
    before = path(verdict, blocker("rtb-1", "198.51.100.10 goes nowhere"))

    assert path_changes((before,), (path(verdict, blocker("rtb-1", "others do")),)) == ()


def test_first_look_tells_where_everything_stands() -> None:
    """With all that is in the way."""
    (change,) = path_changes((), (path(BLOCKED, blocker("rtb-1"), blocker("rtb-2")),))

    assert (change.turn, change.was) == (Turn.SEEN, None)
    assert change.new == (blocker("rtb-1"), blocker("rtb-2"))


def test_block_that_went_is_told_though_the_path_stays_closed() -> None:
    """Whoever mends several things one by one wants to see each."""
    (change,) = path_changes(
        (path(BLOCKED, blocker("rtb-1"), blocker("rtb-2")),),
        (path(BLOCKED, blocker("rtb-2"), blocker("rtb-3")),),
    )

    assert change.turn is Turn.CHANGED
    assert (change.gone, change.new) == ((blocker("rtb-1"),), (blocker("rtb-3"),))


def test_what_could_not_be_read_is_not_gone() -> None:
    """A throttled call opens nothing, and when it is answered again nothing is new."""
    whole = path(WORKS, blocker("rtb-1"))
    partly = path(WORKS, unread=("ec2:DescribeRouteTables",))

    assert path_changes((whole,), (partly,)) == ()
    assert path_changes((partly,), (whole,)) == ()


def test_last_whole_walk_is_what_the_next_is_compared_with() -> None:
    """A block that went while a call failed is told once the call is answered."""
    whole = path(BLOCKED, blocker("rtb-1"))
    partly = path(UNKNOWN, unread=("ec2:DescribeRouteTables",))

    remembered = kept(whole, partly)
    (change,) = path_changes((remembered,), (path(WORKS),))

    assert (remembered.verdict, remembered.trace) == (UNKNOWN, whole.trace)
    assert (change.turn, change.gone) == (Turn.CHANGED, (blocker("rtb-1"),))
    assert kept(None, partly) == partly
    assert kept(partly, whole) == whole


def test_paths_are_told_apart() -> None:
    """By source, target and family; a new one is seen for the first time."""
    other = replace(KEY, family=Family.IPV6)

    (change,) = path_changes((path(WORKS),), (path(WORKS), path(BLOCKED, key=other)))

    assert (change.key, change.turn) == (other, Turn.SEEN)


def test_packets_that_follow_late_are_explained_by_the_last_fact() -> None:
    """What went before is why it opens now; what came before is why it closes now."""
    had, has = path(BLOCKED, blocker("rtb-1")), path(BLOCKED)
    (cleared,) = path_changes((had,), (has,))
    (opened,) = path_changes((has,), (path(WORKS),))

    told = explained(opened, cleared)

    assert is_unexplained(opened)
    assert (told.turn, told.gone, told.earlier) == (Turn.OPENED, (blocker("rtb-1"),), True)

    (came,) = path_changes((path(WORKS),), (path(WORKS, blocker("rtb-2")),))
    (closed,) = path_changes((path(WORKS, blocker("rtb-2")),), (path(BLOCKED, blocker("rtb-2")),))

    assert explained(closed, came).new == (blocker("rtb-2"),)


def test_change_with_facts_of_its_own_needs_no_others() -> None:
    """Nor does one that nothing explains get any."""
    (opened,) = path_changes((path(BLOCKED, blocker("rtb-1")),), (path(WORKS),))
    (silent,) = path_changes((path(BLOCKED),), (path(WORKS),))

    assert explained(opened, silent) == opened
    assert explained(silent, None) == silent
