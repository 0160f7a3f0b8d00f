"""A half hop by hop, and the rules beside it."""

from __future__ import annotations

from dataclasses import replace

from netprobe.analysis.tracer import Tracer
from netprobe.model.trace import Half, Trace
from netprobe.render.hops import MOST_RULES, fate, hop_lines
from tests.builders import flow, rule, security_group, snapshot, working_vpc


def traced(*rules: str) -> Trace:
    group = security_group(egress=[rule("0.0.0.0/0", port) for port in rules])
    return Tracer(snapshot(*working_vpc(), group), in_detail=True).trace(flow())


def texts(trace: Trace) -> list[str]:
    return [f"{line.mark} {line.text}".strip() for line in hop_lines(trace, Half.REQUEST)]


def test_rules_stand_under_the_hop_they_were_looked_at_for() -> None:
    said = texts(traced("80", "443"))
    start = said.index("✓ security-group sg-1  allows tcp 443 to 0.0.0.0/0")

    assert said[start + 1 : start + 4] == [
        "asked: tcp 443 to 198.51.100.10",
        "· sg-1 allows tcp 80 to 0.0.0.0/0  [family ✓, address ✓, protocol ✓, port ✗]",
        "▸ sg-1 allows tcp 443 to 0.0.0.0/0  [family ✓, address ✓, protocol ✓, port ✓]  decides",
    ]


def test_what_stops_it_says_why() -> None:
    stops = next(i for i in hop_lines(traced("80"), Half.REQUEST) if i.mark == "✗")

    assert stops.text.startswith("security-group sg-1  sg-1: no egress rule allows")


def test_what_was_walked_past_a_block_is_said_to_be_no_more_than_that() -> None:
    """Nothing that is blocked is delivered in the end."""
    blocked, allowed = traced("80"), traced("443")

    assert fate(blocked, Half.REQUEST) == "denied, and on from there as if it had passed"
    assert fate(blocked, Half.REPLY) == "delivered, had the request arrived"
    assert [fate(allowed, half) for half in Half] == ["delivered", "delivered"]


def test_an_empty_set_of_rules_is_said_to_be_empty() -> None:
    assert "· nothing is in it for this direction" in texts(traced())


def test_a_long_list_is_cut_to_what_fits_best() -> None:
    """What decides is never cut, wherever it stands."""
    said = texts(traced(*(str(port) for port in range(1000, 1030)), "443"))

    assert sum("sg-1 allows" in text for text in said) == MOST_RULES
    assert "· and 19 more that fit less" in said
    assert any(text.endswith("decides") and "443" in text for text in said)


def test_what_was_looked_at_without_a_hop_is_not_lost() -> None:
    """A filter of which something was not read gives no hop."""
    trace = traced("443")
    lost = replace(trace, request=replace(trace.request, hops=()))

    assert "· security-group sg-1" in texts(lost)
