"""A comparison in words: the answer first, then each path that fares otherwise and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from netprobe.model.comparison import (
    Comparison,
    Course,
    Fact,
    FactChange,
    Kind,
    KnownFinding,
    Side,
)
from netprobe.model.finding import PathKey, Role
from netprobe.model.path_change import PathChange
from netprobe.render.blocks import Block, Line, Tone
from netprobe.render.markdown_text import block, prose
from netprobe.render.terminal import render_blocks
from netprobe.render.watching import tell_changes

_TONES = {
    Course.WORSE: Tone.BAD,
    Course.UNCERTAIN: Tone.UNSURE,
    Course.BETTER: Tone.GOOD,
    Course.SAME: Tone.STRONG,
}
_SAID = {
    Course.WORSE: "got worse",
    Course.UNCERTAIN: "became unknown",
    Course.BETTER: "got better",
}
MARKS = {FactChange.ADDED: "+", FactChange.REMOVED: "-", FactChange.CHANGED: "~"}
"""As every diff marks its lines."""


def render_comparison(
    comparison: Comparison,
    *,
    width: int = 80,
    colour: bool = False,
    ascii: bool = False,  # noqa: A002 # the property's plain name
) -> str:
    """Return the comparison as text; ids are never broken."""
    blocks = tuple(narrate_comparison(comparison))
    return render_blocks(blocks, width=width, colour=colour, ascii=ascii)


def comparison_to_markdown(comparison: Comparison) -> str:
    """Return the comparison as Markdown, for tickets."""
    answer, *others = narrate_comparison(comparison)
    parts = ["## netprobe diff", f"**{prose(answer.heading)}**"]
    parts.append("\n".join(f"- {prose(line.text)}" for line in answer.lines))
    for item in others:
        parts.append(f"### {prose(item.heading)}")
        parts.append(block(f"{line.mark} {line.text}".strip() for line in item.lines))
    return "\n\n".join(parts) + "\n"


def narrate_comparison(comparison: Comparison) -> Iterator[Block]:
    """Yield the answer with what was compared, then a block for each thing that changed."""
    yield Block(
        heading=answer_of(comparison),
        tone=_TONES[comparison.course],
        lines=(_side("before", comparison.before), _side("after", comparison.now)),
    )
    yield from _paths(comparison)
    yield from _findings("findings that are new", "✗", comparison.new_findings)
    yield from _findings("findings that are gone", "✓", comparison.gone_findings)
    yield from _keys("asked about only before", comparison.gone_paths)
    yield from _keys("asked about only after", comparison.new_paths)
    if comparison.facts:
        lines = tuple(map(fact_line, comparison.facts))
        yield Block(heading="what changed in the configuration", lines=lines)
    if comparison.not_compared:
        lines = tuple(
            Line(text=text, mark="○", tone=Tone.UNSURE) for text in comparison.not_compared
        )
        yield Block(heading="what could not be compared", lines=lines)


def answer_of(comparison: Comparison) -> str:
    """Return the whole answer in one sentence."""
    said = [
        f"{_count(number, 'path')} {words}"
        for course, words in _SAID.items()
        if (number := sum(item.course is course for item in comparison.paths))
    ]
    others = sum(item.course is Course.SAME for item in comparison.paths)
    if others:
        said.append(
            f"{_count(others, 'path')} fare{'s' * (others == 1)} as before for other reasons"
        )
    if comparison.kind is Kind.SNAPSHOT:
        count = len(comparison.facts)
        said.append(f"{_count(count, 'fact')} of the configuration changed" if count else "")
    told = "; ".join(filter(None, said))
    if told:
        return told
    if comparison.gone_findings or comparison.new_findings:
        return "no path fares otherwise; findings changed"
    return (
        "nothing that both could read has changed" if comparison.not_compared else "no difference"
    )


def say_fact(fact: Fact) -> str:
    """Return a fact as people say it, without its mark."""
    if fact.was is not None and fact.was == fact.now:  # a policy, which is not quoted
        return f"{fact.resource_id}: {fact.what} has another text"
    if fact.was is not None and fact.now is not None:
        return f"{fact.resource_id}: {_led(fact.what, fact.was)}, now {fact.now}"
    value = fact.now if fact.was is None else fact.was
    return f"{fact.resource_id}: {_led(fact.what, value) if value else fact.kind}"


def fact_line(fact: Fact) -> Line:
    """Return a fact as a line of a diff."""
    return Line(text=say_fact(fact), mark=MARKS[fact.change])


def _led(what: str, value: str) -> str:
    """Return the value with what it is, which entries of network ACLs say themselves."""
    return value if not what or value.startswith(f"{what} ") else f"{what} {value}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"


def _side(word: str, side: Side) -> Line:
    at = f", {side.at}" if side.at else ""
    verdict = f": {side.verdict}, {side.summary}" if side.verdict else ""
    return Line(text=f"{word} ({side.name}{at}){verdict}", tone=Tone.QUIET)


def _paths(comparison: Comparison) -> Iterator[Block]:
    differences = {item.change.key: item for item in comparison.paths}

    def more(change: PathChange) -> Iterator[Line]:
        found = differences[change.key]
        yield from map(fact_line, found.facts)
        for fact in found.beside:
            line = fact_line(fact)
            yield replace(line, text=f"on its way too: {line.text}", tone=Tone.QUIET)

    changes = [item.change for item in comparison.paths]
    yield from tell_changes(changes, comparison.now.sources, comparison.now.targets, more)


def _findings(heading: str, mark: str, findings: Iterable[KnownFinding]) -> Iterator[Block]:
    lines = tuple(
        Line(
            text=f"{item.code} {item.name}: {_proof(item)}",
            mark="○" if item.role is Role.NOTE else mark,
        )
        for item in findings
    )
    if lines:
        yield Block(heading=heading, lines=lines)


def _proof(finding: KnownFinding) -> str:
    """Return the finding's fact, which mostly names its resource itself."""
    if finding.resource_id in finding.says:
        return finding.says
    return f"{finding.resource_id}: {finding.says}"


def _keys(heading: str, keys: Iterable[PathKey]) -> Iterator[Block]:
    lines = tuple(Line(text=str(key), tone=Tone.QUIET) for key in keys)
    if lines:
        yield Block(heading=heading, lines=lines)
