"""Which target a way out leads to, and which it does not."""

from __future__ import annotations

from dataclasses import replace

from netprobe.model.fix import Way, WayOut, WayState
from netprobe.model.report import Report
from netprobe.render.html import render_html
from netprobe.render.markdown import render_markdown
from netprobe.render.ways_out import closed_ways, narrate_ways_out, price_of
from tests.reports import report_of_step

OTHER = "tcp:10.0.0.9:5432"
NO_NAT = "no change that netprobe knows opens it here"


def told(report: Report) -> list[str]:
    return [item.line.text for item in closed_ways(report)]


def several(names: int = 1) -> Report:
    """Return the story's report with more targets, which no NAT gateway leads to."""
    report = report_of_step(0)
    [target] = report.targets
    others = tuple(
        replace(target, id=f"{OTHER}{n}", given=f"db-{n}", surveyed=False) for n in range(names)
    )
    closed = tuple(
        WayOut(target=item.id, way=Way.NAT_GATEWAY, state=WayState.NO_FIX, says=NO_NAT)
        for item in others
    )
    return replace(
        report, targets=(target, *others), ways_out=(*report.ways_out, *closed)
    )  # its own fixes go by a NAT gateway


def test_a_way_that_is_closed_to_one_target_names_it() -> None:
    """Beside a fix that opens it to another one it would contradict itself."""
    [line] = [text for text in told(several()) if "NAT gateway" in text]

    assert line == f"not by a NAT gateway, to db-0: {NO_NAT}"
    assert line.replace("db-0", "`db-0`") in render_markdown(several())


def test_a_fix_names_the_targets_it_opens_where_several_fail() -> None:
    report = several()
    api = report.targets[0].given

    assert all(price_of(fix, report).endswith(f" to {api}") for fix in report.fixes)
    heads = [
        line.text for block in narrate_ways_out(report, verbose=False) for line in block.lines
    ]
    assert f"to {api}" in next(text for text in heads if text.startswith("fix-1"))


def test_one_target_that_fails_alone_is_not_named_again() -> None:
    report = report_of_step(0)

    assert not [text for text in told(report) if ", to " in text]
    assert price_of(report.fixes[0], report).endswith(" paths")


def test_many_targets_are_counted() -> None:
    """The first two by name."""
    [line] = [text for text in told(several(5)) if "NAT gateway" in text]

    assert ", to db-0, db-1 and 3 more targets: " in line


def test_the_pages_filter_hides_the_ways_of_other_targets() -> None:
    """By the class that tells a target by number, whichever family is chosen."""
    page = render_html(several())

    assert '<li class="f v4 v6 t2"><span class="mark">✗</span>not by a NAT gateway' in page
