"""Which calls' answers each part of a snapshot is made of."""

from __future__ import annotations

from dataclasses import fields

from netprobe.analysis.fact_calls import CALLS
from netprobe.aws import operations
from netprobe.aws.operations import Operation
from netprobe.model.snapshot import Snapshot


def test_every_part_has_calls_that_netprobe_makes() -> None:
    """A field without calls would be compared as if it was always read, a wrong name never."""
    known = {item.call for item in vars(operations).values() if isinstance(item, Operation)}
    names = {item.name for item in fields(Snapshot)} - {"region", "account", "gaps"}
    assert set(CALLS) == names
    assert {call for calls in CALLS.values() for call in calls} <= known
