"""What is kept of every rule, entry and route that was looked at."""

from __future__ import annotations

from typing import Any

from netprobe.analysis.tracer import Tracer
from netprobe.model.flow import Flow
from netprobe.model.trace import Component, Considered, Half, Trace, Weighed
from tests.builders import (
    PUBLIC_IPV6,
    entry,
    flow,
    network_acl,
    prefix_list,
    rule,
    security_group,
    snapshot,
    working_vpc,
)


def traced(asked: Flow, *items: Any, **fields: Any) -> Trace:
    """Trace over the working VPC with these in the place of its own."""
    return Tracer(snapshot(*working_vpc(), *items, **fields), in_detail=True).trace(asked)


def of(trace: Trace, component: Component, half: Half = Half.REQUEST) -> Considered:
    return next(i for i in trace.considered if (i.component, i.half) == (component, half))


def parts(item: Weighed) -> tuple[bool | None, ...]:
    return (item.family, item.address, item.protocol, item.port, item.decides)


def test_nothing_is_kept_unless_it_is_asked_for() -> None:
    assert Tracer(snapshot(*working_vpc())).trace(flow()).considered == ()


def test_each_rule_of_a_group_says_which_part_does_not_fit() -> None:
    """The first that fits as a whole decides."""
    group = security_group(
        egress=(
            rule("0.0.0.0/0", "80"),
            rule("::/0", "443"),
            rule("10.0.0.0/8", "443"),
            rule("0.0.0.0/0", "443"),
            rule("0.0.0.0/0", "443-444"),
        )
    )
    seen = of(traced(flow(), group), Component.SECURITY_GROUP)

    assert seen.packet == "tcp 443 to 198.51.100.10"
    assert [parts(item) for item in seen.rules] == [
        (True, True, True, False, False),
        (False, False, True, True, False),
        (True, False, True, True, False),
        (True, True, True, True, True),
        (True, True, True, True, False),
    ]


def test_a_list_that_was_not_read_fits_perhaps() -> None:
    group = security_group(egress=(rule("pl-unread", "443"),))

    (item,) = of(traced(flow(), group), Component.SECURITY_GROUP).rules

    assert (item.address, item.fits) == (None, None)


def test_a_list_is_compared_by_its_entries() -> None:
    group = security_group(egress=(rule("pl-1", "443"),))
    listed = prefix_list("pl-1", ("198.51.100.0/24",))

    (item,) = of(traced(flow(), group, listed), Component.SECURITY_GROUP).rules

    assert item.decides


def test_entries_of_an_acl_are_compared_in_order_for_both_halves() -> None:
    """The reply's ports are a range: entries decide for the part that is left to them."""
    entries = (
        entry(100, "allow", egress=True),
        entry(110, "deny", port="1024-2000"),
        entry(90, "allow", port="22"),
        entry(120, "allow", port="1024-65535"),
    )
    trace = traced(flow(), network_acl(entries=entries))
    reply = of(trace, Component.NETWORK_ACL, Half.REPLY)

    assert reply.packet.endswith("from 198.51.100.10")
    assert [(item.text.split()[1], item.decides) for item in reply.rules] == [
        ("90", False),
        ("110", True),
        ("120", True),
    ]


def test_routes_are_compared_by_destination_alone() -> None:
    seen = of(traced(flow(PUBLIC_IPV6)), Component.ROUTE_TABLE)
    winning = [item for item in seen.rules if item.decides]

    assert [parts(item)[:4] for item in winning] == [(True, True, None, None)]
    assert {item.family for item in seen.rules} == {True, False}
