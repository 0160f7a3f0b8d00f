"""A name that private DNS captures: every form ends the way at the endpoint it leads to."""

from __future__ import annotations

from dataclasses import replace

from netprobe.model.addresses import Family
from netprobe.model.report import Path, PathVerdict, Report
from netprobe.model.trace import Component
from netprobe.render.captures import CAPTURES, ends_astray, told_trace
from netprobe.render.chains import chains_of
from netprobe.render.drawing import TOGETHER, draw_stops
from netprobe.render.markdown import render_markdown
from netprobe.render.terminal import render_terminal
from netprobe.render.topology import pictures_of
from tests.recorded import report_of_scenario


def captured() -> tuple[Report, Path]:
    """Return the scenario's report, and its path that meets the endpoint."""
    report = report_of_scenario("S13")
    [path] = [path for path in report.paths if path.key.family is Family.IPV4]
    return report, path


def endpoint_of(path: Path) -> str:
    assert path.trace is not None
    hops = path.trace.request.hops
    return next(hop.resource_id for hop in hops if hop.component is Component.VPC_ENDPOINT)


def test_the_request_stops_at_the_endpoint_and_nothing_of_the_target_replies() -> None:
    """The trace itself stays what it is: delivered, to the wrong far end."""
    _, path = captured()
    told = told_trace(path)

    assert told is not None
    assert path.trace is not None
    assert told.disposition is path.trace.disposition
    assert (told.request.hops[-1].blocks, told.request.hops[-1].detail) == (True, CAPTURES)
    assert told.reply.hops == ()


def test_a_path_that_works_is_told_as_it_was_walked() -> None:
    """The packets know better than the configuration where they came to."""
    _, path = captured()
    works = replace(path, verdict=PathVerdict.WORKS)

    assert not ends_astray(works)
    assert told_trace(works) is path.trace


def test_the_chain_ends_at_the_endpoint() -> None:
    report, path = captured()
    [chain] = chains_of(report, path)

    told = [(link.name, str(link.state), link.says) for link in chain.links[-2:]]
    target = report.target(path.key.target).given
    assert told == [(endpoint_of(path), "stops", CAPTURES), (target, "behind", "")]


def test_the_drawing_says_where_it_stops() -> None:
    """In the terminal and in Markdown."""
    report, path = captured()
    [block] = draw_stops(report, verbose=False)

    request = block.lines[1].text.replace(TOGETHER, " ")
    assert request.endswith(f"→ ✗ {endpoint_of(path)} ({CAPTURES})")
    assert "where it stops" in render_terminal(report)
    assert f"✗ {endpoint_of(path)} ({CAPTURES})" in render_markdown(report)


def test_the_verbose_say_that_another_answers() -> None:
    report, path = captured()
    text = render_terminal(report, verbose=True)

    assert f"✗ vpc-endpoint {endpoint_of(path)}  {CAPTURES}" in text
    assert "request: delivered to the wrong far end" in text
    assert "✓ vpc-endpoint" not in text


def test_no_arrow_of_the_picture_leads_on_to_the_target() -> None:
    report, _ = captured()
    [picture] = pictures_of(report)

    boxes = {box.kind: box for box in picture.across.boxes}
    assert boxes["VPC endpoint"].stopped
    assert len(picture.across.wires) == 1
