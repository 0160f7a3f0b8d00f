"""A comparison in words."""

from __future__ import annotations

import re

import pytest

from netprobe.model.comparison import Comparison, Fact, FactChange, Kind, Side
from netprobe.render.comparing import (
    answer_of,
    comparison_to_markdown,
    render_comparison,
    say_fact,
)
from netprobe.render.json_v1 import to_document
from netprobe.workflows.comparing import compare_reports
from netprobe.workflows.report_sides import side_of_report
from tests.reports import report_of_step


def story(first: int, second: int) -> Comparison:
    sides = (side_of_report(to_document(report_of_step(n)), f"{n}.json") for n in (first, second))
    return compare_reports(*sides)


def fact(**fields: str | None) -> Fact:
    change = FactChange(fields.pop("change", "added"))
    known = {"resource_id": "rtb-1", "kind": "route table", "what": "route"}
    return Fact(**(known | fields), change=change)  # type: ignore[arg-type] # texts, as given


def test_answer_comes_first_and_then_the_path_with_its_reason() -> None:
    """What opened it, and which entry lets it pass now."""
    text = render_comparison(story(0, 4), width=100)
    assert text.startswith("2 paths got better")
    assert "opened: api:" in text
    assert re.search(r"✓ gone: push-prices may not use IPv6", text)
    assert re.search(r"\+ rtb-\w+: ::/0 -> eigw-\w+", text)
    assert text.index("opened: ") < text.index("findings that are gone")


def test_nothing_is_said_in_two_words() -> None:
    """No difference, and what was compared."""
    assert render_comparison(story(2, 2), width=80).startswith("no difference\n")


def test_facts_that_could_not_be_read_are_no_silence() -> None:
    """Nobody may take a refused call for the word that all is the same."""
    found = Comparison(
        kind=Kind.SNAPSHOT,
        before=Side(name="a"),
        now=Side(name="b"),
        not_compared=("NAT gateways were not compared",),
    )
    assert answer_of(found) == "nothing that both could read has changed"
    assert "○ NAT gateways were not compared" in render_comparison(found)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (fact(now="::/0 -> eigw-1"), "rtb-1: route ::/0 -> eigw-1"),
        (fact(change="removed", was="::/0 -> eigw-1"), "rtb-1: route ::/0 -> eigw-1"),
        (fact(change="changed", was="a -> b", now="a -> c"), "rtb-1: route a -> b, now a -> c"),
        (
            fact(change="changed", what="policy", was="a policy", now="a policy"),
            "rtb-1: policy has another text",
        ),
        (fact(what="entry", now="entry 1 denies"), "rtb-1: entry 1 denies"),
        (fact(what="", kind="NAT gateway"), "rtb-1: NAT gateway"),
    ],
)
def test_facts_are_written_as_people_say_them(given: Fact, said: str) -> None:
    """The resource, what it is of it, and what became of that."""
    assert say_fact(given) == said


@pytest.mark.parametrize("width", [80, 120])
def test_ids_are_never_broken(width: int) -> None:
    """Every id of the answer stands on one line, and none of the lines is longer than asked."""
    comparison = story(0, 4)
    text = render_comparison(comparison, width=width)
    for item in comparison.paths:
        assert item.change.path.trace is not None
        for blocker in item.change.gone:
            assert blocker.resource_id in text
    assert max(map(len, text.splitlines())) <= width


def test_ascii_is_ascii() -> None:
    """For terminals that show nothing else."""
    assert render_comparison(story(0, 4), ascii=True).isascii()


def test_markdown_keeps_names_as_names() -> None:
    """An id in a heading is code, the details are a block."""
    text = comparison_to_markdown(story(4, 0))
    assert text.startswith("## netprobe diff\n\n**2 paths got worse**")
    assert "### closed: `api:" in text
    assert text.count("```") % 2 == 0


def test_hostile_name_cannot_move_the_cursor() -> None:
    """A name of a file or a resource is shown, not obeyed."""
    evil = Side(name="a\x1b[2J.json")
    found = Comparison(
        kind=Kind.SNAPSHOT,
        before=evil,
        now=evil,
        facts=(fact(resource_id="rtb-\x1b]0;x\x07", now="\u202eevil"),),
    )
    for text in (render_comparison(found), comparison_to_markdown(found)):
        assert not set("\x1b\x07\u202e") & set(text)
