"""A report as a page: what is in the file, before any browser sees it."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from netprobe.render.html import render_html
from tests import hostile
from tests.recorded import SCENARIOS, report_of_scenario
from tests.reports import report_of_step

VOID = {"meta", "input", "br", "link", "img"}


class Page(HTMLParser):
    """The elements of a page, its texts, and whether what is opened is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def of(self, *tags: str) -> Iterator[dict[str, str]]:
        return (attributes for tag, attributes in self.elements if tag in tags)


@pytest.mark.parametrize("scenario_id", SCENARIOS)
def test_page_is_well_formed(scenario_id: str) -> None:
    """What is opened is closed, ids are given once, and links lead somewhere."""
    page = Page(render_html(report_of_scenario(scenario_id, in_detail=True)))

    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    inside = {item["href"][1:] for item in page.of("a") if item["href"].startswith("#")}
    assert page.open == []
    assert len(ids) == len(set(ids))
    assert inside <= set(ids)


def test_page_asks_for_nothing_and_runs_nothing() -> None:
    """One file: no script, no handler, nothing to load; and the browser is told so too."""
    page = Page(render_html(report_of_scenario("S01", in_detail=True)))

    [policy] = [item for item in page.of("meta") if "http-equiv" in item]
    assert policy["content"].startswith("default-src 'none'; style-src 'unsafe-inline'")
    assert not list(page.of("script", "link", "img", "iframe", "object", "form", "base"))
    for _, attributes in page.elements:
        assert "src" not in attributes
        assert not [name for name in attributes if name.startswith("on")]
    assert not re.search(r"url\((?!#)|@import", render_html(report_of_step(0)))


def test_hostile_names_are_text() -> None:
    """No name makes an element, an attribute, a rule of the style or part of the template."""
    harmless, harmful = (
        Page(render_html(report)) for report in (report_of_step(0), hostile.hostile_report())
    )
    made, meant = (
        # The picture tells in a title what it had to cut short, and words with hyphens are whole.
        [
            (tag, sorted(attributes))
            for tag, attributes in page.elements
            if tag != "title" and attributes.get("class") != "whole"
        ]
        for page in (harmful, harmless)
    )

    assert made == meant
    everything = "".join(harmful.texts)
    for name in (hostile.IMAGE, hostile.SCRIPT, hostile.TEMPLATE, hostile.LONG, hostile.MARKDOWN):
        assert name in everything
    assert "rtb-\\u202egnp.exe\\u2066" in everything
    assert not re.search("[\x00-\x08\x0b-\x1f\u202a-\u202e\u2066-\u2069]", everything)


def test_classes_are_netprobes_own() -> None:
    """What the filters go by is numbers and families, never a name."""
    page = Page(render_html(hostile.hostile_report()))

    words = {word for _, item in page.elements for word in item.get("class", "").split()}
    assert {word for word in words if not re.fullmatch(r"[a-z]+[46]?|t\d+|[a-z-]+", word)} == set()


def test_a_box_is_red_for_the_paths_that_stop_there_alone() -> None:
    """The red is a frame of its own, which the filters hide with what it is about."""
    page = Page(render_html(report_of_scenario("S12")))

    red = [item for item in page.of("rect") if item["class"].startswith("box stopped")]
    assert {item["class"] for item in red} == {"box stopped f t1 v6"}


def test_each_target_has_a_picture_in_two_forms() -> None:
    """The page shows one of them, by the screen's width."""
    text = render_html(report_of_step(0))

    assert text.count('class="topology across"') == text.count('class="topology upright"') == 1
    assert ".topology.upright { display: none; }" in text


def test_findings_bring_their_pages() -> None:
    """Each once, with headings below those of the report."""
    text = render_html(report_of_scenario("S01"))

    assert text.count('id="page-NP101"') == 1
    assert 'id="page-NP502"' not in text
    assert "<h3>" in text.split('id="page-NP101"')[1]


def test_templates_are_in_the_wheel(tmp_path: Path) -> None:
    """An installed netprobe writes pages too."""
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    root = Path(__file__).parents[3]
    subprocess.run(build, cwd=root, check=True, capture_output=True)

    [wheel] = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    templates = {path.name for path in (root / "netprobe/render/templates").iterdir()}
    assert {f"netprobe/render/templates/{name}" for name in templates} <= names
