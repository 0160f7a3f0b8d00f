"""Flows as lines: order, errors, chunks, and the memory they take."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Iterator
from ipaddress import IPv4Address
from typing import Any

import pytest

from netprobe.errors import NetprobeError
from netprobe.model.trace import Disposition
from netprobe.render.flow_lines import AnswerLines
from netprobe.workflows.flow_lines import LONGEST_LINE, Tally, answer_lines, split_lines
from netprobe.workflows.trace import FlowTracer
from tests.builders import interface, snapshot, working_vpc

FLOW = {"id": "a", "source": "eni-1", "destination": "198.51.100.10", "protocol": 6, "port": 443}
APP = interface("eni-1", "10.0.1.20", "2001:db8:1:1::20", group_ids=("sg-1",))


class NoHosts:
    """No service is asked for here."""

    def host(self, service: str, *, dual_stack: bool) -> str:
        raise NetprobeError("unknown-service", f"{service} {dual_stack}")


class Broken(FlowTracer):
    """Fails as only a bug does."""

    def answer(self, request: object, flow_id: object = None) -> Any:
        raise ZeroDivisionError(request, flow_id)


def tracer() -> FlowTracer:
    return FlowTracer(snapshot(*working_vpc(), APP), NoHosts())


def answers(*lines: object, tally: Tally | None = None) -> list[dict[str, Any]]:
    text = b"".join(i if isinstance(i, bytes) else json.dumps(i).encode() + b"\n" for i in lines)
    out = b"".join(answer_lines([text], tracer(), tally or Tally()))
    return [json.loads(line) for line in out.splitlines()]


def test_answers_come_in_the_order_of_the_flows() -> None:
    """Each with the id its flow has, of whatever kind."""
    ids = ["a", 7, None, 1.5, "ü", {"deep": [1]}, "a"]

    assert [item.get("id") for item in answers(*(FLOW | {"id": i} for i in ids))] == ids


def test_bad_lines_are_answered_and_stop_nothing() -> None:
    """Where a flow has no id, by the number of its line."""
    tally = Tally()
    found = answers(
        b"not json\n",
        b"[1, 2]\n",
        FLOW,
        b'{"id": "b"}\n',
        b"\xff\xfe\n",
        b'{"id": "c", "source"\n',
        FLOW | {"id": "d", "source": "eni-2"},
        FLOW | {"id": "e", "port": 99999},
        FLOW | {"id": "f"},
        tally=tally,
    )

    assert [(item.get("id"), item.get("line"), "error" in item) for item in found] == [
        (None, 1, True),
        (None, 2, True),
        ("a", None, False),
        ("b", None, True),
        (None, 5, True),
        (None, 6, True),
        ("d", None, True),
        ("e", None, True),
        ("f", None, False),
    ]
    assert all(set(item) <= {"id", "line", "error"} for item in found if "error" in item)
    assert (tally.errors, tally.dispositions[Disposition.DELIVERED]) == (7, 2)


def test_empty_lines_are_no_flows() -> None:
    """At the end of a file or between flows; line numbers count them."""
    assert [item.get("line") for item in answers(b"\n", FLOW, b" \r\n", b"{\n", b"\n\n")] == [
        None,
        4,
    ]


def test_windows_line_ends_and_byte_order_mark_are_taken() -> None:
    """Files come from everywhere."""
    text = b"\xef\xbb\xbf" + json.dumps(FLOW).encode() + b"\r\n"

    assert [item["disposition"] for item in answers(text, text[3:])] == ["delivered"] * 2


def test_last_line_needs_no_end() -> None:
    """Nor does the only one."""
    assert [item["id"] for item in answers(json.dumps(FLOW).encode())] == ["a"]


def test_bug_in_one_flow_costs_no_other_its_answer() -> None:
    """It is reported as what it is."""
    broken = Broken(snapshot(), NoHosts())
    text = json.dumps(FLOW).encode() + b"\n"
    out = b"".join(answer_lines([text * 2], broken, Tally())).splitlines()

    assert len(out) == 2
    assert "this is a bug in netprobe: ZeroDivisionError" in json.loads(out[0])["error"]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_lines_do_not_depend_on_the_chunks(size: int) -> None:
    """A pipe may cut them anywhere."""
    text = b"one\n\ntwo\nthree"
    chunks = [text[i : i + size] for i in range(0, len(text), size)]

    assert [line for lines in split_lines(chunks) for line in lines] == text.split(b"\n")


def test_whole_lines_are_answered_before_the_next_chunk_is_read() -> None:
    """A program may ask one flow and wait for its answer before it asks the next."""
    asked: list[int] = []

    def chunks() -> Iterator[bytes]:
        for number in range(3):
            asked.append(number)
            yield json.dumps(FLOW | {"id": number}).encode() + b"\n"

    out = answer_lines(chunks(), tracer(), Tally())
    assert json.loads(next(out))["id"] == 0
    assert asked == [0]


def test_endless_line_is_cut_and_answered() -> None:
    """It takes no more memory than the longest line allowed, and the next flow is answered."""
    chunks = [b"x" * (LONGEST_LINE // 4)] * 12
    found = b"".join(
        answer_lines([*chunks, b"\n", json.dumps(FLOW).encode()], tracer(), Tally())
    ).splitlines()

    assert "longer than" in json.loads(found[0])["error"]
    assert json.loads(found[1])["disposition"] == "delivered"
    kept = max(len(line) for lines in split_lines([*chunks, b"\n"]) for line in lines)
    assert kept <= LONGEST_LINE + len(chunks[0])


def peak_of(count: int) -> int:
    """Return the most memory that answering so many flows takes, over what was there before."""

    def chunks() -> Iterator[bytes]:
        for first in range(0, count, 100):
            yield b"".join(
                json.dumps(
                    FLOW
                    | {
                        "id": number,
                        "destination": str(IPv4Address(0x08000000 + number)),
                        "source_port": 1024 + number % 60000,
                    }
                ).encode()
                + b"\n"
                for number in range(first, first + 100)
            )

    asked = FlowTracer(snapshot(*working_vpc(), APP), NoHosts(), remembered=100)
    writer = AnswerLines(remembered=100)
    next(answer_lines(chunks(), asked, Tally(), writer))  # everything that is made once is made
    tracemalloc.start()
    for _ in answer_lines(chunks(), asked, Tally(), writer):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def test_many_flows_take_no_more_memory_than_few() -> None:
    """Once what is remembered is full, nothing grows with the number of flows."""
    assert peak_of(2_500) < 1.5 * peak_of(500)
