"""Compiled sets of security groups; what they let pass is in test_security_groups."""

from __future__ import annotations

from netprobe.analysis.compiled_groups import CompiledGroups
from netprobe.model.flow import TCP
from netprobe.model.snapshot import Snapshot
from tests.builders import address, prefix_list, rule, security_group, snapshot

PEER = int(address("198.51.100.10"))


def groups(*egress: object, names: tuple[str, ...] = ("sg-1",)) -> CompiledGroups:
    shot: Snapshot = snapshot(security_group(egress=egress), prefix_list())  # type: ignore[arg-type] # rules
    return CompiledGroups(shot, names)


def test_the_first_rule_that_allows_is_named_whatever_its_prefix() -> None:
    rules = (rule(port="443"), rule("198.51.100.10/32", "443"))
    for ordered, expected in ((rules, "0.0.0.0/0"), (rules[::-1], "198.51.100.10/32")):
        hop = groups(*ordered).lane((4, TCP, None), egress=True).allows(PEER, 443, None)
        assert hop is not None
        assert hop.entry == f"allows tcp 443 to {expected}"


def test_a_reference_allows_who_is_in_the_group() -> None:
    lane = groups(rule("sg-9", "443")).lane((4, TCP, None), egress=True)
    assert lane.allows(PEER, 443, frozenset({"sg-9"})) is not None
    assert lane.allows(PEER, 443, frozenset({"sg-8"})) is None
    assert lane.allows(PEER, 80, frozenset({"sg-9"})) is None


def test_a_set_refers_when_an_egress_rule_does() -> None:
    assert groups(rule("sg-9", "443")).refers
    assert not groups(rule(port="443")).refers


def test_a_refusal_names_what_it_depends_on() -> None:
    lane = groups(rule("pl-9", "443"), rule("sg-9", "443")).lane((4, TCP, None), egress=True)
    assert lane.refuse(PEER, 443, None).unread == (
        "ec2:GetManagedPrefixListEntries",
        "ec2:DescribeNetworkInterfaces",
    )
    assert lane.refuse(PEER, 80, None).unread == ()
    assert lane.refuse(PEER, 443, frozenset()).unread == ("ec2:GetManagedPrefixListEntries",)


def test_a_group_that_is_not_there_leaves_the_set_open() -> None:
    assert groups(names=("sg-1", "sg-other")).unread
    assert not groups().unread


def test_an_assumed_address_might_be_in_a_block_or_an_own_list() -> None:
    public = address("192.0.2.1")
    shot = snapshot(prefix_list(), prefix_list("pl-own", ("8.0.0.0/8",), name="ours"))
    for peer, expected in (("8.8.8.0/24", True), ("pl-own", True), ("pl-s3", False)):
        lane = groups(rule(peer, "443")).lane((4, TCP, None), egress=True)
        assert lane.might_allow(shot, public, 443) is expected
        assert lane.might_allow(shot, public, 80) is False
