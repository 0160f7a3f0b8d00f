"""One flow's answer for people: both halves hop by hop, and all that stops it."""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.model.answer import FlowAnswer
from netprobe.model.flow import PROTOCOL_NAMES, TCP, UDP, Flow
from netprobe.model.trace import Blocker, Disposition, Half, Trace
from netprobe.render.blocks import Block, Line, Tone
from netprobe.render.hops import fate, hop_lines
from netprobe.render.terminal import render_blocks

_TONES = {
    Disposition.DELIVERED: Tone.GOOD,
    Disposition.UNKNOWN: Tone.UNSURE,
    Disposition.LEFT_VIEW: Tone.UNSURE,
}
_MEANS = {
    Disposition.DELIVERED: "the request arrives and the reply comes back",
    Disposition.DENIED: "a filter or gateway drops it",
    Disposition.NO_ROUTE: "nothing leads there",
    Disposition.BLACKHOLED: "something on the way is gone or not in use",
    Disposition.LEFT_VIEW: "it goes on where the configuration does not show it; "
    "nothing that is shown stops it",
    Disposition.UNKNOWN: "something needed could not be read",
}


def render_flow(  # noqa: PLR0913 # the flow, and the four properties of a terminal
    source: str,
    destination: str,
    answer: FlowAnswer,
    *,
    width: int = 80,
    colour: bool = False,
    ascii: bool = False,  # noqa: A002 # the property's plain name
) -> str:
    """Return the answer as text; the ends are named as the asker named them."""
    blocks = tuple(_blocks(source, destination, answer))
    return render_blocks(blocks, width=width, colour=colour, ascii=ascii)


def _blocks(source: str, destination: str, answer: FlowAnswer) -> Iterator[Block]:
    disposition = answer.disposition or Disposition.UNKNOWN
    lines = [Line(text=f"{source} → {destination}")]
    if answer.trace is not None:
        lines += _said(answer.trace)
    for number, item in enumerate(answer.choices, 1):
        because = f", because {item.because}" if item.because else ""
        text = f"tried {'next' if number > 1 else 'first'}: {item.destination}{because}"
        lines.append(Line(text=text, mark="·", tone=Tone.QUIET))
    lines += [
        Line(text=f"from {subnet_id}: {fate}", mark="·", tone=Tone.QUIET)
        for subnet_id, fate in answer.subnets
    ]
    yield Block(
        heading=f"{disposition}: {_MEANS[disposition]}",
        tone=_TONES.get(disposition, Tone.BAD),
        lines=tuple(lines),
    )
    if answer.trace is not None:
        yield from _walked(answer.trace)
    if answer.gaps:
        lines = [Line(text=f"{i.call}: {i.error}; allow {i.iam_action}") for i in answer.gaps]
        yield Block(heading="could not be read", tone=Tone.UNSURE, lines=tuple(lines))
    if answer.remarks:
        lines = [Line(text=text, mark="·") for text in answer.remarks]
        yield Block(heading="about this answer", tone=Tone.QUIET, lines=tuple(lines))


def _said(trace: Trace) -> Iterator[Line]:
    """Yield what was asked as packets see it, and what the name leads to."""
    flow, resolution = trace.flow, trace.resolution
    assumed = resolution is not None and resolution.assumed
    to = "any public address, because the name's is not known" if assumed else flow.destination
    yield Line(text=f"{flow.family.label}, {_protocol(flow)}, to {to}")
    if resolution is not None and resolution.detail:
        yield Line(text=f"name: {resolution.detail}", mark="·")


def _protocol(flow: Flow) -> str:
    name = PROTOCOL_NAMES.get(flow.protocol, f"protocol {flow.protocol}")
    return f"{name} {flow.port}" if flow.protocol in {TCP, UDP} else name


def _walked(trace: Trace) -> Iterator[Block]:
    for half in Half:
        yield _half(trace, half)
    if trace.blockers:
        yield _stops("what stops it", trace.blockers, Tone.BAD)
    if trace.warnings:
        yield _stops("what may stop it, or is not known", trace.warnings, Tone.UNSURE)


def _half(trace: Trace, half: Half) -> Block:
    walked = trace.request if half is Half.REQUEST else trace.reply
    return Block(
        heading=f"{half}: {fate(trace, half)}",
        tone=_TONES.get(walked.disposition, Tone.BAD),
        lines=tuple(hop_lines(trace, half)),
    )


def _stops(heading: str, blockers: tuple[Blocker, ...], tone: Tone) -> Block:
    lines = []
    for number, item in enumerate(blockers, 1):
        entry = f"  {item.entry}" if item.entry else ""
        text = f"{item.component} {item.resource_id} ({item.half}){entry}"
        lines.append(Line(text=text, mark=f"{number}.", tone=tone))
        if item.detail:
            lines.append(Line(text=item.detail, mark="  "))
        lines += [
            Line(text=f"near miss: {miss}", mark="   ·", tone=Tone.QUIET)
            for miss in item.near_misses
        ]
    return Block(heading=heading, tone=tone, lines=tuple(lines))
