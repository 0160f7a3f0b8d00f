"""Changes that people write: every kind comes back as it was, and what is wrong is named."""

from __future__ import annotations

import json
from typing import Any, get_args

import pytest

from netprobe.errors import UsageError
from netprobe.fixes.reading import KINDS, read_changes
from netprobe.model.changes import Change, UseRouteTable
from tests.unit.fixes.every_change import EVERY_CHANGE

GROUP_RULE = {
    "group_id": "sg-1",
    "egress": True,
    "protocol": 6,
    "ports": "443",
    "cidr": "::/0",
}
ACL_ENTRY = {
    "network_acl_id": "acl-1",
    "rule_number": 90,
    "egress": False,
    "protocol": 6,
    "ports": "1024-65535",
    "cidr": "0.0.0.0/0",
}
ROUTE = {
    "route_table_id": "rtb-1",
    "destination": "0.0.0.0/0",
    "target": "nat-gateway",
    "target_id": "nat-1",
}
RULE, ENTRY, SET = "allow-in-security-group", "allow-in-network-acl", "set-route"


def written(change: Change) -> dict[str, Any]:
    """Return a change as a report has it, through JSON and back."""
    document = {"action": change.action, "says": str(change), "values": change.values()}
    return dict(json.loads(json.dumps(document)))


def one(action: Any, values: Any, **more: Any) -> list[Any]:
    return [{"action": action, "values": values, **more}]


@pytest.mark.parametrize("change", EVERY_CHANGE, ids=str)
def test_change_of_a_report_is_read_as_it_was(change: Change) -> None:
    """Writer and reader are each other's inverse, for every kind."""
    assert read_changes([written(change)]) == (change,)


def test_every_kind_of_change_is_tried() -> None:
    """A kind that is added to the language is read, or this fails."""
    assert {type(change) for change in EVERY_CHANGE} == set(get_args(Change))
    assert set(KINDS.values()) == set(get_args(Change))


def test_fix_is_read_as_a_whole() -> None:
    """What else a fix has is no change."""
    document = {"id": "fix-1", "title": "...", "changes": [written(EVERY_CHANGE[0])]}

    assert read_changes(document) == EVERY_CHANGE[:1]


def test_fields_with_a_default_may_be_left_out() -> None:
    """People write only what they mean."""
    values = {"subnet_id": "subnet-1", "route_table_id": "rtb-2"}

    assert read_changes(one("associate-route-table", values)) == (
        UseRouteTable(subnet_id="subnet-1", route_table_id="rtb-2"),
    )


@pytest.mark.parametrize(
    ("document", "line"),
    [
        ("set-route", 'no list of changes; give [...], or {"changes": [...]}'),
        ({"change": []}, 'no list of changes; give [...], or {"changes": [...]}'),
        ([], "the list of changes is empty; name at least one change"),
        (["x"], 'change 1 is no object; it is {"action": "...", "values": {...}}'),
        (one("set-rout", {}), "change 1: no action 'set-rout'; did you mean set-route?"),
        (one(SET, []), "change 1 (set-route) has no object values; it has"),
        (
            one(SET, ROUTE, value=1),
            "change 1 (set-route) has no field 'value'; did you mean value",
        ),
        (
            one(SET, ROUTE | {"destinations": "::/0"}),
            "change 1 (set-route) has no field 'destinations'; did you mean destination?",
        ),
        (
            one(SET, {"destination": "::/0", "target": "nat-gateway"}),
            "change 1 (set-route) lacks route_table_id, target_id; it has route_table_id,",
        ),
        (one(SET, ROUTE | {"target": "nat"}), "target is 'nat'; it takes one of local, internet"),
        (one(SET, ROUTE | {"destination": "10.0.0.1/8"}), "destination is '10.0.0.1/8'; it takes"),
        (one(SET, ROUTE | {"destination": 0}), "destination is 0; it takes a block such as"),
        (one(SET, ROUTE | {"replaces": 1}), "replaces is 1; it takes true or false"),
        (one(SET, ROUTE | {"target_id": ""}), "target_id is ''; it takes a string"),
        (one(SET, ROUTE | {"target_id": None}), "target_id is None; it takes a string"),
        (one(RULE, GROUP_RULE | {"ports": 443}), "ports is 443; it takes a string of ports"),
        (one(RULE, GROUP_RULE | {"ports": ""}), "ports is ''; it takes a string of ports"),
        (one(RULE, GROUP_RULE | {"ports": "9-1"}), "ports is '9-1'; it takes"),
        (one(RULE, GROUP_RULE | {"ports": "70000"}), "ports is '70000'; it takes"),
        (
            one(RULE, GROUP_RULE | {"protocol": "tcp"}),
            "protocol is 'tcp'; it takes",
        ),
        (one(RULE, GROUP_RULE | {"protocol": True}), "protocol is True; it takes a whole number"),
        (one(RULE, GROUP_RULE | {"cidr": None}), "has not one peer; give one of cidr,"),
        (
            one(RULE, GROUP_RULE | {"peer_group_id": "sg-2"}),
            "change 1 (allow-in-security-group) has not one peer; give one of cidr,",
        ),
        (one(ENTRY, ACL_ENTRY | {"rule_number": 40000}), "whole number from 1 to 32766"),
        (
            one("exclude-from-block-public-access", {"resource_id": "vpc-1", "mode": "all"}),
            "mode is 'all'; it takes one of allow-egress, allow-bidirectional",
        ),
        (
            one("allow-function-ipv6", {"function_name": "f", "subnet_ids": "s", "group_ids": []}),
            "subnet_ids is 's'; it takes a list",
        ),
        (
            one("make-api-dual-stack", {"api_id": "a", "kind": {"a": 1}}),
            "kind is an object; it takes one of rest, http, websocket",
        ),
    ],
)
def test_what_is_wrong_is_named_with_what_would_be_right(document: Any, line: str) -> None:
    """One line: the change, the field, and the next step."""
    with pytest.raises(UsageError) as raised:
        read_changes(document)

    assert line in str(raised.value)
    assert raised.value.reference == "unreadable-change"


def test_second_change_is_counted() -> None:
    """The line says which of them is wrong."""
    good = {"action": SET, "values": ROUTE}
    with pytest.raises(UsageError, match=r"^change 2 has no action"):
        read_changes([good, {"values": ROUTE}])


def test_long_value_is_cut() -> None:
    """A line stays a line."""
    with pytest.raises(UsageError) as raised:
        read_changes(one("x" * 10_000, {}))

    assert len(raised.value.what) < 100
