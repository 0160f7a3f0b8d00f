"""The drawing of a VPC: everything that matters, in order, without overlap."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest

from netprobe.model.report import Report
from netprobe.render.topology import MOST_SHOWN, WIDTH, Box, Topology, matters, topology_of
from tests.hostile import hostile_report
from tests.recorded import SCENARIOS, report_of_scenario
from tests.reports import report_of_step


def drawn(report: Report) -> Topology:
    found = topology_of(report)
    assert found is not None
    return found


def kinds(topology: Topology) -> list[str]:
    return [box.kind for box in sorted(topology.boxes, key=lambda box: (box.x, box.y))]


@pytest.mark.parametrize("scenario_id", SCENARIOS)
def test_boxes_keep_apart_and_inside(scenario_id: str) -> None:
    """No box lies on another or leaves the drawing, and no text leaves its box."""
    topology = drawn(report_of_scenario(scenario_id))

    for one, other in combinations(topology.boxes, 2):
        assert _apart(one, other)
    for box in topology.boxes:
        assert 0 < box.x < box.x + WIDTH < topology.width
        assert 0 < box.y < box.y + box.height < topology.height
        assert all(box.y < text.y < box.y + box.height for text in box.texts)


def _apart(one: Box, other: Box) -> bool:
    beside = one.x + WIDTH <= other.x or other.x + WIDTH <= one.x
    return beside or one.y + one.height <= other.y or other.y + other.height <= one.y


def test_a_way_through_a_nat_gateway_goes_from_left_to_right() -> None:
    """The gateway's own route table is a line of its box."""
    topology = drawn(report_of_scenario("S04"))

    assert kinds(topology) == [
        "function",
        "function",
        "route table",
        "route table",
        "NAT gateway",
        "internet gateway",
        "REST API",
    ]
    [nat] = [box for box in topology.boxes if box.kind == "NAT gateway"]
    assert [text.whole.split("-")[0] for text in nat.texts] == ["nat", "rtb"]
    assert [wire.family.value for wire in topology.wires] == ["ipv4"] * 5


def test_a_wire_ends_where_the_request_stops() -> None:
    """The table without a route says so, and nothing leads on from it."""
    topology = drawn(report_of_scenario("S01"))
    stops = {
        box.kind: [t.whole for t in box.texts if t.stops] for box in topology.boxes if box.stops
    }

    assert stops == {
        "internet gateway": ["✗ IPv4 no public IPv4"],
        "WebSocket API": ["✗ IPv4 does not work"],
    }
    assert len(topology.wires) == 3


def test_a_family_that_nobody_needs_is_no_stop() -> None:
    """IPv6 is absent by design, and the drawing does not cry wolf."""
    topology = drawn(report_of_scenario("S19"))

    assert not any(box.stops for box in topology.boxes)
    assert "· IPv6 not needed" in {text.whole for box in topology.boxes for text in box.texts}


def test_what_stops_inside_a_subnet_is_named_in_its_box() -> None:
    """A network ACL is no box of its own; request and reply are told apart."""
    topology = drawn(report_of_scenario("S12"))
    [function] = [box for box in topology.boxes if box.kind == "function"]
    told = [text.whole for text in function.texts if text.stops]

    assert told[0] == "✗ IPv6 no entry allows"
    assert told[2] == "✗ IPv6 reply no entry allows"
    assert told[1] == told[3]
    assert told[1].strip().startswith("acl-")


def test_a_long_name_is_cut_and_told_whole() -> None:
    """The box stays a box."""
    texts = [text for box in drawn(hostile_report()).boxes for text in box.texts]

    assert max(len(text.shown) for text in texts) <= 26
    assert max(len(text.whole) for text in texts) > 300


def test_a_crowd_is_cut_and_said_to_be() -> None:
    """Of many subnets a few are drawn."""
    report = report_of_scenario("S04")
    [one, other] = report.sources
    many = tuple(replace(one, id=f"{one.id}-{n}") for n in range(MOST_SHOWN + 4))
    topology = drawn(replace(report, sources=(one, other, *many)))

    assert topology.left_out == "The picture shows 8 of 14 subnets."
    assert [box.kind for box in topology.boxes].count("function") == MOST_SHOWN


def test_nothing_traced_is_nothing_drawn() -> None:
    report = report_of_scenario("S04")

    assert topology_of(replace(report, paths=(), findings=(), felt=frozenset())) is None


def test_what_matters_works_is_felt_or_is_explained() -> None:
    """The story's last report: IPv4 is closed, and a note says so; IPv6 is the way."""
    assert {key.family.value for key in matters(report_of_step(4))} == {"ipv6"}
