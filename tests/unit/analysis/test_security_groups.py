"""What security groups allow, and what almost."""

from __future__ import annotations

import pytest

from netprobe.model.trace import Disposition
from tests.builders import PUBLIC_IPV6, flow, gap, prefix_list, rule, security_group, source
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


NEAR_MISSES = {
    "another family": (rule("::/0", "443"), "allows tcp 443 to ::/0, the flow is IPv4"),
    "another port": (rule(port="80"), "allows tcp 80 to 0.0.0.0/0, the flow needs tcp 443"),
    "elsewhere": (
        rule("10.0.0.0/8", "443"),
        "allows tcp 443 to 10.0.0.0/8, 198.51.100.10 is outside",
    ),
    "another group": (
        rule("sg-db", "443"),
        "allows tcp 443 to sg-db, 198.51.100.10 is not in that group",
    ),
    "another list": (
        rule("pl-s3", "443"),
        "allows tcp 443 to pl-s3, 198.51.100.10 is not in that list",
    ),
    "two differences": (rule("::/0", "80"), None),
}


@pytest.mark.parametrize("name", NEAR_MISSES)
def test_a_rule_that_almost_allows_is_named(name: str) -> None:
    egress, expected = NEAR_MISSES[name]
    items = (security_group(egress=(egress,)), prefix_list())
    (blocker,) = trace(items, flow()).blockers
    assert blocker.near_misses == ((f"sg-1 {expected}",) if expected else ())


def test_a_list_that_was_not_read_is_unknown() -> None:
    items = (security_group(egress=(rule("pl-9", "443"),)),)
    answer = trace(items, flow())
    assert (answer.disposition, answer.unread) == (
        Disposition.UNKNOWN,
        ("ec2:GetManagedPrefixListEntries",),
    )


def test_an_address_of_a_prefix_list_is_allowed() -> None:
    items = (security_group(egress=(rule("pl-s3", "443"),)), prefix_list())
    assert trace(items, flow("198.51.100.130")).disposition is Disposition.DELIVERED
