"""The words for ways out: what to change, what it costs, and how to see the commands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from netprobe.model.fix import Fix, Way, WayState
from netprobe.model.report import Report
from netprobe.render.blocks import Block, Line, Tone
from netprobe.render.labels import target_labels

PROVED = (
    "Each was proved on the changed configuration, unless a note says otherwise; the cheapest "
    "comes first."
)
_MOST_TOLD = 5
_MOST_STEPS = 8
_MOST_NAMED = 3
_NAMES = {
    Way.REPAIR: "mending what is there",
    Way.GATEWAY_ENDPOINT: "a gateway endpoint",
    Way.INTERFACE_ENDPOINT: "an interface endpoint",
    Way.NAT_GATEWAY: "a NAT gateway",
    Way.IPV6: "IPv6",
    Way.DUAL_STACK_NAME: "a dual-stack name",
    Way.LEAVE_VPC: "leaving the VPC",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedWay:
    """A way that no fix takes, in words."""

    line: Line
    targets: tuple[str, ...]
    """Ids of those it is true of."""


def narrate_ways_out(report: Report, *, verbose: bool) -> Iterator[Block]:
    """Yield one block with the ranked ways out; with ``verbose`` each with its commands."""
    closed = tuple(closed_ways(report))
    if not report.fixes and not closed:
        return
    told = report.fixes if verbose else report.fixes[:_MOST_TOLD]
    lines = [line for fix in told for line in _fix(fix, report, verbose=verbose)]
    if len(report.fixes) > len(told):
        lines.append(Line(text=f"and {len(report.fixes) - len(told)} more ways (-v)", mark="·"))
    lines += [item.line for item in closed]
    if report.fixes and not verbose:
        text = "commands: -v as AWS CLI; --format html as Terraform and CloudFormation too"
        lines.append(Line(text=text, tone=Tone.QUIET))
    heading = "ways out (proved on the changed configuration, cheapest first)"
    if not report.fixes:
        heading = "ways out: no change that netprobe knows opens what fails"
    yield Block(heading=heading, tone=Tone.STRONG, lines=tuple(lines))


def cost_of(fix: Fix) -> str:
    """Return what a fix costs, in words."""
    standing, traffic = fix.standing_cost_usd_per_month, fix.cost_usd_per_gb
    if standing is None:
        return "cost unknown in this region"
    per_gb = f", {traffic:g} USD per GB" if traffic else ""
    if not standing:
        return f"no standing cost{per_gb}"
    return f"{standing:.2f} USD a month{per_gb}"


def price_of(fix: Fix, report: Report) -> str:
    """Return what a fix costs and does, in words: money, steps, paths, and where they lead.

    Where one target fails alone, that is the one they lead to.
    """
    size = f"{len(fix.steps)} step{'s' if len(fix.steps) > 1 else ''}"
    opened = f"opens {len(fix.opens)} path{'s' if len(fix.opens) > 1 else ''}"
    several = len(_failing(report)) > 1
    to = f" to {_listed(report, [key.target for key in fix.opens])}" if several else ""
    return f"{cost_of(fix)}, {size}, {opened}{to}"


def steps_of(fix: Fix) -> tuple[str, ...]:
    """Return what there is to do, one sentence a step."""
    return tuple(", then ".join(str(change) for change in step) for step in fix.steps)


def notes_of(fix: Fix) -> tuple[str, ...]:
    """Return what to know before a fix is made."""
    doubt = "not proved, because what the VPC's own resolver answers is not known"
    return (*(() if fix.proved else (doubt,)), *fix.also_touches)


def _fix(fix: Fix, report: Report, *, verbose: bool) -> Iterator[Line]:
    yield Line(
        text=f"{fix.id} {fix.title}: {price_of(fix, report)}",
        mark="✓" if fix.proved else "○",
        tone=Tone.STRONG,
    )
    if verbose:
        for command in fix.commands.aws_cli:
            yield Line(text=command, mark=" ", command=True)
    else:
        for number, step in enumerate(steps_of(fix)[:_MOST_STEPS], 1):
            yield Line(text=step, mark=f"  {number}.")
        if len(fix.steps) > _MOST_STEPS:
            yield Line(text=f"and {len(fix.steps) - _MOST_STEPS} steps more", mark="   ")
    for note in notes_of(fix):
        yield Line(text=f"  note: {note}", tone=Tone.QUIET)


def closed_ways(report: Report) -> Iterator[ClosedWay]:
    """Yield where the other ways stand, each sentence once for all the targets it is true of."""
    said: dict[tuple[WayState, Way, str], list[str]] = {}
    for item in report.ways_out:
        if item.state is not WayState.FIX:
            said.setdefault((item.state, item.way, item.says), []).append(item.target)
    for (state, way, says), targets in said.items():
        word = "not by" if state is not WayState.ADVICE else "or by"
        mark = "✗" if state is not WayState.ADVICE else "·"
        to = "" if set(targets) >= _failing(report) else f", to {_listed(report, targets)}"
        line = Line(text=f"{word} {_NAMES[way]}{to}: {says}", mark=mark, tone=Tone.QUIET)
        yield ClosedWay(line=line, targets=tuple(targets))


def _failing(report: Report) -> set[str]:
    """Return the targets that fail, those too that no way at all leads to."""
    return {item.target for item in report.ways_out} | {key.target for key in report.felt}


def _listed(report: Report, targets: Iterable[str]) -> str:
    """Return what targets are called, a long list cut."""
    labels = target_labels(report)
    names = [labels.get(target, target) for target in dict.fromkeys(targets)]
    if len(names) > _MOST_NAMED:
        names = [*names[: _MOST_NAMED - 1], f"{len(names) - _MOST_NAMED + 1} more targets"]
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last
