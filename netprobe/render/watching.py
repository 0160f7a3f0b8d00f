"""A watch in words: where every path stands, and what happened to which."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from netprobe.model.addresses import Family
from netprobe.model.flow import Source
from netprobe.model.path_change import PathChange, Turn
from netprobe.model.report import Path, PathVerdict, Target
from netprobe.model.trace import Blocker
from netprobe.render.blocks import Block, Cell, Grid, Line, Row, Tone

_TONES = {
    PathVerdict.WORKS: Tone.GOOD,
    PathVerdict.BLOCKED: Tone.BAD,
    PathVerdict.REFUSED: Tone.BAD,
    PathVerdict.UNKNOWN: Tone.UNSURE,
}
_SILENT = "nothing in the configuration that was read explains it"


def narrate_state(
    sources: Iterable[Source], targets: Iterable[Target], paths: Iterable[Path]
) -> Grid:
    """Return where every path stands, with how many things are in its way."""
    by_key = {(i.key.source, i.key.target, i.key.family): i for i in paths}
    families = tuple(item for item in Family if any(key[2] is item for key in by_key))
    starts = tuple(sources)
    rows = tuple(
        Row(
            target=target.given,
            source=source.subnet_id,
            target_id=target.id,
            source_id=source.id,
            cells=tuple(_cell(by_key.get((source.id, target.id, item))) for item in families),
        )
        for target in targets
        for source in starts
    )
    return Grid(families=tuple(item.label for item in families), rows=rows)


def _cell(path: Path | None) -> Cell:
    if path is None:
        return Cell(text="-", tone=Tone.QUIET)
    count = len(path.trace.blockers) if path.trace else 0
    text = path.verdict.value
    if path.verdict is PathVerdict.BLOCKED:
        text = f"blocked by {count}" if count else _outcome(path)
    return Cell(text=text, tone=_TONES[path.verdict])


def _outcome(path: Path) -> str:
    return path.observation.outcome.value if path.observation else path.verdict.value


def narrate_changes(
    at: datetime,
    seconds: float,
    changes: Iterable[PathChange],
    sources: Iterable[Source],
    targets: Iterable[Target],
) -> Iterator[Block]:
    """Yield a block for each change; where several paths fare alike, one for all of them.

    ``at`` is UTC, ``seconds`` since the watch began.
    """
    for told in tell_changes(changes, sources, targets):
        yield replace(told, heading=f"{at:%H:%M:%SZ}  +{seconds:.0f} s  {told.heading}")


def tell_changes(
    changes: Iterable[PathChange],
    sources: Iterable[Source],
    targets: Iterable[Target],
    more: Callable[[PathChange], Iterable[Line]] = lambda _: (),
) -> Iterator[Block]:
    """Yield a block for each change; where several paths fare alike, one for all of them.

    ``more`` gives the lines that belong to a change besides its own.
    """
    subnets = {item.id: item.subnet_id for item in sources}
    given = {item.id: item.given for item in targets}

    def lines(change: PathChange) -> tuple[Line, ...]:
        return (*_lines(change), *more(change))

    for same in _alike(changes, lines):
        first = same[0]
        ends = ", ".join(dict.fromkeys(given[item.key.target] for item in same))
        starts = ", ".join(dict.fromkeys(subnets[i.key.source] for i in same))
        yield Block(
            heading=f"{_word(first)}: {ends} over {first.key.family.label} from {starts}",
            tone=_TONES[first.path.verdict],
            lines=lines(first),
        )


Lines = Callable[[PathChange], tuple[Line, ...]]


def _alike(changes: Iterable[PathChange], lines: Lines) -> Iterator[list[PathChange]]:
    """Yield changes that read the same but for their ends, every target from every source."""

    def likeness(change: PathChange) -> object:
        return (change.key.family, _word(change), lines(change))

    of_target: dict[object, list[PathChange]] = {}
    for change in changes:
        of_target.setdefault((change.key.target, likeness(change)), []).append(change)
    together: dict[object, list[PathChange]] = {}
    for same in of_target.values():
        starts = tuple(item.key.source for item in same)
        together.setdefault((starts, likeness(same[0])), []).extend(same)
    yield from together.values()


def _details(blockers: Iterable[Blocker]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item.detail or item.resource_id for item in blockers))


def _word(change: PathChange) -> str:
    match change.turn:
        case Turn.SEEN:
            return change.path.verdict.value
        case Turn.CHANGED:
            same = change.was is change.path.verdict
            return f"{'still' if same else 'now'} {change.path.verdict}"
        case Turn.OPENED | Turn.CLOSED | Turn.UNCERTAIN:
            return change.turn.value


def _lines(change: PathChange) -> Iterator[Line]:
    """Yield what went, what came and, where it still fails, what is left."""
    gone, new = _details(change.gone), _details(change.new)
    first = change.turn is Turn.SEEN
    before = " before" if change.earlier else ""
    for text in gone:
        yield Line(text=f"gone{before}: {text}", mark="✓", tone=Tone.PLAIN)
    for text in new:
        yield Line(text=text if first else f"new{before}: {text}", mark="✗", tone=Tone.PLAIN)
    left = _left(change.path)
    for text in left:
        if text not in new:
            yield Line(text=f"still: {text}", mark="✗", tone=Tone.QUIET)
    unread = change.path.trace.unread if change.path.trace else ()
    for call in unread:
        yield Line(text=f"not read: {call}", mark="○", tone=Tone.UNSURE)
    unexplained = (not first and not gone and not new) or (_fails(change.path) and not left)
    if unexplained and not unread:
        seen = f"; the probe says {_outcome(change.path)}" if change.path.observation else ""
        yield Line(text=f"{_SILENT}{seen}", mark="○", tone=Tone.UNSURE)


def _fails(path: Path) -> bool:
    return path.verdict is not PathVerdict.WORKS


def _left(path: Path) -> tuple[str, ...]:
    """Return what is in the way of a path that does not work."""
    return _details(path.trace.blockers) if path.trace and _fails(path) else ()
