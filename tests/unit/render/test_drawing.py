"""Drawings of what stops a path."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from netprobe.model.addresses import Family
from netprobe.model.report import Report
from netprobe.render.drawing import MOST_DRAWN, TOGETHER, draw_stops
from tests.builders import (
    entry,
    network_acl,
    route_table,
    security_group,
    snapshot,
    source,
)
from tests.recorded import report_of_scenario
from tests.reports import report_of, report_of_step
from tests.unit.diagnosis.cases import case_of, changed, target_of


def report(*items: Any, **fields: Any) -> Report:
    return report_of(case_of(snapshot(*changed(*items)), **fields))


def drawn(of: Report, *, verbose: bool = False) -> list[str]:
    blocks = draw_stops(of, verbose=verbose)
    return [line.text.replace(TOGETHER, " ") for block in blocks for line in block.lines]


def test_the_way_is_dotted_past_the_first_thing_that_stops_it() -> None:
    """Each thing that stops it is marked and says how."""
    said = drawn(report(route_table(routes=()), security_group(egress=())))

    stopped = "✗ sg-1 (egress not allowed) ┄> acl-1 ┄> ✗ rtb-private (no route) ┄> api:abc123"
    assert said == [
        "IPv4 subnet-private → api:abc123",
        f"request notify → {stopped}",
        "IPv6 subnet-private → api:abc123",
        f"request notify → {stopped}",
    ]


def test_a_reply_that_stops_is_drawn_from_the_far_end() -> None:
    closed = network_acl(entries=(entry(100, "allow", egress=True),), subnets=("subnet-private",))
    acl = network_acl("acl-2", subnets=("subnet-public",))

    ipv4 = drawn(report(closed, acl))[1]

    assert ipv4.startswith("reply   api:abc123 →")
    assert ipv4.endswith("✗ acl-1 (no entry allows) ┄> notify")


def test_paths_that_stop_alike_share_a_drawing_within_their_family() -> None:
    sources = (source(), source(id="twin"))

    said = drawn(report(security_group(egress=()), sources=sources))

    assert [text for text in said if "→ api" in text and not text.startswith("request")] == [
        "IPv4 subnet-private → api:abc123, and 1 more alike",
        "IPv6 subnet-private → api:abc123, and 1 more alike",
    ]


def test_what_nobody_feels_is_drawn_for_the_verbose_only() -> None:
    felt = report(security_group(egress=()))
    unfelt = replace(felt, felt=frozenset())

    assert drawn(felt)
    assert drawn(unfelt) == []
    assert drawn(unfelt, verbose=True) == drawn(felt)


def test_many_drawings_are_cut_and_counted() -> None:
    targets = tuple(target_of(id=f"t{number}", given=f"t{number}") for number in range(MOST_DRAWN))
    said = drawn(report(security_group(egress=()), targets=targets))

    assert said[-1] == f"and {MOST_DRAWN} more (-v)"


def test_what_works_is_not_drawn() -> None:
    assert drawn(report(), verbose=True) == []


def test_what_stops_where_the_other_family_works_is_not_headed_as_if_it_mattered() -> None:
    """A healthy report has nothing under "where it stops"."""
    [block] = draw_stops(report_of_scenario("S19"), verbose=True)

    assert block.heading.startswith("not needed: where the other address family stops")
    assert len(block.lines) > 2


def test_what_is_felt_and_what_is_not_needed_are_drawn_apart() -> None:
    """Each under its own heading."""
    whole = report_of_step(4)
    blocked = [path.key for path in whole.paths if path.key.family is Family.IPV4]
    felt = replace(whole, felt=frozenset(blocked[:1]))

    needed, needless = draw_stops(felt, verbose=True)
    assert needed.heading.startswith("where it stops")
    assert needless.heading.startswith("not needed")
