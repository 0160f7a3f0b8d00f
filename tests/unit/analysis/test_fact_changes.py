"""Facts of the configuration that are not the same in two snapshots."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest

from netprobe.analysis.fact_changes import changed_facts, not_compared
from netprobe.model.comparison import Fact, FactChange
from netprobe.model.snapshot import Snapshot
from tests.builders import (
    entry,
    gap,
    internet_gateway,
    nat_gateway,
    network_acl,
    route,
    route_table,
    rule,
    security_group,
    snapshot,
    subnet,
    working_vpc,
)
from tests.every_kind import everything


def facts(before: Snapshot, now: Snapshot) -> list[tuple[str, str, str, str | None, str | None]]:
    return [
        (item.resource_id, item.change.value, item.what, item.was, item.now)
        for item in changed_facts(before, now)
    ]


def with_routes(*routes: Any) -> Snapshot:
    return snapshot(route_table("rtb-1", routes=routes))


DETACHED = internet_gateway("eigw-1", attached=None)
V4 = route("0.0.0.0/0", "nat-1")
OTHER_V4 = route("0.0.0.0/0", "nat-2")
V6 = route("::/0", "eigw-1")


def test_route_that_came_is_added() -> None:
    """In the words in which routes are written everywhere."""
    assert facts(with_routes(V4), with_routes(V4, V6)) == [
        ("rtb-1", "added", "route", None, "::/0 -> eigw-1")
    ]


def test_route_to_the_same_destination_is_one_that_changed() -> None:
    """A table has one route for a destination: another target is no second route."""
    assert facts(with_routes(V4), with_routes(OTHER_V4)) == [
        ("rtb-1", "changed", "route", "0.0.0.0/0 -> nat-1", "0.0.0.0/0 -> nat-2")
    ]


def test_gateways_of_both_kinds_are_called_what_they_are() -> None:
    """An egress-only internet gateway is no internet gateway."""
    now = snapshot(internet_gateway("igw-1"), internet_gateway("eigw-1"))

    assert [(item.resource_id, item.kind) for item in changed_facts(snapshot(), now)] == [
        ("igw-1", "internet gateway"),
        ("eigw-1", "egress-only internet gateway"),
    ]
    [detached] = changed_facts(now, snapshot(*now.internet_gateways[:1], DETACHED))
    assert detached.kind == "egress-only internet gateway"


def test_order_of_routes_is_no_fact() -> None:
    """AWS promises none."""
    assert facts(with_routes(V4, V6), with_routes(V6, V4)) == []


def test_rules_say_which_way_they_are_for() -> None:
    """Egress and ingress rules read alike but for to and from."""
    before = snapshot(security_group("sg-1", ingress=(), egress=()))
    now = snapshot(security_group("sg-1", ingress=(rule(port="443"),), egress=()))
    ((group, change, what, was, text),) = facts(before, now)
    assert (group, change, what, was) == ("sg-1", "added", "ingress rule", None)
    assert text is not None
    assert text.startswith("allows tcp 443 from ")


def test_entry_with_the_same_number_is_one_that_changed() -> None:
    """Entries are told apart by number and direction."""
    before = snapshot(network_acl("acl-1", entries=(entry(100, "allow"),)))
    now = snapshot(network_acl("acl-1", entries=(entry(100, "deny"),)))
    ((_, change, _, was, text),) = facts(before, now)
    assert change == "changed"
    assert was is not None
    assert was.startswith("entry 100 allows ")
    assert text == was.replace("allows", "denies")


def test_resource_that_went_is_one_fact() -> None:
    """Its fields went with it, and are not told one by one."""
    found = facts(snapshot(nat_gateway("nat-1")), snapshot())
    assert found == [("nat-1", "removed", "", None, None)]


def test_free_addresses_of_a_subnet_are_no_fact() -> None:
    """They change with every function that starts."""
    before = snapshot(subnet(available_ip_address_count=9))
    assert facts(before, snapshot(subnet(available_ip_address_count=8))) == []


def test_what_was_not_read_did_not_go() -> None:
    """A refused call empties an answer; nobody removed the gateway."""
    before, now = snapshot(nat_gateway("nat-1")), snapshot(gap("ec2:DescribeNatGateways"))
    assert facts(before, now) == facts(now, before) == []
    assert not_compared(before, now) == (
        "NAT gateways were not compared: ec2:DescribeNatGateways not read in the second",
    )
    assert not_compared(now, now) == (
        "NAT gateways were not compared: ec2:DescribeNatGateways not read in both",
    )


def every_field() -> list[tuple[str, str]]:
    """Return collection and field of every value that a snapshot of everything has."""
    shot = everything()
    return [
        (group.name, field.name)
        for group in fields(Snapshot)
        if group.name not in {"region", "account", "gaps"} and getattr(shot, group.name)
        for field in fields(getattr(shot, group.name)[0])
    ]


SILENT = {
    "available_ip_address_count",
    "region",
    "ip_address_type_assumed",
    "complete",
}
"""Fields whose change is nobody's doing, or that say how something was read."""
NEED_EVERY_ANSWER = {"role_policies", "bucket_policies"}
"""What is read only where it is asked about."""


@pytest.mark.parametrize(("group", "field"), every_field())
def test_every_field_of_every_resource_is_compared(group: str, field: str) -> None:
    """Whatever a resource has more or less of is a fact, or has its reason to be none."""
    shot = replace(everything(), gaps=())
    first, *others = getattr(shot, group)
    value = getattr(first, field)
    other: Any
    if isinstance(value, bool):
        other = not value
    elif isinstance(value, tuple | frozenset) and value:
        other = type(value)()
    elif isinstance(value, str):
        other = f"{value}x"
    elif isinstance(value, int):
        other = value + 1
    else:
        pytest.skip("nothing else of its type is at hand")
    changed = replace(shot, **{group: (replace(first, **{field: other}), *others)})

    found = changed_facts(shot, changed)

    silent = (
        (field in SILENT and group != "block_public_access")
        or field.endswith("_read")
        or (field == "stages")
        or (group in NEED_EVERY_ANSWER and field in {"bucket", "role_name", "account"})
        or (field == "policies" and not first.complete)
    )
    assert bool(found) is not silent, found
    assert all(isinstance(item, Fact) and item.resource_id for item in found)


def test_nothing_changes_within_itself() -> None:
    """Every kind of resource is the same as itself."""
    assert changed_facts(everything(), everything()) == ()
    assert changed_facts(snapshot(*working_vpc()), snapshot(*working_vpc())) == ()


def test_everything_that_came_is_told_once() -> None:
    """One fact for each resource of a snapshot that was empty before."""
    shot = replace(everything(), gaps=())
    found = changed_facts(Snapshot(region="us-east-1"), shot)
    assert {item.change for item in found} == {FactChange.ADDED}
    resources = sum(len(getattr(shot, item.name)) for item in fields(Snapshot)[2:-1])
    asked_only = len(shot.role_policies) + len(shot.bucket_policies)
    assert len(found) == resources - asked_only > 50
