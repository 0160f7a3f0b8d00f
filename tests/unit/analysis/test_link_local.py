"""Services at link-local addresses, which no filter and no table governs."""

from __future__ import annotations

from typing import Any

import pytest

from netprobe.model.flow import UDP, Flow
from netprobe.model.trace import Component, Disposition, Reason
from tests.builders import flow, network_acl, route_table, security_group, source, vpc
from tests.unit.analysis.situations import blockers, trace

CLOSED: tuple[Any, ...] = (
    security_group(egress=()),
    network_acl(entries=()),
    route_table(local=False),
)
START = source(function_name=None)

SERVED: dict[str, tuple[Flow, Component]] = {
    "the resolver": (flow("169.254.169.253", 53, protocol=UDP), Component.RESOLVER),
    "the resolver over IPv6": (flow("fd00:ec2::253", 53), Component.RESOLVER),
    "the resolver at the base plus two": (flow("10.0.0.2", 53), Component.RESOLVER),
    "metadata": (flow("169.254.169.254", 80, source=START), Component.OTHER),
    "metadata over IPv6": (flow("fd00:ec2::254", 80, source=START), Component.OTHER),
    "time": (flow("169.254.169.123", 123, protocol=UDP, source=START), Component.OTHER),
}


@pytest.mark.parametrize("name", SERVED)
def test_whatever_is_closed_there_is(name: str) -> None:
    asked, component = SERVED[name]
    answer = trace(CLOSED, asked)
    assert (answer.disposition, answer.blockers) == (Disposition.DELIVERED, ())
    assert answer.request.hops[-1].component is component
    assert answer.reply.hops[0].component is component


def test_what_a_function_finds_there_is_not_documented() -> None:
    answer = trace((), flow("169.254.169.254", 80))
    assert answer.disposition is Disposition.UNKNOWN
    assert [item.reason for item in answer.warnings] == [Reason.NOT_MODELLED]


@pytest.mark.parametrize("text", ["169.254.1.1", "169.254.169.253", "fd00:ec2::1"])
def test_no_route_leads_to_the_rest_of_it(text: str) -> None:
    assert blockers((), flow(text)) == [("other", "no-route")]


def test_a_resolver_that_is_off_answers_nobody() -> None:
    items = (vpc(enable_dns_support=False),)
    assert blockers(items, flow("10.0.0.2", 53)) == [("resolver", "no-resolver")]
