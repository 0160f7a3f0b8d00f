"""Every finding carries a fix that the lab has proved, or a reason why it carries none."""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from netprobe.diagnosis.case import Case
from netprobe.diagnosis.examine import examine
from netprobe.diagnosis.faults import FAULTS
from netprobe.fixes.ways_out import find_ways_out, linked
from tests.builders import snapshot
from tests.lab import fixes_table
from tests.lab.fixes_table import BESIDE, BY_HAND, CASES, NO_CHANGE, NOT_IN_THE_LAB, PROVED
from tests.unit.diagnosis.cases import case_of

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs/fixes.md"
CODES = {fault.name: fault.code for fault in FAULTS}
TABLES = [
    import_module(f"tests.unit.diagnosis.{file.stem}")
    for file in sorted((ROOT / "tests/unit/diagnosis").glob("test_faults*.py"))
]


def situations() -> Iterator[tuple[str, Any, Any]]:
    """Yield every situation that fires a fault, with the module that describes it."""
    for module in TABLES:
        for name, rows in module.FIRES.items():
            for row in rows if isinstance(rows, list | tuple) else [rows]:
                yield name, row, module


def case_for(row: Any, module: Any) -> Case:
    if hasattr(module, "_case"):
        made: Case = module._case(row)
        return made
    return case_of(snapshot(*row.resources), row.targets, row.sources, row.observations)


def with_a_fix() -> set[str]:
    """Return the names of the faults for which a fix is offered where they are met."""
    found = set()
    for name, row, module in situations():
        case = case_for(row, module)
        fixes = find_ways_out(case).fixes
        if any(item.name == name and item.fixes for item in linked(examine(case), fixes)):
            found.add(name)
    return found


def test_every_fault_is_in_the_table_once() -> None:
    listed = [*PROVED, *NOT_IN_THE_LAB, *BESIDE, *NO_CHANGE]

    assert sorted(listed) == sorted(CODES)


def test_no_fix_ships_that_is_not_proved() -> None:
    """Where a fault is met and a fix is offered, the lab has run it, or the table says why not."""
    offered = with_a_fix()

    assert offered - PROVED - set(NOT_IN_THE_LAB) == set(BESIDE)
    assert not offered & set(NO_CHANGE)


def test_every_case_runs() -> None:
    """A case that no test goes through would prove nothing."""
    for module in fixes_table.MODULES:
        tests = [item for name, item in vars(module).items() if name.startswith("test_fix_of_")]
        ran = [mark.args[1] for test in tests for mark in test.pytestmark if mark.args]
        assert module.CASES in ran
    assert all(callable(test) for test in BY_HAND.values())
    assert len({(str(case), case.actions, case.broken) for case in CASES}) == len(CASES)


def test_page_tells_what_the_tests_prove() -> None:
    """``make golden`` would change nothing."""
    page = fixes_table.write_page(CODES)
    if os.environ.get("NETPROBE_REWRITE_GOLDEN"):
        PAGE.write_text(page, encoding="utf-8")

    assert PAGE.read_text(encoding="utf-8") == page


@pytest.mark.parametrize("reasons", [NOT_IN_THE_LAB, BESIDE, NO_CHANGE])
def test_reason_is_a_sentence_of_its_own(reasons: dict[str, str]) -> None:
    assert all(len(text) > 10 and not text.endswith(".") for text in reasons.values())
