"""The words for one half of a trace: what it met, and each rule, entry and route beside it."""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.model.trace import Considered, Half, Hop, Trace, Weighed
from netprobe.render.blocks import Line, Tone

MOST_RULES = 12
"""Of a longer list people see what decides and what fits best; JSON has all."""


def fate(trace: Trace, half: Half) -> str:
    """Return what becomes of a half; the walk goes on past what blocks, and says so."""
    walked = trace.request if half is Half.REQUEST else trace.reply
    if any(hop.blocks for hop in walked.hops):
        return f"{walked.disposition}, and on from there as if it had passed"
    if half is Half.REPLY and any(hop.blocks for hop in trace.request.hops):
        return f"{walked.disposition}, had the request arrived"
    return str(walked.disposition)


def hop_lines(trace: Trace, half: Half) -> Iterator[Line]:
    """Yield a line for each hop, and under it what was considered there, where that was kept."""
    walked = trace.request if half is Half.REQUEST else trace.reply
    left = [item for item in trace.considered if item.half is half]
    for hop in walked.hops:
        yield _hop(hop)
        found = next((item for item in left if _is_of(item, hop)), None)
        if found is not None:
            left.remove(found)
            yield from _considered(found)
    for item in left:
        yield Line(text=f"{item.component} {', '.join(item.resource_ids)}", mark="·")
        yield from _considered(item)


def _is_of(item: Considered, hop: Hop) -> bool:
    return item.component is hop.component and hop.resource_id in item.resource_ids


def _hop(hop: Hop) -> Line:
    entry = f"  {hop.entry}" if hop.entry else ""
    detail = ""
    if hop.detail:
        detail = f"  {hop.detail}" if hop.blocks else f"  ({hop.detail})"
    return Line(
        text=f"{hop.component} {hop.resource_id}{entry}{detail}",
        mark="✗" if hop.blocks else "✓",
        tone=Tone.BAD if hop.blocks else Tone.PLAIN,
    )


def _considered(item: Considered) -> Iterator[Line]:
    rules = item.rules
    if len(rules) > MOST_RULES:
        rules = tuple(sorted(rules, key=_differences)[:MOST_RULES])
        rules = tuple(rule for rule in item.rules if rule in rules)
    yield Line(text=f"asked: {item.packet}", mark=" ", tone=Tone.QUIET)
    for rule in rules:
        decides = "  decides" if rule.decides else ""
        mark = "  ▸" if rule.decides else "  ·"
        yield Line(text=f"{rule.text}  [{_flags(rule)}]{decides}", mark=mark, tone=Tone.QUIET)
    if len(rules) < len(item.rules):
        more = f"and {len(item.rules) - len(rules)} more that fit less"
        yield Line(text=more, mark="  ·", tone=Tone.QUIET)
    if not item.rules:
        yield Line(text="nothing is in it for this direction", mark="  ·", tone=Tone.QUIET)


def _flags(rule: Weighed) -> str:
    """Return what fits and what does not, what is not asked left out."""
    parts = {
        "family": rule.family,
        "address": rule.address,
        "protocol": rule.protocol,
        "port": rule.port,
    }
    known = {None: "unread", True: "✓", False: "✗"}
    return ", ".join(
        f"{name} {known[fits]}"
        for name, fits in parts.items()
        if fits is not None or name == "address"
    )


def _differences(rule: Weighed) -> tuple[bool, int]:
    parts = (rule.family, rule.address, rule.protocol, rule.port)
    return (not rule.decides, sum(part is False for part in parts))
