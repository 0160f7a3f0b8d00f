"""What became of expectations, in words: what is broken first, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from netprobe.model.expectation import JudgedExpectation, Kept, worst
from netprobe.model.finding import Finding
from netprobe.render.blocks import Block, Line, Tone

_MARKS = {Kept.BROKEN: "✗", Kept.UNKNOWN: "○", Kept.KEPT: "✓"}
_TONES = {Kept.BROKEN: Tone.BAD, Kept.UNKNOWN: Tone.UNSURE, Kept.KEPT: Tone.GOOD}
_ORDER = (Kept.BROKEN, Kept.UNKNOWN, Kept.KEPT)


def narrate_expectations(
    judged: tuple[JudgedExpectation, ...], findings: Iterable[Finding]
) -> Iterator[Block]:
    """Yield one block, broken expectations first; nothing where nothing was expected."""
    if not judged:
        return
    counts = {state: sum(item.state is state for item in judged) for state in reversed(_ORDER)}
    said = ", ".join(f"{count} {state}" for state, count in counts.items() if count)
    titles = {item.code: f"{item.code} {item.name}" for item in findings}
    yield Block(
        heading=f"expectations: {said}",
        tone=_TONES[worst(judged)],
        lines=tuple(
            line
            for state in _ORDER
            for item in judged
            if item.state is state
            for line in _lines(item, titles)
        ),
    )


def _lines(judged: JudgedExpectation, titles: dict[str, str]) -> Iterator[Line]:
    tone = Tone.PLAIN if judged.state is Kept.KEPT else _TONES[judged.state]
    yield Line(text=str(judged.expectation), mark=_MARKS[judged.state], tone=tone)
    if judged.state is Kept.KEPT:
        return
    cause = ", ".join(titles.get(code, code) for code in judged.findings)
    yield Line(text=f"  {judged.says}" + (f"; because of {cause}" if cause else ""))
    if judged.expectation.why:
        yield Line(text=f"  expected because: {judged.expectation.why}", tone=Tone.QUIET)
