"""How a walk's notes become a trace."""

from __future__ import annotations

import pytest

from netprobe.analysis.fabric import Fabric
from netprobe.analysis.walk import Walk
from netprobe.model.trace import Blocker, Component, Disposition, Half, Reason
from tests.builders import address, flow, snapshot


def walk() -> Walk:
    return Walk(
        fabric=Fabric(snapshot()),
        flow=flow(),
        subnet=None,
        interface=None,
        address=address("10.0.1.4"),
    )


def blocker(half: Half, reason: Reason) -> Blocker:
    return Blocker(
        component=Component.NETWORK_ACL, resource_id="acl-1", half=half, reason=reason, entry="e"
    )


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_a_disposition_that_is_no_success(reason: Reason) -> None:
    notes = walk()
    notes.block(blocker(Half.REQUEST, reason))
    assert notes.finish().disposition in {
        Disposition.DENIED,
        Disposition.NO_ROUTE,
        Disposition.BLACKHOLED,
    }


def test_a_block_is_a_hop_too() -> None:
    notes = walk()
    notes.block(blocker(Half.REPLY, Reason.ENTRY_DENIES))
    (hop,) = notes.finish().reply.hops
    assert (hop.blocks, hop.entry) == (True, "e")


def test_blockers_of_the_request_come_first() -> None:
    notes = walk()
    notes.block(blocker(Half.REPLY, Reason.ENTRY_DENIES))
    notes.block(blocker(Half.REQUEST, Reason.NO_ROUTE))
    answer = notes.finish()
    assert [item.half for item in answer.blockers] == [Half.REQUEST, Half.REPLY]
    assert answer.disposition is Disposition.NO_ROUTE


def test_a_gap_is_noted_once_for_each_half() -> None:
    notes = walk()
    for half in (Half.REQUEST, Half.REQUEST, Half.REPLY):
        notes.lack("ec2:DescribeNetworkAcls", Component.NETWORK_ACL, "subnet-1", half)
    answer = notes.finish()
    assert answer.unread == ("ec2:DescribeNetworkAcls",)
    assert [item.half for item in answer.warnings] == [Half.REQUEST, Half.REPLY]


def test_a_doubt_in_one_half_leaves_the_other_decided() -> None:
    notes = walk()
    notes.doubt(blocker(Half.REPLY, Reason.NOT_MODELLED))
    answer = notes.finish()
    assert (answer.disposition, answer.request.disposition, answer.reply.disposition) == (
        Disposition.UNKNOWN,
        Disposition.DELIVERED,
        Disposition.UNKNOWN,
    )
