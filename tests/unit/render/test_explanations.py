"""A page or a list in each form: no form says less than another."""

from __future__ import annotations

import pytest

from netprobe.diagnosis.faults import FAULTS
from netprobe.diagnosis.symptoms import SYMPTOMS
from netprobe.render.error_pages import PAGES
from netprobe.render.explanations import (
    Explanation,
    Listed,
    Page,
    Symptoms,
    to_document,
    to_markdown,
    to_text,
)
from netprobe.render.finding_search import entries

SECTIONS = [
    "What it means",
    "Why traffic fails",
    "How netprobe knows",
    "Known limits",
    "Example",
    "Fix",
    "Fix safety",
    "References",
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.code)
def test_finding_has_the_sections_of_its_page(fault: object) -> None:
    """All of them, in order, none empty."""
    page = Page(fault)  # type: ignore[arg-type] # one of FAULTS
    document = to_document(page)

    assert [item["title"] for item in document["sections"]] == SECTIONS
    assert all(item["text"] in to_markdown(page) for item in document["sections"])
    assert all(item["title"] in to_text(page) for item in document["symptoms"])
    assert document["summary"].endswith(".")


def test_error_is_told_apart_from_findings() -> None:
    """It has no code."""
    assert to_document(Page("no-such-vpc")) == {
        "kind": "error",
        "name": "no-such-vpc",
        "title": PAGES["no-such-vpc"].title,
        "text": PAGES["no-such-vpc"].text,
    }


@pytest.mark.parametrize(
    ("explained", "key"),
    [
        (Listed(tuple(entries())), "entries"),
        (Symptoms(SYMPTOMS, whole=False), "symptoms"),
        (Symptoms(SYMPTOMS, whole=True), "symptoms"),
    ],
)
def test_lists_name_the_same_in_each_form(explained: Explanation, key: str) -> None:
    """Names and titles of all."""
    for item in to_document(explained)[key]:
        for text in (to_text(explained), to_markdown(explained)):
            assert item["name"] in text
            assert item["title"] in text
        for entry in item.get("entries", ()):
            assert entry["code"] in to_text(explained)


def test_list_of_one_symptom() -> None:
    """What is seen, then what it can be."""
    (slow,) = (item for item in SYMPTOMS if item.name == "slow")
    (document,) = to_document(Symptoms((slow,), whole=True))["symptoms"]

    assert document["seen"] == slow.seen
    assert {"kind": "finding", "code": "NP406"}.items() <= document["entries"][0].items()
    assert "- NP406 client-prefers-ipv4-dead: " in to_markdown(Symptoms((slow,), whole=True))
