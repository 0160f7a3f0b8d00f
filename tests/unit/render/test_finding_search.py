"""Finding a page by words, by a symptom, or by a name misspelt."""

from __future__ import annotations

import pytest

from netprobe.diagnosis.faults import FAULTS
from netprobe.render.error_pages import PAGES
from netprobe.render.finding_search import (
    entries,
    nearest,
    nearest_symptom,
    search,
    symptoms_like,
)


def test_all_entries_are_findings_then_errors() -> None:
    """Each once."""
    names = [name for _, name, _ in entries()]

    assert names == [*(fault.name for fault in FAULTS), *PAGES]


def test_search_ignores_case_and_order() -> None:
    """And wants every word."""
    assert search("NAT gateway blackhole") == search("BLACKHOLE nat GATEWAY")
    assert search("NAT gateway blackhole")[0][0] == "NP105"
    assert search("gateway nosuchwordanywhere") == []


def test_search_finds_an_error_by_its_text() -> None:
    """Not only findings have pages."""
    assert ("error", "expired-credentials", PAGES["expired-credentials"].title) in search(
        "sso login"
    )


def test_exact_name_of_a_symptom_is_not_widened() -> None:
    """connect-timeout is also how two longer names begin."""
    assert [item.name for item in symptoms_like("Connect-Timeout")] == ["connect-timeout"]
    assert len(symptoms_like("connect timeout")) > 2


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("np10", "NP101"),
        ("NP1033", "NP103"),
        ("sg-egress", "sg-egress-missing-v4"),
        ("expired-credential", "expired-credentials"),
        ("xyzzy", None),
    ],
)
def test_nearest_name(given: str, meant: str | None) -> None:
    """The beginning of a name counts more than its likeness."""
    assert nearest(given) == meant


def test_nearest_symptom() -> None:
    """Symptoms have names of their own."""
    assert nearest_symptom("no-aaa") == "no-aaaa"
    assert nearest_symptom("qqq") is None
