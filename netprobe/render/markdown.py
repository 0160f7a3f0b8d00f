"""A report for a ticket: Markdown that GitHub folds and that Jira shows whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from netprobe.model.finding import Role
from netprobe.model.fix import Fix
from netprobe.model.report import PathVerdict, Report
from netprobe.render.blocks import Block, Grid, Line, Tone
from netprobe.render.closing import closing_blocks
from netprobe.render.drawing import TOGETHER, draw_stops
from netprobe.render.findings import Told, tell_findings
from netprobe.render.labels import capital
from netprobe.render.markdown_text import block, code, prose, table
from netprobe.render.narrative import (
    answer_of,
    grid_of,
    habit_blocks,
    later_blocks,
    opening_blocks,
    path_block,
    sandbox_block,
)
from netprobe.render.support import facts, invocations, stages
from netprobe.render.topology import matters
from netprobe.render.ways_out import PROVED, closed_ways, notes_of, price_of, steps_of

_MOST_STAGES, _MOST_PATHS = 40, 6
"""GitHub takes 65,536 characters, and nobody reads so many; JSON has all."""
_MARK_OF_TONE = {Tone.GOOD: "✓ ", Tone.BAD: "✗ ", Tone.UNSURE: "? "}


def render_markdown(report: Report) -> str:
    """Return the report as Markdown: the answer first, what only support asks for last."""
    return "\n\n".join(_sections(report)) + "\n"


def _sections(report: Report) -> Iterator[str]:
    answer = answer_of(report)
    yield f"## netprobe: {answer.verdict}"
    yield f"**{answer.verdict}**: {prose(answer.sentence)}"
    yield _grid(grid_of(report))
    for item in opening_blocks(report):
        yield from _plain_block(item)
    for drawing in draw_stops(report, verbose=False):
        yield f"### {capital(drawing.heading)}"
        yield block(f"{_mark(line)}{line.text}".replace(TOGETHER, " ") for line in drawing.lines)
    yield from _findings(report)
    yield from _ways_out(report)
    for item in (*later_blocks(report), *closing_blocks(report)):
        yield from _plain_block(item)
    yield "### For support"
    yield table(("", ""), ((prose(name), code(value)) for name, value in facts(report)))
    yield from _for_support(report)


def _grid(grid: Grid) -> str:
    rows = (
        (
            code(row.target),
            code(row.source),
            *(f"{_MARK_OF_TONE.get(cell.tone, '')}{prose(cell.text)}" for cell in row.cells),
        )
        for row in grid.rows
    )
    return table(("target", "from", *grid.families), rows)


def _findings(report: Report) -> Iterator[str]:
    notes = [item for item in report.findings if item.role is Role.NOTE]
    told = tell_findings(report, [item for item in report.findings if item not in notes])
    if told:
        yield "### Findings"
    for item in told:
        yield from _finding(item)
    if notes:
        yield "### Notes"
        yield "Worth knowing; none of it is the cause of a failure here."
        yield "\n".join(
            f"- **{item.code}** {prose(item.title)}: {_item(item.evidence[0])}"
            for item in tell_findings(report, notes)
        )


def _finding(told: Told) -> Iterator[str]:
    yield f"#### {told.word} {told.code}: {prose(told.title)}"
    first, *others = told.evidence
    yield _item(first)
    if told.reason:
        yield f"**Because** {prose(told.reason)}."
    if told.candidates:
        said = prose(told.candidates)
        yield f"{said[:1].upper()}{said[1:]}."
    if told.advice:
        cost = f" Standing cost: {prose(told.cost)}." if told.cost else ""
        yield f"**{told.advice_is.capitalize()}:** {prose(told.advice)}.{cost}"
    lines = [f"- {_item(line)}" for line in others]
    lines += [f"- affects {code(text)}" for text in told.affects]
    lines.append(f"- {prose(told.seen)}")
    lines.append(f"- more: {code(f'netprobe explain {told.code}')} ({code(told.name)})")
    yield from _folded("Evidence", ["\n".join(lines)])


def _item(line: Line) -> str:
    """Return one fact: the resource, and what it says."""
    resource_id, _, says = line.text.partition("  ")
    return f"{line.mark} {code(resource_id)} {prose(says)}"


def _ways_out(report: Report) -> Iterator[str]:
    closed = tuple(closed_ways(report))
    if not report.fixes and not closed:
        return
    yield "### Ways out"
    if report.fixes:
        yield PROVED
    else:
        yield "No change that netprobe knows opens what fails."
    for fix in report.fixes:
        yield from _fix(fix, report)
    if closed:
        yield "\n".join(f"- {item.line.mark} {prose(item.line.text)}" for item in closed)


def _fix(fix: Fix, report: Report) -> Iterator[str]:
    yield f"#### {fix.id}: {prose(fix.title)}"
    yield f"{capital(prose(price_of(fix, report)))}."
    yield "\n".join(f"{number}. {prose(step)}" for number, step in enumerate(steps_of(fix), 1))
    notes = notes_of(fix)
    if notes:
        yield "\n".join(f"- note: {prose(note)}" for note in notes)
    yield block(fix.commands.aws_cli, "sh")
    yield from _folded("As Terraform", [block([fix.commands.terraform], "hcl")])
    yield from _folded("As CloudFormation", [block([fix.commands.cloudformation], "yaml")])


def _for_support(report: Report) -> Iterator[str]:
    ran = invocations(report)
    if ran:
        rows = [(code(i.source), code(i.started_at), code(i.request_id)) for i in ran]
        named = table(("probe in", "began (UTC)", "Lambda request id"), rows)
        yield from _folded("Invocations of the probe", [named])
    seen = [
        (
            code(item.key.source),
            code(item.target),
            item.key.family.label,
            f"{prose(item.stage)} {prose(item.outcome)}, {item.milliseconds:.0f} ms",
            code(item.error),
            ", ".join(f"{name} {code(value)}" for name, value in item.ids) or "-",
        )
        for item in stages(report)
    ]
    if seen:
        head = ("from", "target", "family", "stage", "raw error", "ids of the answer")
        parts = [table(head, seen[:_MOST_STAGES]), *_rest(len(seen) - _MOST_STAGES, "stages")]
        yield from _folded("What the packets met", parts)
    matter = matters(report)
    failing = [path for path in report.paths if path.verdict is not PathVerdict.WORKS]
    failing = [path for path in failing if path.key in matter]
    told = [path_block(path) for path in failing[:_MOST_PATHS]]
    if told:
        parts = [part for item in told for part in _plain_block(item, "####")]
        parts += _rest(len(failing) - _MOST_PATHS, "paths")
        yield from _folded("Hop by hop", parts)
    more = [*habit_blocks(report), *(sandbox_block(item) for item in report.sandboxes)]
    if more:
        parts = [part for item in more for part in _plain_block(item, "####")]
        yield from _folded("Clients and addresses", parts)


def _rest(count: int, name: str) -> Iterator[str]:
    if count > 0:
        yield f"And {count} more {name}: {code('--format json')} has all."


def _plain_block(item: Block, level: str = "###") -> Iterator[str]:
    """Yield a block of lines under its heading; without lines it is a sentence."""
    if not item.lines:
        yield f"{capital(prose(item.heading))}."
        return
    yield f"{level} {capital(prose(item.heading))}"
    yield block(f"{_mark(line)}{line.text}" for line in item.lines)


def _folded(title: str, parts: Iterable[str]) -> Iterator[str]:
    """Yield parts that GitHub folds; elsewhere the tags are two lines around them."""
    yield f"<details><summary>{title}</summary>"
    yield from parts
    yield "</details>"


def _mark(line: Line) -> str:
    return f"{line.mark} " if line.mark else ""
