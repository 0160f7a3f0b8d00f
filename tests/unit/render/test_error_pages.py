"""The pages of netprobe's own errors."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import netprobe
from netprobe.render.error_pages import PAGES, all_error_pages, error_page

RAISED = {"NetprobeError", "UsageError"}


def references_in_the_code() -> set[str]:
    found = set()
    for path in Path(next(iter(netprobe.__path__))).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in RAISED:
                first = node.args[0]
                assert isinstance(first, ast.Constant), f"{path}: a reference must be a literal"
                found.add(str(first.value))
    return found


def test_every_error_has_a_page_and_every_page_an_error() -> None:
    """What the error line names can be looked up."""
    assert references_in_the_code() == set(PAGES)


@pytest.mark.parametrize("reference", PAGES)
def test_page_says_what_to_do(reference: str) -> None:
    """Whole sentences, in both parts."""
    title, text = PAGES[reference]

    assert title[0].isupper()
    assert not title.endswith(".")
    assert text.endswith(".")
    assert error_page(reference) == f"# {reference}\n\n{title}.\n\n{text}\n"


def test_pages_are_in_alphabetical_order() -> None:
    """So that a reader finds one."""
    assert list(PAGES) == sorted(PAGES)
    assert all_error_pages().count("\n## ") == len(PAGES)
