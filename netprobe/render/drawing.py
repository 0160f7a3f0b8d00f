"""Drawings of paths that do not work: what request and reply meet, and where each stops."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby, takewhile

from netprobe.model.addresses import Family
from netprobe.model.report import Path, PathVerdict, Report
from netprobe.model.trace import Component, Half, Hop, Trace
from netprobe.render.blocks import Block, Line, Tone
from netprobe.render.captures import ends_astray, told_trace
from netprobe.render.chains import NAMING, reasons
from netprobe.render.labels import target_labels

MOST_DRAWN = 4
TOGETHER = "\u00a0"
"""Keeps an arrow and what it leads to on one line."""

_KEY = "(✗ blocks; ┄> on, as if it had passed)"


def draw_stops(report: Report, *, verbose: bool) -> Iterator[Block]:
    """Yield drawings of the ways that stop; paths that stop alike share one.

    What stops and nobody feels is drawn for ``verbose`` only, and by itself where the other family
    leads to the same place.
    """
    told = [path for path in report.paths if verbose or path.key in report.felt]
    works = {_ends(path) for path in report.paths if path.verdict is PathVerdict.WORKS}
    needless = [p for p in told if p.key not in report.felt and _ends(p) in works]
    needed = [path for path in told if path not in needless]
    yield from _drawings(report, needed, f"where it stops {_KEY}", verbose=verbose)
    heading = f"not needed: where the other address family stops {_KEY}"
    yield from _drawings(report, needless, heading, verbose=verbose)


def _ends(path: Path) -> tuple[str, str]:
    return path.key.source, path.key.target


def _drawings(
    report: Report, paths: list[Path], heading: str, *, verbose: bool
) -> Iterator[Block]:
    alike: dict[tuple[Family, tuple[Line, ...]], list[Path]] = defaultdict(list)
    for path in paths:
        trace = told_trace(path)
        if trace is not None and (trace.blockers or ends_astray(path)):
            alike[path.key.family, tuple(_draw(report, path, trace))].append(path)
    drawn = list(alike.items())
    shown = drawn if verbose else drawn[:MOST_DRAWN]
    lines: list[Line] = []
    for (_, drawing), same in shown:
        lines.append(Line(text=_title(report, same), tone=Tone.STRONG))
        lines += drawing
    if len(shown) < len(drawn):
        lines.append(Line(text=f"and {len(drawn) - len(shown)} more (-v)", tone=Tone.QUIET))
    if lines:
        yield Block(heading=heading, lines=tuple(lines))


def _title(report: Report, paths: list[Path]) -> str:
    first = paths[0].key
    others = f", and {len(paths) - 1} more alike" if len(paths) > 1 else ""
    target = target_labels(report)[first.target]
    return f"{first.family.label} {first.source} → {target}{others}"


def _draw(report: Report, path: Path, trace: Trace) -> Iterator[Line]:
    """Yield what stops the name, the request and the reply, each in one line."""
    here = report.source(path.key.source).function_name or Component.FUNCTION.value
    there = target_labels(report)[path.key.target]
    hops = trace.request.hops
    names = tuple(takewhile(lambda hop: hop.component in NAMING, hops))
    if any(hop.blocks for hop in names):
        yield _line("name", _chain(trace, names, Half.REQUEST))
    hops = hops[len(names) :]
    if any(hop.blocks for hop in hops):
        # Past an endpoint it was led to there is no way on: that is where the name leads.
        last = "" if ends_astray(path) else there
        yield _line("request", _chain(trace, hops, Half.REQUEST, last=last))
    reply = trace.reply.hops
    if any(hop.blocks for hop in reply):
        yield _line("reply", _chain(trace, reply, Half.REPLY, first=there, last=here))


def _line(label: str, chain: str) -> Line:
    return Line(text=f"{label.ljust(7, TOGETHER)} {chain}", mark=" ", tone=Tone.BAD)


def _chain(
    trace: Trace, hops: tuple[Hop, ...], half: Half, *, first: str = "", last: str = ""
) -> str:
    """Return the hops in a row; past the first that stops it the arrow is dotted."""
    words: list[str] = [first] if first else []
    stopped = False
    for (_, resource_id), met in groupby(hops, key=lambda hop: (hop.component, hop.resource_id)):
        blocking = next((hop for hop in met if hop.blocks), None)
        text = f"✗ {resource_id} ({reasons(trace, blocking, half)})" if blocking else resource_id
        words.append(_step(text, words, stopped))
        stopped = stopped or blocking is not None
    if last and words[-1].split(TOGETHER)[-1] != last:
        words.append(_step(last, words, stopped))
    return " ".join(words)


def _step(text: str, before: list[str], stopped: bool) -> str:  # noqa: FBT001 # the arrow's kind
    text = text.replace(" ", TOGETHER)
    if not before:
        return text
    return f"{'┄>' if stopped else '→'}{TOGETHER}{text}"
