"""A trace to a name claims no more than the name's answer allows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from netprobe.analysis.name_doubts import block_first, judge_resolvers, settle
from netprobe.analysis.tracer import trace_flow, trace_name
from netprobe.model.flow import Flow
from netprobe.model.trace import Disposition, Reason, Resolution, Trace
from tests.builders import (
    PUBLIC_IPV4,
    dhcp_options,
    entry,
    flow,
    gap,
    interface,
    network_acl,
    route_table,
    rule,
    security_group,
    snapshot,
    source,
    subnet,
    vpc,
    working_vpc,
)
from tests.name_builders import V4, V6

NAME = "www.example.com"
READ_ZONES = "route53:ListHostedZonesByVPC"
NO_ROUTE = route_table()
OPEN = Resolution(name=NAME, family=V4, unread=(READ_ZONES,))
DOUBTED = Resolution(name=NAME, family=V4, undecided="somebody else answers")


def trace(items: tuple[Any, ...], resolution: Resolution | None, asked: Flow) -> Trace:
    """Trace in the working VPC and settle; the walk itself knows nothing of the name."""
    found = trace_flow(snapshot(*working_vpc(), *items), asked)
    return settle(replace(found, resolution=resolution))


def test_what_was_delivered_to_a_doubtful_address_is_unknown() -> None:
    answer = trace((), DOUBTED, flow())
    assert (answer.disposition, answer.blockers) == (Disposition.UNKNOWN, ())
    assert (answer.request.disposition, answer.reply.disposition) == (
        Disposition.UNKNOWN,
        Disposition.UNKNOWN,
    )
    (warning,) = answer.warnings
    assert (warning.reason, warning.resource_id) == (Reason.ASSUMED_ADDRESS, "vpc-1")
    assert warning.detail == "the address is not known: somebody else answers"


def test_what_blocks_on_the_way_to_an_address_that_is_not_known_is_a_warning() -> None:
    answer = trace((NO_ROUTE,), DOUBTED, flow())
    assert (answer.disposition, answer.blockers) == (Disposition.UNKNOWN, ())
    assert Reason.NO_ROUTE in {item.reason for item in answer.warnings}
    assert not any(hop.blocks for hop in answer.request.hops)


def test_what_blocks_by_all_that_was_read_is_named_and_the_whole_is_unknown() -> None:
    answer = trace((NO_ROUTE,), OPEN, flow())
    assert answer.disposition is answer.request.disposition is Disposition.UNKNOWN
    assert [item.reason for item in answer.blockers] == [Reason.NO_ROUTE]
    assert any(hop.blocks for hop in answer.request.hops)


def test_what_blocks_wherever_the_name_leads_still_blocks() -> None:
    asked = flow("3fff:a::10", source=source(ipv6_allowed=False))
    answer = trace((NO_ROUTE,), replace(DOUBTED, family=V6), asked)
    assert answer.disposition is Disposition.NO_ROUTE
    assert [item.reason for item in answer.blockers] == [Reason.IPV6_NOT_ALLOWED]
    assert [hop.blocks for hop in answer.request.hops][:1] == [True]
    assert answer.reply.disposition is Disposition.UNKNOWN


SURE = {
    "no name": None,
    "certain answer": Resolution(name=NAME, family=V4),
    "APIs not read, whose addresses are public all the same": Resolution(
        name=NAME, family=V4, unread=("apigatewayv2:GetApis",)
    ),
    "interfaces of an endpoint not read, whose subnets are known": Resolution(
        name=NAME, family=V4, unread=("ec2:DescribeNetworkInterfaces",), endpoint_id="vpce-1"
    ),
}


@pytest.mark.parametrize("name", SURE)
def test_what_blocks_on_the_way_to_the_right_place_blocks(name: str) -> None:
    answer = trace((NO_ROUTE,), SURE[name], flow())
    assert answer.disposition is Disposition.NO_ROUTE
    assert [item.reason for item in answer.blockers] == [Reason.NO_ROUTE]


def test_interfaces_not_read_are_a_doubt_without_an_endpoint() -> None:
    answer = trace((NO_ROUTE,), replace(OPEN, unread=("ec2:DescribeNetworkInterfaces",)), flow())
    assert answer.disposition is Disposition.UNKNOWN


CUSTOM = (
    vpc(dhcp_options_id="dopt-1"),
    dhcp_options("10.0.2.53", "10.0.2.54"),
    subnet("subnet-data", "10.0.2.0/24", "2001:db8:1:2::/64"),
    interface("eni-dns", "10.0.2.53", subnet_id="subnet-data", group_ids=("sg-dns",)),
    interface("eni-dns-2", "10.0.2.54", subnet_id="subnet-data", group_ids=("sg-dns",)),
    security_group("sg-dns", ingress=(rule("10.0.0.0/16", "53", 17),)),
    network_acl("acl-data", subnets=("subnet-data",)),
)
WEB_ONLY = security_group(egress=(rule("0.0.0.0/0", "443"),))
ONE_CLOSED = network_acl(
    "acl-data",
    (entry(90, "deny", "0.0.0.0/0"), entry(100, "allow", egress=True)),
    subnets=("subnet-data",),
)


def test_a_custom_resolver_that_answers_leaves_its_answers_unknown() -> None:
    answer = trace_name(snapshot(*working_vpc(), *CUSTOM), source(), NAME, V4, port=443)
    assert (answer.disposition, answer.blockers) == (Disposition.UNKNOWN, ())


@pytest.mark.parametrize("closed", [WEB_ONLY, ONE_CLOSED], ids=["own group", "their ACL"])
def test_custom_resolvers_out_of_reach_are_why_no_name_resolves(closed: Any) -> None:
    shot = snapshot(*working_vpc(), *CUSTOM, closed)
    answer = trace_name(shot, source(), NAME, V4, port=443)
    assert answer.disposition is Disposition.NO_ROUTE
    (blocker,) = answer.blockers
    assert (blocker.reason, blocker.resource_id) == (Reason.NO_RESOLVER, "vpc-1")
    assert blocker.entry == "domain-name-servers = 10.0.2.53, 10.0.2.54"
    assert blocker.detail.startswith("no resolver can be asked: ")
    assert blocker.near_misses[0].startswith("10.0.2.54: ")


def test_one_custom_resolver_within_reach_is_enough() -> None:
    second = dhcp_options("10.0.2.53", "198.51.100.53")
    shot = snapshot(*working_vpc(), *CUSTOM, ONE_CLOSED, second)
    answer = trace_name(shot, source(), NAME, V4, port=443)
    assert (answer.disposition, answer.blockers) == (Disposition.UNKNOWN, ())


def test_names_that_the_probe_saw_resolve_need_no_proof() -> None:
    shot = snapshot(*working_vpc(), *CUSTOM, security_group(egress=(rule("0.0.0.0/0", "443"),)))
    seen = (flow(PUBLIC_IPV4).destination,)
    answer = trace_name(shot, source(), NAME, V4, port=443, observed=seen)
    assert answer.disposition is Disposition.DELIVERED


def test_the_amazon_resolver_needs_no_path() -> None:
    shot = snapshot(*working_vpc(), WEB_ONLY)
    assert judge_resolvers(shot, source(), lambda asked: trace_flow(shot, asked)) is None


def test_what_stops_the_questions_is_kept_behind_their_blocker() -> None:
    shot = snapshot(*working_vpc(), *CUSTOM, WEB_ONLY)
    silent = judge_resolvers(shot, source(), lambda asked: trace_flow(shot, asked))
    assert silent is not None
    assert {(item.resource_id, item.reason) for item in silent.behind} == {
        ("sg-1", Reason.EGRESS_NOT_ALLOWED)
    }


def test_a_blocker_put_first_decides() -> None:
    shot = snapshot(*working_vpc(), *CUSTOM, WEB_ONLY)
    silent = judge_resolvers(shot, source(), lambda asked: trace_flow(shot, asked))
    assert silent is not None
    blocked = block_first(trace_flow(shot, flow()), silent)
    assert blocked.blockers[0] is silent
    assert (blocked.request.hops[0].detail, blocked.request.hops[0].blocks) == (
        silent.detail,
        True,
    )
    assert blocked.disposition is blocked.request.disposition is Disposition.NO_ROUTE


def test_a_gap_before_a_missing_route_is_unknown_in_the_whole() -> None:
    shot = snapshot(*working_vpc(), NO_ROUTE, gap(READ_ZONES))
    answer = trace_name(shot, source(), NAME, V4, port=443)
    assert (answer.disposition, answer.unread) == (Disposition.UNKNOWN, (READ_ZONES,))
