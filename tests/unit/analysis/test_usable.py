"""Whether an interface can send and receive at all."""

from __future__ import annotations

import pytest

from netprobe.analysis.usable import READ_INSTANCES
from netprobe.model.gap import Gap
from netprobe.model.trace import Disposition
from netprobe.model.workloads import Instance
from tests.builders import flow, interface, source
from tests.unit.analysis.situations import DATA, Blocked, Delivered, blockers, trace

START = source(function_name=None, interface_id="eni-1")

BLOCKED: Blocked = {
    "the source is attached to nothing": (
        (interface("eni-1", "10.0.1.7", status="available"),),
        flow(source=START),
        [("network-interface", "interface-not-usable")],
    ),
    "the source's instance is stopped": (
        (
            interface("eni-1", "10.0.1.7", instance_id="i-1"),
            Instance(instance_id="i-1", state="stopped"),
        ),
        flow(source=START),
        [("network-interface", "interface-not-usable")],
    ),
    "the destination is being detached": (
        (*DATA, interface("eni-db", "10.0.2.9", subnet_id="subnet-data", attached=False)),
        flow("10.0.2.9"),
        [("network-interface", "interface-not-usable")],
    ),
}

DELIVERED: Delivered = {
    "an instance that runs": (
        (interface("eni-1", "10.0.1.7", instance_id="i-1"), Instance(instance_id="i-1")),
        flow(source=START),
    ),
    "an instance that was not read": (
        (interface("eni-1", "10.0.1.7", instance_id="i-9", attached=True),),
        flow(source=START),
    ),
}


@pytest.mark.parametrize("name", BLOCKED)
def test_every_blocker_is_named_in_the_order_it_is_met(name: str) -> None:
    items, asked, expected = BLOCKED[name]
    assert blockers(items, asked) == expected


@pytest.mark.parametrize("name", DELIVERED)
def test_nothing_blocks_what_works(name: str) -> None:
    answer = trace(*DELIVERED[name])
    assert (answer.disposition, answer.blockers) == (Disposition.DELIVERED, ())


@pytest.mark.parametrize(
    ("asked", "expected"), [(True, Disposition.UNKNOWN), (False, Disposition.DELIVERED)]
)
def test_refused_instances_may_be_stopped(*, asked: bool, expected: Disposition) -> None:
    """In a dump without any they count as running; where AWS refused them nobody knows."""
    gap = Gap(call=READ_INSTANCES, error="denied", iam_action=READ_INSTANCES, asked=asked)
    attached = interface("eni-1", "10.0.1.7", instance_id="i-9", attached=True)
    answer = trace((attached,), flow(source=START), gaps=(gap,))

    assert answer.disposition is expected
    assert answer.unread == ((READ_INSTANCES,) if asked else ())
