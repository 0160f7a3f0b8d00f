"""The words of a report: Report -> blocks. Every renderer for people starts here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from netprobe.model.addresses import Family
from netprobe.model.finding import Finding, Role
from netprobe.model.flow import Source
from netprobe.model.observation import Constancy, Observation, Outcome, Sandbox, SeenName
from netprobe.model.report import (
    ClientHabit,
    ClientOutcome,
    Path,
    PathVerdict,
    Report,
    Verdict,
    Witnesses,
)
from netprobe.model.trace import Disposition, Half, Trace
from netprobe.render.blocks import Answer, Block, Cell, Grid, Line, Part, Row, Tone
from netprobe.render.captures import ends_astray, told_trace
from netprobe.render.closing import closing_blocks
from netprobe.render.drawing import draw_stops
from netprobe.render.expectations import narrate_expectations
from netprobe.render.findings import block_of, tell_findings
from netprobe.render.hops import fate, hop_lines
from netprobe.render.labels import target_labels
from netprobe.render.passages import narrate_passages
from netprobe.render.ways_out import narrate_ways_out

_TONE_OF_VERDICT = {
    Verdict.HEALTHY: Tone.GOOD,
    Verdict.DEGRADED: Tone.UNSURE,
    Verdict.UNKNOWN: Tone.UNSURE,
}
_WITNESSES = {
    Witnesses.AGREE: "configuration and packets agree",
    Witnesses.DISAGREE: "configuration and packets disagree",
    Witnesses.CONFIGURATION_ONLY: "by the configuration, no packet was sent",
    Witnesses.PACKETS_ONLY: "by the packets, the configuration does not tell",
}
_ASTRAY = {
    Half.REQUEST: "delivered to the wrong far end",
    Half.REPLY: "the wrong far end's own",
}
_REFUSED = 400
"""HTTP statuses from here on are errors."""
_TONE_OF_PATH = {
    PathVerdict.WORKS: Tone.GOOD,
    PathVerdict.BLOCKED: Tone.BAD,
    PathVerdict.REFUSED: Tone.BAD,
    PathVerdict.UNKNOWN: Tone.UNSURE,
}


def narrate(report: Report, *, verbose: bool = False) -> tuple[Part, ...]:
    """Return the report's parts in reading order: answer, grid, findings, the rest."""
    parts: list[Part] = [answer_of(report), grid_of(report)]
    parts.extend(opening_blocks(report, verbose=verbose))
    parts.extend(draw_stops(report, verbose=verbose))
    notes = [item for item in report.findings if item.role is Role.NOTE]
    told = report.findings if verbose else [item for item in report.findings if item not in notes]
    parts.extend(block_of(item) for item in tell_findings(report, told))
    parts.extend(narrate_ways_out(report, verbose=verbose))
    parts.extend(later_blocks(report, verbose=verbose))
    if notes and not verbose:
        parts.append(_notes(notes))
    if verbose:
        parts.extend(path_block(path) for path in report.paths)
        parts.extend(habit_blocks(report))
        parts.extend(sandbox_block(sandbox) for sandbox in report.sandboxes)
    parts.extend(closing_blocks(report))
    return tuple(parts)


def opening_blocks(report: Report, *, verbose: bool = False) -> Iterator[Block]:
    """Yield what comes after the grid in every form: expectations, and how all that works does."""
    yield from _expected_refusals(report)
    yield from narrate_expectations(report.expectations, report.findings)
    if report.verdict is Verdict.HEALTHY:
        yield from narrate_passages(report, verbose=verbose)


def _expected_refusals(report: Report) -> Iterator[Block]:
    """Say that a path works although its cell shows an error: the request was not signed."""
    works = (p.observation for p in report.paths if p.verdict is PathVerdict.WORKS)
    statuses = {seen.status or 0 for seen in works if seen}
    found = sorted(status for status in statuses if status >= _REFUSED)
    if found:
        told = " and ".join(map(str, found))
        yield Block(
            heading=f"works {told}: the right far end answers, and refuses a request without "
            "a signature as it should",
            tone=Tone.QUIET,
            lines=(),
        )


def later_blocks(report: Report, *, verbose: bool = False) -> Iterator[Block]:
    """Yield what comes after the ways out: how the rest works, where something does not."""
    if report.verdict is not Verdict.HEALTHY:
        yield from narrate_passages(report, verbose=verbose)


def answer_of(report: Report) -> Answer:
    """Return the answer in one sentence."""
    tone = _TONE_OF_VERDICT.get(report.verdict, Tone.BAD)
    return Answer(verdict=report.verdict, sentence=report.summary, tone=tone)


def grid_of(report: Report) -> Grid:
    """Return how each target is reached from each source, target by target."""
    families = tuple(
        family for family in Family if any(p.key.family is family for p in report.paths)
    )
    by_key = {(p.key.source, p.key.target, p.key.family): p for p in report.paths}
    labels = target_labels(report)
    rows = tuple(
        Row(
            target=labels[target.id],
            source=source_label(source),
            target_id=target.id,
            source_id=source.id,
            cells=tuple(_cell(by_key.get((source.id, target.id, family))) for family in families),
        )
        for target in report.targets
        for source in report.sources
    )
    return Grid(families=tuple(family.label for family in families), rows=rows)


def source_label(source: Source) -> str:
    """Return a source as the grid names it: its subnet, and how many others it stands for."""
    others = len([item for item in source.represents if item != source.subnet_id])
    return f"{source.subnet_id} (+{others})" if others else source.subnet_id


def _cell(path: Path | None) -> Cell:
    if path is None:
        return Cell(text="-", tone=Tone.QUIET)
    tone = _TONE_OF_PATH[path.verdict]
    if path.observation is None:
        return Cell(text=f"{_unprobed(path)} (not probed)", tone=tone)
    return _seen_cell(path, path.observation, tone)


def _unprobed(path: Path) -> str:
    """Return the configuration's word for a path; what is delivered need not work, and says so."""
    fate = path.trace.disposition if path.trace else None
    astray = fate is Disposition.DELIVERED and path.verdict is not PathVerdict.WORKS
    return str(path.verdict if fate is None or astray else fate).replace("-", " ")


def _seen_cell(path: Path, seen: Observation, tone: Tone) -> Cell:
    if seen.constancy is Constancy.SOMETIMES:
        return Cell(text=f"sometimes {seen.answered}/{len(seen.attempts)}", tone=Tone.UNSURE)
    if path.verdict is PathVerdict.WORKS:
        return Cell(text=f"works {seen.status or ''}".strip(), tone=tone)
    if seen.outcome is Outcome.HTTP_ERROR:
        return Cell(text=f"{path.verdict} {seen.status or ''}".strip(), tone=tone)
    if seen.outcome is Outcome.DNS_NODATA:
        return Cell(text=no_record(path.key.family), tone=Tone.QUIET)
    return Cell(text=str(seen.outcome), tone=tone)


def witnesses_of(path: Path) -> str:
    """Return which witnesses spoke of a path, and whether they agree."""
    return _WITNESSES[path.witnesses]


def no_record(family: Family) -> str:
    """Return what a name without an address of the family lacks."""
    return f"no {'AAAA' if family is Family.IPV6 else 'A'} record"


def outcome_word(outcome: Outcome) -> str:
    """Return how a stage ended; not every stage that goes well has reached the target."""
    return "ok" if outcome is Outcome.REACHABLE else str(outcome)


def _notes(notes: Iterable[Finding]) -> Block:
    lines = tuple(
        Line(text=f"{item.code} {item.title} ({_primary(item)})", mark="·") for item in notes
    )
    return Block(
        heading="notes (worth knowing, not the cause; -v for all of it)",
        lines=lines,
        tone=Tone.QUIET,
    )


def _primary(finding: Finding) -> str:
    return next(item.resource_id for item in finding.evidence if item.primary)


def path_block(path: Path) -> Block:
    """Return all that both witnesses met on one path."""
    lines: list[Line] = []
    trace = told_trace(path)
    if trace:
        lines += _halves(trace, astray=ends_astray(path))
    if path.observation:
        lines += _stages(path.observation)
    key = path.key
    return Block(
        heading=f"{key.family.label} {key.source} → {key.target}: {path.verdict}, "
        f"{witnesses_of(path)}",
        lines=tuple(lines),
    )


def _halves(trace: Trace, *, astray: bool) -> Iterator[Line]:
    if trace.resolution and trace.resolution.detail:
        yield Line(text=f"name: {trace.resolution.detail}", mark="·")
    for half in Half:
        end = _ASTRAY[half] if astray and _is_delivered(trace) else fate(trace, half)
        yield Line(text=f"{half}: {end}", tone=Tone.STRONG)
        yield from hop_lines(trace, half)
    for blocker in trace.blockers:
        for miss in blocker.near_misses:
            yield Line(text=f"near miss: {miss}", mark="·", tone=Tone.QUIET)


def _is_delivered(trace: Trace) -> bool:
    return trace.disposition is Disposition.DELIVERED


def _stages(seen: Observation) -> Iterator[Line]:
    for stage in seen.stages:
        good = stage.outcome is Outcome.REACHABLE
        error = f"  {stage.error}" if stage.error else ""
        yield Line(
            text=f"packet {stage.stage}: {outcome_word(stage.outcome)} in "
            f"{stage.milliseconds:.0f} ms{error}",
            mark="✓" if good else "✗",
            tone=Tone.PLAIN if good else Tone.BAD,
        )
    if seen.attempts:
        yield Line(text=f"{len(seen.attempts)} attempts, {seen.answered} answered", mark="·")
    for name, spent in seen.spreads.items():
        text = f"{name}: {spent.minimum:.0f} ms at best, {spent.median:.0f} in the middle, "
        yield Line(text=f"{text}{spent.p95:.0f} at the 95th percentile", mark="·")


def habit_blocks(report: Report) -> Iterator[Block]:
    """Say what common clients make of it, where they do not all fare alike."""
    pairs = dict.fromkeys((item.source, item.target) for item in report.clients)
    for source, target in pairs:
        mine = [i for i in report.clients if (i.source, i.target) == (source, target)]
        lines = [
            Line(
                text=f"{outcome}: {', '.join(_named(i) for i in mine if i.outcome is outcome)}",
                mark="·",
            )
            for outcome in ClientOutcome
            if any(i.outcome is outcome for i in mine)
        ]
        yield Block(heading=f"clients at {source} → {target}", lines=tuple(lines))


def _named(habit: ClientHabit) -> str:
    return f"{habit.client} after {habit.seconds:g} s" if habit.seconds else habit.client


def sandbox_block(sandbox: Sandbox) -> Block:
    """Say which of its addresses a function uses for what, and in which order names give them."""
    lines = [
        Line(text=f"{name}  {', '.join(addresses)}", mark="·")
        for name, addresses in sandbox.interfaces.items()
    ]
    lines.append(Line(text=_resolvers(sandbox), mark="·"))
    for name in sandbox.names:
        given = ", ".join(_with_source(item, name) for item in name.getaddrinfo)
        lines.append(Line(text=f"{name.host}  {given or name.error or 'no address'}", mark="·"))
        if name.because:
            lines.append(Line(text=f"{name.host}  {name.because}", mark="·"))
        lines += [
            Line(text=f"{item.server} says of {name.host}  {', '.join(item.addresses)}", mark="·")
            for item in name.answers
            if item.outcome is Outcome.REACHABLE and not set(item.addresses) <= {*name.getaddrinfo}
        ]
    return Block(heading=f"addresses of {sandbox.source_id}", lines=tuple(lines))


def _resolvers(sandbox: Sandbox) -> str:
    servers = ", ".join(sandbox.resolvers)
    return f"asks for names at {servers}" if servers else "knows nowhere to ask for names"


def _with_source(address: str, name: SeenName) -> str:
    source = name.sources.get(address)
    return f"{address} (from {source})" if source else f"{address} (nothing to send from)"
