"""What security groups allow, and what almost."""

from __future__ import annotations

import pytest

from netprobe.model.trace import Disposition
from tests.builders import PUBLIC_IPV6, flow, gap, rule, security_group, source
from tests.unit.analysis.situations import DATA, Blocked, Delivered, blockers, trace

BLOCKED: Blocked = {
    "no egress rule": (
        (security_group(egress=()),),
        flow(),
        [("security-group", "egress-not-allowed")],
    ),
    "egress rule of the other family": (
        (security_group(egress=(rule("0.0.0.0/0", "443"),)),),
        flow(PUBLIC_IPV6),
        [("security-group", "egress-not-allowed")],
    ),
}

DELIVERED: Delivered = {
    "egress by reference to the far group": (
        (*DATA, security_group(egress=(rule("sg-db", "443"),))),
        flow("10.0.2.9"),
    ),
    "any of several groups": (
        (security_group(egress=()), security_group("sg-2")),
        flow(source=source(security_group_ids=("sg-1", "sg-2"))),
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
    assert answer.request.disposition is answer.reply.disposition is Disposition.DELIVERED


def test_a_reference_to_an_unread_far_group_is_unknown() -> None:
    call = "ec2:DescribeNetworkInterfaces"
    items = (security_group(egress=(rule("sg-db", "443"),)),)
    answer = trace(items, flow("10.0.2.9"), gaps=(gap(call),))
    assert (answer.disposition, answer.unread) == (Disposition.UNKNOWN, (call,))


def test_a_group_of_another_account_is_unknown_and_not_empty() -> None:
    answer = trace((), flow(source=source(security_group_ids=("sg-shared",))))
    assert answer.disposition is Disposition.UNKNOWN


def test_a_blocker_says_which_rule_almost_allows() -> None:
    items = (security_group(egress=(rule("0.0.0.0/0", "443"),)),)
    (blocker,) = trace(items, flow(PUBLIC_IPV6)).blockers
    assert blocker.near_misses == ("sg-1 allows tcp 443 to 0.0.0.0/0, the flow is IPv6",)
