"""What the diagnosis judge draws."""

from __future__ import annotations

from itertools import combinations

from netprobe.diagnosis.faults import FAULTS
from tests.judge_diagnosis.bases import BASES
from tests.judge_diagnosis.drawing import KINDS, draw

CASES = draw(200, 1)


def test_same_seed_draws_the_same_cases() -> None:
    assert draw(50, 7) == draw(50, 7)
    assert draw(50, 7) != draw(50, 8)


def test_every_kind_of_fault_is_drawn() -> None:
    drawn = {kind.name for case in CASES for kind in case.kinds}

    assert {kind.name for kind in KINDS.values() if not kind.harmless} <= drawn
    assert len([kind for kind in KINDS.values() if not kind.harmless]) >= 30


def test_cases_hold_one_to_three_faults_or_oddities_alone() -> None:
    counts = {sum(not kind.harmless for kind in case.kinds) for case in CASES}

    assert counts == {0, 1, 2, 3}


def test_kinds_of_a_case_fit_its_base_and_each_other() -> None:
    for case in CASES:
        assert all(case.base in kind.bases for kind in case.kinds), case.title
        assert all(one.fits(other) for one, other in combinations(case.kinds, 2)), case.title


def test_labels_are_names_of_the_register() -> None:
    """A name that netprobe does not know could never be found."""
    known = {fault.name for fault in FAULTS}

    for kind in KINDS.values():
        assert kind.claims <= known, kind.name
        assert kind.bases <= BASES.keys(), kind.name
