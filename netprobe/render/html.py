"""A report as one HTML file: readable without a script, a network or a server.

The template holds the words of the page and all markup; what comes from the report goes through
jinja2's escaping and through ``clean``, so that a name is never markup and never reorders text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from itertools import groupby
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup

from netprobe.diagnosis.faults import FAULTS
from netprobe.model.finding import Finding, PathKey, Role
from netprobe.model.report import Path, PathVerdict, Report
from netprobe.model.trace import Half
from netprobe.render import support
from netprobe.render.captures import told_trace
from netprobe.render.chains import chains_of
from netprobe.render.clean import clean
from netprobe.render.closing import closing_blocks
from netprobe.render.findings import path_title, tell_findings
from netprobe.render.hops import hop_lines
from netprobe.render.html_text import keep_ids
from netprobe.render.labels import capital, target_labels
from netprobe.render.layout import WIDTH
from netprobe.render.narrative import (
    answer_of,
    grid_of,
    habit_blocks,
    later_blocks,
    opening_blocks,
    sandbox_block,
    witnesses_of,
)
from netprobe.render.topology import left_out, matters, pictures_of
from netprobe.render.ways_out import PROVED, closed_ways, notes_of, price_of, steps_of


def render_html(report: Report) -> str:
    """Return the report as a page of its own."""
    template = _environment().get_template("report.html.j2")
    numbers = {target.id: number for number, target in enumerate(report.targets, 1)}
    notes = [item for item in report.findings if item.role is Role.NOTE]
    told = [item for item in report.findings if item not in notes]
    return template.render(
        report=report,
        answer=answer_of(report),
        grid=grid_of(report),
        opening=tuple(opening_blocks(report, verbose=True)),
        later=tuple(later_blocks(report, verbose=True)),
        facts=support.facts(report),
        pictures=pictures_of(report),
        left_out=left_out(report),
        findings=tell_findings(report, told),
        notes=tell_findings(report, notes),
        closed=tuple(closed_ways(report)),
        invocations=support.invocations(report),
        stages={
            key: tuple(stages)
            for key, stages in groupby(support.stages(report), key=lambda stage: stage.key)
        },
        more=(*habit_blocks(report), *(sandbox_block(item) for item in report.sandboxes)),
        closing=tuple(closing_blocks(report)),
        pages=_pages(report.findings),
        numbers=numbers,
        labels=target_labels(report),
        needless=_works_otherwise(report),
        matter=matters(report),
        classes=lambda paths: _classes(paths, numbers),
        of_targets=lambda ids: " ".join(["f v4 v6", *sorted({f"t{numbers[i]}" for i in ids})]),
    )


def _classes(paths: Iterable[PathKey], numbers: dict[str, int]) -> str:
    """Return the classes by which the filters find what is about these paths."""
    names = {f"t{numbers[key.target]}" for key in paths} | {_family_class(key) for key in paths}
    return " ".join(["f", *sorted(names)]) if names else ""


def _works_otherwise(report: Report) -> Callable[[Path], bool]:
    """Return what tells whether another family leads from a path's source to its target."""
    works = [item.key for item in report.paths if item.verdict is PathVerdict.WORKS]
    pairs = {(key.source, key.target) for key in works}
    return lambda path: (path.key.source, path.key.target) in pairs


def _family_class(key: PathKey) -> str:
    return key.family.value.removeprefix("ip")


def _pages(findings: Iterable[Finding]) -> list[tuple[str, str, Markup]]:
    """Return the pages of these findings: code, title, and the page as HTML."""
    codes = {item.code for item in findings}
    return [(item.code, item.title, _page(item.code)) for item in FAULTS if item.code in codes]


@cache
def _page(code: str) -> Markup:
    """Return a fault's own page as HTML; its headings are below those of the report."""
    [doc] = [item.doc or "" for item in FAULTS if item.code == code]
    reader = MarkdownIt("commonmark", {"html": False})
    tokens = reader.parse(doc)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{int(token.tag[1:]) + 1}"
    return Markup(reader.renderer.render(tokens, reader.options, {}))  # noqa: S704 # netprobe's own


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("netprobe.render"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"capital_first": capital, "ids": keep_ids}
    environment.globals |= {
        "Half": Half,
        "PROVED": PROVED,
        "WIDTH": WIDTH,
        "PathVerdict": PathVerdict,
        "chains_of": chains_of,
        "hop_lines": hop_lines,
        "notes_of": notes_of,
        "path_title": path_title,
        "price_of": price_of,
        "steps_of": steps_of,
        "told_trace": told_trace,
        "witnesses": witnesses_of,
    }
    return environment


def _shown(value: Any) -> Any:  # noqa: ANN401 # whatever an expression yields
    """Return what an expression writes: text in which nothing is hidden or reordered."""
    return clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value
