"""Boxes keep apart and inside, and wires begin and end at them; across and upright."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import pytest

from netprobe.render.layout import GAP, WIDTH, Box, Drawing
from netprobe.render.topology import pictures_of
from tests.recorded import SCENARIOS, report_of_scenario

PHONE = 390
FORMS = ("across", "upright")


def drawings(scenario_id: str, form: str) -> Iterator[Drawing]:
    for picture in pictures_of(report_of_scenario(scenario_id)):
        yield picture.upright if form == "upright" else picture.across


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("scenario_id", SCENARIOS)
def test_boxes_keep_apart_and_inside(scenario_id: str, form: str) -> None:
    """No box lies on another or leaves the drawing, and no text leaves its box."""
    for drawing in drawings(scenario_id, form):
        assert 0 < drawing.vpc_width < drawing.width
        assert 0 < drawing.vpc_height < drawing.height
        for one, other in combinations(drawing.boxes, 2):
            assert _apart(one, other)
        for box in drawing.boxes:
            assert 0 < box.x < box.x + WIDTH < drawing.width
            assert 0 < box.y < box.y + box.height < drawing.height
            assert all(box.y < text.y < box.y + box.height for text in box.texts)


def _apart(one: Box, other: Box) -> bool:
    beside = one.x + WIDTH <= other.x or other.x + WIDTH <= one.x
    return beside or one.y + one.height <= other.y or other.y + other.height <= one.y


@pytest.mark.parametrize("scenario_id", SCENARIOS)
def test_an_upright_drawing_is_as_wide_as_its_widest_lane(scenario_id: str) -> None:
    """One of two subnets all but fits a phone as it is, and is made a little smaller there."""
    for drawing in drawings(scenario_id, "upright"):
        assert drawing.width <= PHONE * 1.2


@pytest.mark.parametrize("form", FORMS)
def test_what_is_met_later_stands_further_on(form: str) -> None:
    """The target last, behind the VPC's border."""
    [drawing] = drawings("S04", form)
    kinds = [box.kind for box in drawing.boxes]
    along = [box.y if form == "upright" else box.x for box in drawing.boxes]

    assert kinds[-1] == "REST API"
    assert along == sorted(along)
    assert max(along) - max(at for at in along if at < max(along)) >= GAP


@pytest.mark.parametrize("form", FORMS)
def test_a_wire_begins_and_ends_at_the_edges_of_boxes(form: str) -> None:
    [drawing] = drawings("S01", form)

    for wire in drawing.wires:
        x, y = map(int, wire.curve[1:].split(" ")[:2])
        along = y if form == "upright" else x
        edges = {b.y + b.height if form == "upright" else b.x + WIDTH for b in drawing.boxes}
        assert along in edges
