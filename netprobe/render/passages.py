"""The words for what works: which way it takes, at what price, and what would break it."""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.model.passage import Passage
from netprobe.model.report import Report
from netprobe.render.blocks import Block, Line, Tone

_MOST_TOLD = 6

_Way = tuple[str, str, str]
"""Family, what carries it, and its cost."""


def narrate_passages(report: Report, *, verbose: bool) -> Iterator[Block]:
    """Yield one block for what works, one line a way; with ``verbose`` what each path hangs on."""
    ways = _by_way(report)
    if ways:
        lines = [_line(way, mine, report) for way, mine in ways.items()]
        told = lines if verbose else lines[:_MOST_TOLD]
        if len(lines) > len(told):
            told.append(Line(text=f"and {len(lines) - len(told)} more ways (-v)", mark="·"))
        if verbose:
            told += [line for item in report.passages for line in _hangs_on(item)]
        yield Block(heading="how what works gets there", lines=tuple(told))
    if report.savings:
        told = [Line(text=item.says, mark="·") for item in report.savings]
        yield Block(heading="what could be saved", lines=tuple(told))


def _by_way(report: Report) -> dict[_Way, list[Passage]]:
    found: dict[_Way, list[Passage]] = {}
    for item in report.passages:
        found.setdefault((item.key.family.label, item.says, _cost(item)), []).append(item)
    return found


def _line(way: _Way, mine: list[Passage], report: Report) -> Line:
    family, says, cost = way
    targets = list(dict.fromkeys(report.target(item.key.target).given for item in mine))
    more = f" and {len(targets) - 1} more" if len(targets) > 1 else ""
    return Line(text=f"{family} to {targets[0]}{more}: {says}; {cost}", mark="✓")


def _cost(item: Passage) -> str:
    standing, per_gb = item.standing_cost_usd_per_month, item.cost_usd_per_gb
    traffic = f", {per_gb:g} USD per GB" if per_gb else ""
    if standing is None:
        return f"standing cost unknown{traffic}"
    return f"{standing:.2f} USD a month{traffic}" if standing else f"no standing cost{traffic}"


def _hangs_on(item: Passage) -> Iterator[Line]:
    key = item.key
    where = f"{key.family.label} {key.source} → {key.target}"
    if item.depends_on is None:
        yield Line(text=f"{where}: what it hangs on was not examined", mark="·", tone=Tone.QUIET)
    elif item.depends_on:
        yield Line(text=f"{where} hangs on:", mark="·", tone=Tone.QUIET)
        for one in item.depends_on:
            yield Line(text=f"  {one.says}", tone=Tone.QUIET)
