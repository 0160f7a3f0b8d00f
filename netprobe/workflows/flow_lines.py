"""A flows file: JSON Lines in, JSON Lines out, in order, in the memory of a few lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import orjson

from netprobe.errors import UsageError
from netprobe.model.answer import FlowAnswer
from netprobe.model.trace import Disposition
from netprobe.render.flow_lines import AnswerLines
from netprobe.workflows.flow_requests import read_request
from netprobe.workflows.trace import FlowTracer

LONGEST_LINE = 1 << 20
"""A longer line is no flow; without a limit a file without line ends would fill the memory."""
_BOM = b"\xef\xbb\xbf"


@dataclass(slots=True)
class Tally:
    """How the flows of one run fared."""

    dispositions: Counter[Disposition] = field(default_factory=Counter)
    errors: int = 0

    def count(self, answer: FlowAnswer) -> None:
        """Add one answer."""
        disposition = answer.disposition
        if disposition is None:
            self.errors += 1
        else:
            self.dispositions[disposition] += 1


def answer_lines(
    chunks: Iterable[bytes],
    tracer: FlowTracer,
    tally: Tally,
    writer: AnswerLines | None = None,
) -> Iterator[bytes]:
    """Yield the answers to the lines of each chunk as they come, one line each, in order."""
    writer = writer or AnswerLines()
    number = 0
    for lines in split_lines(chunks):
        answers = []
        for line in lines:
            number += 1
            if line and not line.isspace():
                answer = answer_line(line, number, tracer)
                tally.count(answer)
                answers.append(writer.line(answer))
        if answers:
            yield b"".join(answers)


def answer_line(line: bytes, number: int, tracer: FlowTracer) -> FlowAnswer:
    """Return the answer to one line; whatever it holds, the lines after it are answered too."""
    flow_id: object = None
    try:
        document = _parse(line)
        if isinstance(document, dict):
            flow_id = document.get("id")
        request = read_request(document)
    except UsageError as error:
        where = number if flow_id is None else None
        return FlowAnswer(id=flow_id, error=str(error), line=where)
    try:
        return tracer.answer(request, flow_id)
    except Exception as error:  # noqa: BLE001 # a flow that netprobe chokes on costs no other its answer
        what = f"this is a bug in netprobe: {type(error).__name__}: {error}"
        return FlowAnswer(id=flow_id, error=what, line=number)


def _parse(line: bytes) -> object:
    if len(line) > LONGEST_LINE:
        raise UsageError("unreadable-flow", f"the line is longer than {LONGEST_LINE} bytes")
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise UsageError("unreadable-flow", "the line is no JSON", why=str(error)) from error


def split_lines(chunks: Iterable[bytes]) -> Iterator[list[bytes]]:
    """Yield the lines that each chunk completes; a line that is too long is cut, not kept."""
    rest = b""
    first = True
    for given in chunks:
        chunk = given.removeprefix(_BOM) if first else given
        first = False
        head, newline, tail = chunk.rpartition(b"\n")
        if not newline:
            rest = (rest + chunk)[: LONGEST_LINE + 1]
            continue
        yield (rest + head).split(b"\n")
        rest = tail
    if rest:
        yield [rest]
