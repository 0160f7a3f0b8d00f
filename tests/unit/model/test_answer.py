"""What is said about one flow."""

from __future__ import annotations

from netprobe.model.answer import FlowAnswer
from netprobe.model.trace import Disposition
from tests.builders import gap


def test_answer_without_a_trace_is_unknown() -> None:
    """What could not be read may be there."""
    answer = FlowAnswer(gaps=(gap("ec2:DescribeNetworkInterfaces"),))

    assert answer.disposition is Disposition.UNKNOWN


def test_flow_that_cannot_be_asked_has_no_fate() -> None:
    """An error is no answer."""
    assert FlowAnswer(error="no source 'eni-9'").disposition is None
