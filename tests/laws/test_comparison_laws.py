"""What holds of every comparison, whatever is compared."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netprobe.analysis.fact_changes import changed_facts
from netprobe.model.comparison import Comparison, Course, Fact, FactChange, Side
from netprobe.model.snapshot import Snapshot
from netprobe.render.json_v1 import to_document
from netprobe.workflows.comparing import compare_reports
from netprobe.workflows.report_sides import side_of_report
from tests.reports import report_of_step
from tests.strategies import snapshots

TURNED = {
    FactChange.ADDED: FactChange.REMOVED,
    FactChange.REMOVED: FactChange.ADDED,
    FactChange.CHANGED: FactChange.CHANGED,
}


def key(fact: Fact) -> tuple[str, ...]:
    return (fact.kind, fact.resource_id, fact.what, fact.change, str(fact.was), str(fact.now))


def turned(fact: Fact) -> tuple[str, ...]:
    other = TURNED[fact.change]
    return (fact.kind, fact.resource_id, fact.what, other, str(fact.now), str(fact.was))


@given(snapshots())
def test_nothing_differs_from_itself(shot: Snapshot) -> None:
    """However strange the configuration is."""
    assert changed_facts(shot, shot) == ()


@given(snapshots(), snapshots())
def test_facts_turn_round_with_the_sides(one: Snapshot, other: Snapshot) -> None:
    """What came one way went the other way, and what was is what is now."""
    assert sorted(map(key, changed_facts(one, other))) == sorted(
        map(turned, changed_facts(other, one))
    )


@given(snapshots(), snapshots())
@settings(max_examples=50)
def test_no_facts_means_the_same_filters_and_routes(one: Snapshot, other: Snapshot) -> None:
    """Silence is a claim: where nothing is told, every table and filter holds the same."""
    if changed_facts(one, other) or one.gaps or other.gaps:
        return
    for table in one.route_tables:
        found = other.route_table(table.route_table_id)
        assert found is not None
        assert set(found.routes) == set(table.routes)
    for group in one.security_groups:
        same = other.security_group(group.group_id)
        assert same is not None
        assert (set(same.ingress), set(same.egress)) == (set(group.ingress), set(group.egress))


def side(step: int) -> Side:
    return side_of_report(to_document(report_of_step(step)), str(step))


@given(st.integers(0, 4))
@settings(max_examples=5)
def test_a_report_does_not_differ_from_itself(step: int) -> None:
    """Nothing gone, nothing new."""
    found = compare_reports(side(step), side(step))
    assert found == Comparison(kind=found.kind, before=found.before, now=found.now)


@pytest.mark.parametrize(("first", "second"), list(itertools.permutations(range(5), 2)))
def test_reports_turn_round_with_the_sides(first: int, second: int) -> None:
    """What is gone one way is new the other way; better is worse."""
    there, back = (
        compare_reports(side(first), side(second)),
        compare_reports(side(second), side(first)),
    )
    returned = {item.change.key: item for item in back.paths}
    assert {item.change.key for item in there.paths} == set(returned)
    opposite = {Course.BETTER: Course.WORSE, Course.WORSE: Course.BETTER}
    for item in there.paths:
        other = returned[item.change.key]
        assert (item.change.gone, item.change.new) == (other.change.new, other.change.gone)
        assert other.course is opposite.get(item.course, item.course)
    assert there.gone_findings == back.new_findings
    assert there.new_findings == back.gone_findings
