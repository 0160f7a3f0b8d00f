"""The page of a finding."""

from __future__ import annotations

import pytest

from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.faults import FAULTS
from netprobe.diagnosis.symptoms import SYMPTOMS
from netprobe.render.finding_pages import by_symptom, index, page

SECTIONS = [
    "## What it means",
    "## Why traffic fails",
    "## How netprobe knows",
    "## Known limits",
    "## Example",
    "## Fix",
    "## Fix safety",
    "## References",
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.code)
def test_page_has_all_sections_in_order(fault: Fault) -> None:
    """A reader finds the same things in the same places, and nothing is empty."""
    text = page(fault)

    assert text.startswith(f"# {fault.code} {fault.name}\n\n{fault.title}.\n")
    assert [line for line in text.splitlines() if line.startswith("## ")] == SECTIONS
    parts = text.split("\n## ")[1:]
    assert all(len(part.split("\n", 1)[1].strip()) > 10 for part in parts)
    assert "https://" in parts[-1]


def test_index_lists_every_finding_once() -> None:
    """Nothing is missing from the table."""
    rows = [line for line in index(FAULTS).splitlines() if line.startswith("| [NP")]

    assert [row.split("]")[0].removeprefix("| [") for row in rows] == [i.code for i in FAULTS]


def test_index_by_symptom_leads_to_every_finding() -> None:
    """Under the symptoms each says it shows, whose titles the contents link to."""
    head, *sections = by_symptom(FAULTS).split("\n## ")

    assert [section.split("\n")[0] for section in sections] == [item.title for item in SYMPTOMS]
    for symptom, section in zip(SYMPTOMS, sections, strict=True):
        codes = [line[3:8] for line in section.splitlines() if line.startswith("- [NP")]
        assert codes == [item.code for item in FAULTS if symptom.name in item.symptoms]
        assert f"- [{symptom.title}](#" in head
    assert "(#403-forbidden-from-inside-the-vpc-only)" in head


def test_page_says_how_the_finding_is_seen() -> None:
    """In the words of the index."""
    assert "Seen as:\n\n- Connect timeout on IPv4 only\n- Task timed out" in page(FAULTS[0])
