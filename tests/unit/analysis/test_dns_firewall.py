"""DNS Firewall decides by its first rule that matches, as far as its lists can be read."""

from __future__ import annotations

import pytest

from netprobe.analysis.dns_firewall import (
    READ_ASSOCIATIONS,
    READ_DOMAINS,
    READ_FIREWALL_RULES,
    judge_question,
)
from netprobe.model.addresses import Family
from netprobe.model.names import FirewallRule
from tests.builders import gap
from tests.name_builders import V4, V6, firewall_rule, question

BLOCK_ALL = firewall_rule(900, "BLOCK", "*")
HOST = "www.example.com"

# rules, family: does it block, is it in doubt
VERDICTS: dict[str, tuple[tuple[FirewallRule, ...], Family, tuple[bool, bool]]] = {
    "no rule": ((), V4, (False, False)),
    "the very name": ((firewall_rule(1, "BLOCK", HOST),), V4, (True, False)),
    "another name": ((firewall_rule(1, "BLOCK", "example.com"),), V4, (False, False)),
    "wildcard over it": ((firewall_rule(1, "BLOCK", "*.example.com"),), V4, (True, False)),
    "wildcard of its own name": ((firewall_rule(1, "BLOCK", f"*.{HOST}"),), V4, (False, False)),
    "everything": ((BLOCK_ALL,), V4, (True, False)),
    "one of many": ((firewall_rule(1, "BLOCK", "a.example", HOST),), V4, (True, False)),
    "allowed before": ((BLOCK_ALL, firewall_rule(1, "ALLOW", HOST)), V4, (False, False)),
    "alerted before": ((BLOCK_ALL, firewall_rule(1, "ALERT", HOST)), V4, (False, False)),
    "allowed after": (
        (firewall_rule(1, "BLOCK", HOST), firewall_rule(2, "ALLOW", "*")),
        V4,
        (True, False),
    ),
    "blocked for AAAA only, A": (
        (firewall_rule(1, "BLOCK", "*", query_type="AAAA"),),
        V4,
        (False, False),
    ),
    "blocked for AAAA only, AAAA": (
        (firewall_rule(1, "BLOCK", "*", query_type="AAAA"),),
        V6,
        (True, False),
    ),
    "another VPC": ((firewall_rule(1, "BLOCK", "*", vpc_id="vpc-2"),), V4, (False, False)),
    "a list of AWS": ((firewall_rule(1, "BLOCK", unread=True),), V4, (False, True)),
    "a list of AWS that alerts": ((firewall_rule(1, "ALERT", unread=True),), V4, (False, False)),
    "a list of AWS after an allow": (
        (firewall_rule(1, "ALLOW", HOST), firewall_rule(2, "BLOCK", unread=True)),
        V4,
        (False, False),
    ),
    "a list of AWS before a block": (
        (firewall_rule(1, "BLOCK", unread=True), BLOCK_ALL),
        V4,
        (True, False),
    ),
    "a list that may allow before a block": (
        (firewall_rule(1, "ALLOW", unread=True), BLOCK_ALL),
        V4,
        (True, True),
    ),
    "a list of AWS for the other type": (
        (firewall_rule(1, "BLOCK", unread=True, query_type="AAAA"),),
        V4,
        (False, False),
    ),
}


@pytest.mark.parametrize("name", VERDICTS)
def test_the_first_rule_that_matches_decides(name: str) -> None:
    rules, family, expected = VERDICTS[name]
    verdict = judge_question(question(HOST, family, firewall_rules=rules))
    assert (verdict.blocks, bool(verdict.doubt)) == expected
    assert verdict.unread == ()


def test_the_group_of_the_association_with_the_lower_priority_comes_first() -> None:
    blocks = firewall_rule(1, "BLOCK", "*", priority=(200, 1))
    allows = firewall_rule(9, "ALLOW", "*", priority=(100, 9))
    assert not judge_question(question(HOST, firewall_rules=(blocks, allows))).blocks


def test_a_name_that_an_earlier_rule_trusts_is_not_inspected() -> None:
    asked = question(HOST, firewall_rules=(BLOCK_ALL,), trusted=True)
    assert not judge_question(asked).blocks


@pytest.mark.parametrize("call", [READ_ASSOCIATIONS, READ_FIREWALL_RULES])
def test_a_call_that_was_not_read_leaves_every_name_open(call: str) -> None:
    assert judge_question(question(HOST, V4, gap(call))).unread == (call,)


def test_lists_that_were_not_read_matter_only_where_a_rule_needs_them() -> None:
    unread = firewall_rule(1, "BLOCK", unread=True)
    read = firewall_rule(1, "BLOCK", "a.example")
    missing = gap(READ_DOMAINS)
    open_one = judge_question(question(HOST, V4, missing, firewall_rules=(unread,)))
    assert open_one.unread == (READ_DOMAINS,)
    assert judge_question(question(HOST, V4, missing, firewall_rules=(read,))).unread == ()
