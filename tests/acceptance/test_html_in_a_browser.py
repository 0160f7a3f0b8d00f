"""The page as people see it: in Chromium, at a desk and on a phone, in the dark and on paper."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, Self

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from netprobe.model.report import Report
from netprobe.render.html import render_html
from tests import hostile
from tests.recorded import report_of_scenario

ARGUMENTS = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
WIDTHS = {"desk": 1280, "phone": 390}
REPORTS = {
    "hostile": hostile.hostile_report,
    "broken": lambda: report_of_scenario("S13", in_detail=True),
    "intermittent": lambda: report_of_scenario("S04", in_detail=True),
    "healthy": lambda: report_of_scenario("S19", in_detail=True),
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; Playwright brings none of its own here."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("no chromium on this machine")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(
            executable_path=chromium, headless=True, args=[*ARGUMENTS]
        )
        yield found
        found.close()


class Shown:
    """A report in a browser, and all the browser had to say about it."""

    def __init__(self, browser: Browser, folder: Path, report: Report, **context: Any) -> None:
        file = folder / "report.html"
        file.write_text(render_html(report), encoding="utf-8")
        self.url = file.as_uri()
        self.said: list[str] = []
        self.asked: list[str] = []
        self.context = browser.new_context(**context)
        self.page: Page = self.context.new_page()
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("dialog", lambda dialog: self.said.append(dialog.message))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(self.url)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", REPORTS)
def test_page_fits_and_is_quiet(browser: Browser, tmp_path: Path, name: str, width: str) -> None:
    """No error, no request but for the file, nothing wider than the screen; folded or not."""
    size = {"width": WIDTHS[width], "height": 900}
    with Shown(browser, tmp_path, REPORTS[name](), viewport=size) as shown:
        for _ in ("folded", "open"):
            wide, room = shown.page.evaluate(
                "(({scrollWidth, clientWidth}) => [scrollWidth, clientWidth])"
                "(document.documentElement)"
            )
            assert wide <= room
            shown.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")

        assert shown.said == []
        assert shown.asked == [shown.url]


def test_hostile_names_are_read_as_text(browser: Browser, tmp_path: Path) -> None:
    """They stand on the page as they were given, and make nothing of it."""
    with Shown(browser, tmp_path, hostile.hostile_report()) as shown:
        text = shown.page.text_content("body") or ""
        made = shown.page.evaluate("document.querySelectorAll('img, script, iframe').length")

    assert made == 0
    for name in (hostile.IMAGE, hostile.SCRIPT, hostile.LONG, hostile.TEMPLATE):
        assert name in text


@pytest.mark.parametrize("width", WIDTHS)
def test_no_line_ends_inside_an_id(browser: Browser, tmp_path: Path, width: str) -> None:
    """Behind a hyphen a browser would break it, and nobody could copy it whole."""
    size = {"width": WIDTHS[width], "height": 900}
    broken = (
        "[...document.querySelectorAll('main *')].flatMap(e => [...e.childNodes])"
        ".filter(n => n.nodeType === 3 && n.parentElement.checkVisibility()"
        " && !n.parentElement.closest('svg, pre'))"
        ".flatMap(n => [...n.data.matchAll(/\\b[a-z]+-[0-9a-f]{17}\\b/g)].filter(m => {"
        " const r = document.createRange(); r.setStart(n, m.index);"
        " r.setEnd(n, m.index + m[0].length); return r.getClientRects().length > 1; }))"
        ".map(m => m[0])"
    )
    with Shown(browser, tmp_path, report_of_scenario("S04"), viewport=size) as shown:
        shown.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        assert shown.page.evaluate(broken) == []


@pytest.mark.parametrize("width", WIDTHS)
def test_pictures_are_whole_at_every_width(browser: Browser, tmp_path: Path, width: str) -> None:
    """One form of each is seen, and no box of it is out of sight."""
    size = {"width": WIDTHS[width], "height": 900}
    with Shown(browser, tmp_path, two_targets(), viewport=size) as shown:
        page = shown.page
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        seen = page.locator(".topology:visible")
        kinds = {item.get_attribute("class") for item in seen.all()}
        fits = [item.evaluate("e => e.scrollWidth <= e.clientWidth") for item in seen.all()]

    assert fits == [True, True]
    assert len(kinds) == 1


@pytest.mark.parametrize("scripts", [True, False])
def test_filters_need_no_script(browser: Browser, tmp_path: Path, scripts: bool) -> None:  # noqa: FBT001 # a case
    """Choosing a family or a target leaves what is about it, in table, picture and findings."""
    report = two_targets()
    with Shown(browser, tmp_path, report, java_script_enabled=scripts) as shown:
        page = shown.page
        ipv4, ipv6 = (page.locator(f"thead th.{name}").first for name in ("v4", "v6"))
        first, second = (page.locator(f"tbody tr.t{number}").first for number in (1, 2))
        assert [i.is_visible() for i in (ipv4, ipv6, first, second)] == [True] * 4
        wires = page.locator("svg path.wire.v4")
        assert wires.first.evaluate(DISPLAY) == "inline"

        page.get_by_label("IPv6", exact=True).check(force=True)
        assert [i.is_visible() for i in (ipv4, ipv6)] == [False, True]
        assert {wire.evaluate(DISPLAY) for wire in wires.all()} == {"none"}
        assert not page.locator("article.v4:not(.v6):visible").count()

        page.get_by_label("both", exact=True).check(force=True)
        page.get_by_label("https://other.example/", exact=True).check(force=True)
        assert [i.is_visible() for i in (ipv4, ipv6, first, second)] == [True, True, False, True]
        assert not page.locator("details.card.t1:not(.t2):visible").count()


DISPLAY = "e => getComputedStyle(e).display"


def two_targets() -> Report:
    """Return a report on two targets, made of one on one."""
    report = report_of_scenario("S12", in_detail=True)
    [target] = report.targets
    other = hostile.renamed(report, {target.id: "https://other.example/"})
    return hostile.replace(
        report,
        targets=report.targets + other.targets,
        paths=report.paths + other.paths,
        felt=report.felt | other.felt,
    )


def test_keyboard_reaches_everything_that_acts(browser: Browser, tmp_path: Path) -> None:
    """Tab comes to the filters, the picture, every fold and every link, and shows where it is."""
    with Shown(browser, tmp_path, report_of_scenario("S04", in_detail=True)) as shown:
        page, met = shown.page, []
        for _ in range(400):
            page.keyboard.press("Tab")
            at = page.evaluate(
                "(e => e === document.body ? null : [e.tagName, e.id || e.textContent.trim()])"
                "(document.activeElement)"
            )
            if at is None or at in met[:1]:
                break
            met.append(at)
        folds = page.evaluate("[...document.querySelectorAll('summary')].filter("
                              "e => e.checkVisibility()).length")  # fmt: skip
        page.locator("summary").first.focus()
        page.keyboard.press("Enter")
        opened = page.evaluate("document.querySelector('details').open")
        page.locator("#family-all").focus()
        page.keyboard.press("ArrowRight")
        chosen = page.evaluate("document.activeElement.id")
        ring = page.evaluate(
            "getComputedStyle(document.activeElement.closest('label')).outlineStyle"
        )

    assert met[0] == ["A", "Skip to the findings"]
    assert met[1] == ["INPUT", "family-all"]
    assert sum(kind == "SUMMARY" for kind, _ in met) == folds > 10
    assert any(kind == "DIV" for kind, _ in met)
    assert (opened, chosen, ring) == (True, "family-v4", "solid")


def test_link_to_a_page_opens_it(browser: Browser, tmp_path: Path) -> None:
    """Without a script: the browser opens the fold that holds what a link leads to."""
    with Shown(browser, tmp_path, report_of_scenario("S04"), java_script_enabled=False) as shown:
        page = shown.page.locator("#page-NP109")
        assert not page.is_visible()

        shown.page.get_by_role("link", name="What NP109").click()
        assert page.is_visible()
        assert shown.asked == [shown.url]


@pytest.mark.parametrize("name", REPORTS)
def test_screen_readers_find_their_way(browser: Browser, tmp_path: Path, name: str) -> None:
    """Landmarks, one first heading, none skipped, heads of tables, words for the picture."""
    with Shown(browser, tmp_path, REPORTS[name]()) as shown:
        levels = shown.page.evaluate(
            "[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(h => +h.tagName[1])"
        )
        counts = shown.page.evaluate(
            "['header', 'main', 'footer', 'section:not([aria-labelledby])',"
            " 'table:not(:has(th[scope]))', 'svg:not([role=img], [aria-hidden=true])',"
            " 'input:not(label input)', '[tabindex]:not([aria-label])']"
            ".map(s => document.querySelectorAll(s).length)"
        )
        pictures = shown.page.locator("svg[role=img] desc").all_text_contents()

    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert counts == [1, 1, 1, 0, 0, 0, 0, 0]
    assert pictures
    assert all("every path is told in words below" in words for words in pictures)


CONTRAST = Path(__file__).with_name("contrast.js").read_text(encoding="utf-8")
"""Returns the worst contrast of any text with what is behind it, and the text."""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["broken", "intermittent", "healthy"])
def test_text_stands_out(browser: Browser, tmp_path: Path, name: str, scheme: Any) -> None:
    """Every text, the picture's too, has a contrast of 4.5 at least (WCAG 2.2, 1.4.3)."""
    with Shown(browser, tmp_path, REPORTS[name](), color_scheme=scheme) as shown:
        shown.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        ratio, text = shown.page.evaluate(CONTRAST)
        behind = shown.page.evaluate("getComputedStyle(document.body).backgroundColor")

    assert ratio >= 4.5, text
    assert (behind == "rgb(246, 247, 249)") is (scheme == "light")


def test_paper_shows_what_is_folded(browser: Browser, tmp_path: Path) -> None:
    """Nobody can click on paper; and the filters, which need a click, are left out."""
    with Shown(browser, tmp_path, report_of_scenario("S04"), color_scheme="dark") as shown:
        page = shown.page
        folded = "document.querySelector('details:not([open]) pre').checkVisibility()"
        assert page.evaluate(folded) is False

        page.emulate_media(media="print", color_scheme="dark")
        assert page.evaluate(folded) is True
        assert not page.locator(".filters").is_visible()
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == (
            "rgb(255, 255, 255)"
        )
        assert page.evaluate(CONTRAST)[0] >= 4.5
        assert page.pdf(format="A4").startswith(b"%PDF")
