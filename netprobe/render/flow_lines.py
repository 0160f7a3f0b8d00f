"""Answers to flows as JSON Lines: one object a line, fields without a value left out.

A VPC has few hops and many flows meet them, so a hop's JSON is made once and put together with
the others' as bytes.
"""

from __future__ import annotations

import json

import orjson

from netprobe.model.answer import AddressChoice, FlowAnswer
from netprobe.model.snapshot import Gap
from netprobe.model.trace import Blocker, Disposition, HalfTrace, Hop, Resolution, Trace

REMEMBERED = 20_000
"""Hops whose JSON is kept; one more, and all are forgotten."""

_OPEN_HALF = {item: b'{"disposition":"%b","hops":[' % item.value.encode() for item in Disposition}
_OPEN = {item: b'"disposition":"%b",' % item.value.encode() for item in Disposition}
_NOT_WALKED = (
    b'"request":{"disposition":"unknown","hops":[]},'
    b'"reply":{"disposition":"unknown","hops":[]},"blockers":[]'
)


class AnswerLines:
    """Writes answers as lines of JSON."""

    def __init__(self, *, remembered: int = REMEMBERED) -> None:
        self._most = remembered
        self._lines: dict[int, bytes] = {}
        """A hop's JSON, by the hop's identity: comparing hops costs more than writing them."""
        self._hops: list[Hop] = []
        """The hops of those lines: while a hop is kept, its identity is its own."""

    def line(self, answer: FlowAnswer) -> bytes:
        """Return the answer as one line."""
        parts = [b"{"]
        if answer.id is not None:
            parts.append(b'"id":%b,' % orjson.dumps(answer.id))
        if answer.error:
            parts.append(_error(answer))
        elif answer.trace is None:
            parts += [_OPEN[Disposition.UNKNOWN], _NOT_WALKED, *_gaps(answer.gaps)]
        else:
            self._trace(parts, answer.trace)
            if answer.choices:
                parts += [b',"addresses":', _dump([_choice(item) for item in answer.choices])]
            if answer.subnets:
                parts += [b',"subnets":', orjson.dumps(dict(answer.subnets))]
            parts += _gaps(answer.gaps)
            if answer.remarks:
                parts += [b',"remarks":', _dump(answer.remarks)]
        parts.append(b"}\n")
        return b"".join(parts)

    def _trace(self, parts: list[bytes], trace: Trace) -> None:
        parts += [_OPEN[trace.disposition], b'"request":']
        self._half(parts, trace.request)
        parts.append(b',"reply":')
        self._half(parts, trace.reply)
        if trace.blockers:
            parts += [b',"blockers":', _dump([_blocker(item) for item in trace.blockers])]
        else:
            parts.append(b',"blockers":[]')
        if trace.warnings:
            parts += [b',"warnings":', _dump([_blocker(item) for item in trace.warnings])]
        if trace.unread:
            parts += [b',"unread":', _dump(trace.unread)]
        if trace.resolution is not None:
            parts += [b',"resolution":', _dump(_resolution(trace.resolution))]

    def _half(self, parts: list[bytes], half: HalfTrace) -> None:
        known = self._lines
        try:
            hops = [known[identity] for identity in map(id, half.hops)]
        except KeyError:
            hops = [known.get(id(hop)) or self._hop(hop) for hop in half.hops]
        parts += [_OPEN_HALF[half.disposition], b",".join(hops), b"]}"]

    def _hop(self, hop: Hop) -> bytes:
        line = _dump(_hop(hop))
        if not hop.blocks:  # what blocks is described anew for every flow
            if len(self._hops) >= self._most:
                self._hops.clear()
                self._lines.clear()
            line = b"%b" % line  # orjson's own bytes keep the room they were made in, 4 KiB
            self._hops.append(hop)
            self._lines[id(hop)] = line
        return line


def to_json(answer: FlowAnswer) -> str:
    """Return the answer as one JSON document for people to read: the line, indented."""
    return json.dumps(orjson.loads(AnswerLines().line(answer)), indent=2, ensure_ascii=True)


def _dump(value: object) -> bytes:
    return orjson.dumps(value)


def _present(**fields: object) -> dict[str, object]:
    """Return the fields that have a value."""
    return {name: value for name, value in fields.items() if value not in (None, "", False, [])}


def _hop(hop: Hop) -> dict[str, object]:
    return _present(
        component=hop.component,
        resource_id=hop.resource_id,
        entry=hop.entry,
        detail=hop.detail,
        blocks=hop.blocks,
    )


def _blocker(blocker: Blocker) -> dict[str, object]:
    return _present(
        component=blocker.component,
        resource_id=blocker.resource_id,
        half=blocker.half,
        reason=blocker.reason,
        entry=blocker.entry,
        detail=blocker.detail,
        near_misses=blocker.near_misses,
        subnet_id=blocker.subnet_id,
    )


def _resolution(resolution: Resolution) -> dict[str, object]:
    said = _present(
        name=resolution.name,
        family=resolution.family,
        addresses=[] if resolution.assumed else [str(item) for item in resolution.addresses],
        origin=resolution.origin,
        endpoint_id=resolution.endpoint_id,
        captured=resolution.captured,
        assumed=resolution.assumed,
        detail=resolution.detail,
    )
    return said if resolution.exists is None else said | {"exists": resolution.exists}


def _choice(choice: AddressChoice) -> dict[str, object]:
    return _present(
        destination=str(choice.destination),
        source=None if choice.source is None else str(choice.source),
        because=choice.because,
    )


def _gaps(gaps: tuple[Gap, ...]) -> list[bytes]:
    if not gaps:
        return []
    said = [
        _present(
            call=item.call,
            error=item.error,
            needed_for=item.needed_for,
            iam_action=item.iam_action,
        )
        for item in gaps
    ]
    return [b',"gaps":', _dump(said)]


def _error(answer: FlowAnswer) -> bytes:
    where = b"" if answer.line is None else b',"line":%d' % answer.line
    return b'"error":%b%b' % (orjson.dumps(answer.error), where)
