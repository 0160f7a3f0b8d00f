"""What an appliance needs before a packet is handed to it."""

from __future__ import annotations

from typing import Any

import pytest

from netprobe.model.trace import Component, Disposition
from netprobe.model.workloads import Instance
from tests.builders import (
    entry,
    flow,
    gap,
    interface,
    network_acl,
    route,
    route_table,
    rule,
    security_group,
    subnet,
)
from tests.unit.analysis.situations import Blocked, blockers, trace


def appliance(**fields: Any) -> Any:
    defaults: dict[str, Any] = {
        "subnet_id": "subnet-fw",
        "group_ids": ("sg-fw",),
        "source_dest_check": False,
        "attached": True,
        "instance_id": "i-fw",
    }
    return interface("eni-fw", "10.0.5.5", **(defaults | fields))


APPLIANCE: tuple[Any, ...] = (
    route_table(routes=(route("0.0.0.0/0", "eni-fw"),)),
    subnet("subnet-fw", "10.0.5.0/24", None),
    network_acl("acl-fw", subnets=("subnet-fw",)),
    security_group("sg-fw", ingress=(rule("10.0.0.0/16"),)),
    Instance(instance_id="i-fw"),
    appliance(),
)

BLOCKED: Blocked = {
    "source and destination are checked": (
        (*APPLIANCE, appliance(source_dest_check=True)),
        flow(),
        [("network-interface", "source-dest-check")],
    ),
    "attached to nothing": (
        (*APPLIANCE, appliance(attached=None, status="available")),
        flow(),
        [("network-interface", "interface-not-usable")],
    ),
    "being detached": (
        (*APPLIANCE, appliance(attached=False)),
        flow(),
        [("network-interface", "interface-not-usable")],
    ),
    "its instance is stopped": (
        (*APPLIANCE, Instance(instance_id="i-fw", state="stopped")),
        flow(),
        [("network-interface", "interface-not-usable")],
    ),
    "its group does not admit": (
        (*APPLIANCE, security_group("sg-fw", ingress=(rule("10.9.0.0/16"),))),
        flow(),
        [("security-group", "ingress-not-allowed")],
    ),
    "its subnet lets nothing in": (
        (*APPLIANCE, network_acl("acl-fw", (entry(1, "allow", egress=True),), ("subnet-fw",))),
        flow(),
        [("network-acl", "no-entry-allows")],
    ),
}


@pytest.mark.parametrize("name", BLOCKED)
def test_every_blocker_is_named_in_the_order_it_is_met(name: str) -> None:
    items, asked, expected = BLOCKED[name]
    assert blockers(items, asked) == expected


def test_what_an_appliance_does_is_out_of_view() -> None:
    answer = trace(APPLIANCE, flow())
    assert (answer.disposition, answer.blockers) == (Disposition.LEFT_VIEW, ())
    assert [hop.resource_id for hop in answer.request.hops][-3:] == ["acl-fw", "sg-fw", "eni-fw"]
    assert answer.reply.hops[0].component is Component.NETWORK_INTERFACE


def test_a_reply_from_an_appliance_still_has_to_come_in() -> None:
    closed = network_acl(entries=(entry(1, "allow", egress=True),))
    assert blockers((*APPLIANCE, closed), flow()) == [("network-acl", "no-entry-allows")]


def test_an_interface_that_was_not_read_is_unknown() -> None:
    call = "ec2:DescribeNetworkInterfaces"
    answer = trace(APPLIANCE[:-1], flow(), gaps=(gap(call),))
    assert (answer.disposition, answer.unread) == (Disposition.UNKNOWN, (call,))


def test_a_route_to_the_destination_itself_needs_no_forwarding() -> None:
    items = (
        *APPLIANCE,
        route_table(routes=(route("10.0.5.0/24", "eni-fw"),)),
        appliance(source_dest_check=True),
    )
    assert trace(items, flow("10.0.5.5")).disposition is Disposition.DELIVERED
