"""How an answer of the engine compares with what the packets did."""

from __future__ import annotations

from dataclasses import replace

import pytest

from netprobe.analysis.tracer import trace_flow
from netprobe.model.trace import Disposition, HalfTrace, Trace
from tests.judge.building import snapshot_of
from tests.judge.cases import read_cases
from tests.judge.verdicts import compare, flow_of
from tests.judge.watching import Seen

CAME, LOST = "eni-9", None
DELIVERED, DENIED = Disposition.DELIVERED, Disposition.DENIED
UNKNOWN, LEFT = Disposition.UNKNOWN, Disposition.LEFT_VIEW


@pytest.mark.parametrize(
    ("request_half", "reply_half", "arrived", "answered", "outcome"),
    [
        (DELIVERED, DELIVERED, CAME, True, "agreed"),
        (DELIVERED, DELIVERED, CAME, False, "disagreed"),
        (DELIVERED, DELIVERED, LOST, False, "disagreed"),
        (DELIVERED, DENIED, CAME, False, "agreed"),
        (DELIVERED, DENIED, CAME, True, "disagreed"),
        (DELIVERED, DENIED, LOST, False, "disagreed"),
        (DENIED, DELIVERED, LOST, False, "agreed"),
        (DENIED, DELIVERED, CAME, False, "disagreed"),
        (UNKNOWN, DELIVERED, CAME, False, "unknown"),
        (DELIVERED, UNKNOWN, CAME, False, "unknown"),
        (DELIVERED, UNKNOWN, LOST, False, "disagreed"),
        (LEFT, LEFT, LOST, False, "left-view"),
        (DELIVERED, LEFT, LOST, False, "disagreed"),
    ],
)
def test_halves_are_compared_one_by_one(
    request_half: Disposition,
    reply_half: Disposition,
    arrived: str | None,
    answered: bool,  # noqa: FBT001 # a column of the table
    outcome: str,
) -> None:
    """The reply counts once the request has arrived; what is not known never disagrees."""
    trace = replace(
        a_trace(),
        request=HalfTrace(disposition=request_half),
        reply=HalfTrace(disposition=reply_half),
        warnings=(),
    )

    assert compare(trace, Seen(sent=True, request_at=arrived, reply=answered)) == outcome


def a_trace() -> Trace:
    case = read_cases()[0]
    snapshot = snapshot_of(case.answers)
    return trace_flow(snapshot, flow_of(snapshot, case.question))
