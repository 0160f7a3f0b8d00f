"""The walk as a whole: order, halves, dispositions, and what was not read."""

from __future__ import annotations

from typing import Any

import pytest

from netprobe.analysis.tracer import trace_flow
from netprobe.model.flow import Flow
from netprobe.model.trace import Component, Disposition, Reason
from tests.builders import (
    PUBLIC_IPV4,
    PUBLIC_IPV6,
    entry,
    flow,
    gap,
    gateway_endpoint,
    interface,
    network_acl,
    prefix_list,
    route,
    route_table,
    rule,
    security_group,
    snapshot,
    source,
    vpc,
)
from tests.unit.analysis import test_delivery as delivery
from tests.unit.analysis import test_departure as departure
from tests.unit.analysis import test_endpoints as endpoints
from tests.unit.analysis import test_gateways as gateways
from tests.unit.analysis import test_interfaces as interfaces
from tests.unit.analysis import test_internet as internet
from tests.unit.analysis import test_load_balancers as load_balancers
from tests.unit.analysis import test_name_resolution as name_resolution
from tests.unit.analysis import test_nat_gateways as nat_gateways
from tests.unit.analysis import test_network_acls as network_acls
from tests.unit.analysis import test_peering as peering
from tests.unit.analysis import test_security_groups as security_groups
from tests.unit.analysis import test_transit_gateways as transit_gateways
from tests.unit.analysis.situations import DATA, OUT, S3_TABLE, Blocked, Delivered, blockers, trace

BLOCKED: Blocked = {
    "blackhole to a deleted NAT gateway": (
        (route_table(routes=(route("0.0.0.0/0", "nat-gone", "blackhole"),)),),
        flow(),
        [("route-table", "blackhole-route")],
    ),
    "filtered route": (
        (route_table(routes=(route("0.0.0.0/0", "nat-1", "filtered"),)),),
        flow(),
        [("route-table", "blackhole-route")],
    ),
    "more specific blackhole never falls through": (
        (
            route_table(
                routes=(
                    route("0.0.0.0/0", "nat-1"),
                    route("198.51.100.0/24", "nat-2", "blackhole"),
                )
            ),
        ),
        flow(),
        [("route-table", "blackhole-route")],
    ),
    "no route": ((route_table(),), flow(), [("route-table", "no-route")]),
    "no IPv6 route beside an IPv4 one": (
        (route_table(routes=(route("0.0.0.0/0", "nat-1"),)),),
        flow(PUBLIC_IPV6),
        [("route-table", "no-route")],
    ),
    "no route and a closed reply are two faults": (
        (route_table(), network_acl(entries=(OUT, entry(100, "allow", port="443")))),
        flow(),
        [("route-table", "no-route"), ("network-acl", "no-entry-allows")],
    ),
}

DELIVERED: Delivered = {
    "main table of the VPC": (
        (
            route_table(subnets=()),
            route_table("rtb-main", (route("0.0.0.0/0", "nat-1"),), (), main=True),
        ),
        flow(),
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


LEFT_VIEW = {
    "tgw-1": Component.TRANSIT_GATEWAY,
    "vgw-1": Component.VPN_GATEWAY,
    "pcx-1": Component.VPC_PEERING_CONNECTION,
    "eni-nat": Component.NETWORK_INTERFACE,
    "cagw-1": Component.CARRIER_GATEWAY,
}


@pytest.mark.parametrize("target", LEFT_VIEW)
def test_a_target_that_is_not_walked_leaves_the_view_and_is_named(target: str) -> None:
    answer = trace((route_table(routes=(route("0.0.0.0/0", target),)),), flow())
    assert answer.disposition is Disposition.LEFT_VIEW
    assert (answer.request.hops[-1].component, answer.request.hops[-1].resource_id) == (
        LEFT_VIEW[target],
        target,
    )


DISPOSITIONS: dict[str, tuple[tuple[Any, ...], Flow, Disposition]] = {
    "no route": ((route_table(),), flow(), Disposition.NO_ROUTE),
    "blackhole": (
        (route_table(routes=(route("0.0.0.0/0", "nat-gone", "blackhole"),)),),
        flow(),
        Disposition.BLACKHOLED,
    ),
    "group first, then no route": (
        (security_group(egress=()), route_table()),
        flow(),
        Disposition.DENIED,
    ),
    "no IPv6 first, then the group": (
        (security_group(egress=()),),
        flow(PUBLIC_IPV6, source=source(ipv6_allowed=False)),
        Disposition.NO_ROUTE,
    ),
}


@pytest.mark.parametrize("name", DISPOSITIONS)
def test_the_first_blocker_gives_the_disposition(name: str) -> None:
    items, asked, expected = DISPOSITIONS[name]
    assert trace(items, asked).disposition is expected


def test_a_flow_through_a_nat_gateway_meets_these_things_in_this_order() -> None:
    answer = trace((), flow())
    assert [(hop.component, hop.resource_id) for hop in answer.request.hops] == [
        ("function", "notify"),
        ("security-group", "sg-1"),
        ("network-acl", "acl-1"),
        ("route-table", "rtb-private"),
        ("network-acl", "acl-1"),
        ("nat-gateway", "nat-1"),
        ("network-acl", "acl-1"),
        ("route-table", "rtb-public"),
        ("internet-gateway", "igw-1"),
        ("internet", "internet"),
    ]
    assert [hop.resource_id for hop in answer.reply.hops] == [
        "internet",
        "igw-1",
        "acl-1",
        "nat-1",
        "acl-1",
        "rtb-public",
        "acl-1",
    ]


GAPS: dict[str, tuple[str, tuple[Any, ...], Any]] = {
    "ec2:DescribeSubnets": ("subnet-private", (), flow()),
    "ec2:DescribeRouteTables": ("rtb-private", (), flow()),
    "ec2:DescribeNetworkAcls": ("acl-1", (), flow()),
    "ec2:DescribeSecurityGroups": ("sg-1", (), flow()),
    "ec2:DescribeInternetGateways": ("igw-1", (), flow()),
    "ec2:DescribeEgressOnlyInternetGateways": ("eigw-1", (), flow(PUBLIC_IPV6)),
    "ec2:DescribeNatGateways": ("nat-1", (), flow()),
    "ec2:DescribeVpcEndpoints": ("", (S3_TABLE, prefix_list()), flow("198.51.100.130")),
    "ec2:DescribeManagedPrefixLists": ("", (S3_TABLE, gateway_endpoint()), flow()),
    "ec2:GetManagedPrefixListEntries": (
        "",
        (S3_TABLE, gateway_endpoint(), prefix_list(entries_read=False)),
        flow(),
    ),
    "ec2:DescribeNetworkInterfaces": ("", (), flow("10.0.1.77")),
    "ec2:DescribeVpcAttribute": (
        "",
        (vpc(enable_dns_support=None),),
        flow("10.0.0.2", port=53),
    ),
    "ec2:DescribeVpcs": ("vpc-1", (), flow("169.254.169.253", port=53)),
}


@pytest.mark.parametrize("call", GAPS)
def test_what_was_not_read_is_unknown_and_never_absent(call: str) -> None:
    removed, items, asked = GAPS[call]
    answer = trace(items, asked, removed=removed, gaps=(gap(call),))
    assert (answer.disposition, answer.blockers) == (Disposition.UNKNOWN, ())
    assert call in answer.unread
    assert Reason.UNREAD in {item.reason for item in answer.warnings}


def test_a_blocker_beside_a_gap_is_still_named_and_so_is_the_gap() -> None:
    call = "ec2:DescribeNetworkAcls"
    items = (route_table(routes=(route("0.0.0.0/0", "nat-1", "blackhole"),)),)
    answer = trace(items, flow(), removed="acl-1", gaps=(gap(call),))
    assert (answer.disposition, answer.unread) == (Disposition.BLACKHOLED, (call,))
    assert answer.reply.disposition is Disposition.UNKNOWN


def test_a_gap_off_the_path_changes_nothing() -> None:
    gaps = (gap("ec2:DescribeVpcEndpoints"), gap("ec2:DescribeDhcpOptions"))
    assert trace((), flow(), gaps=gaps).disposition is Disposition.DELIVERED


def test_equal_entries_of_two_prefix_lists_are_ambiguous() -> None:
    items = (
        route_table(routes=(route("pl-a", "nat-1"), route("pl-b", "tgw-1"))),
        prefix_list("pl-a", ("198.51.100.0/24",), name="a"),
        prefix_list("pl-b", ("198.51.100.0/24",), name="b"),
    )
    answer = trace(items, flow())
    assert answer.disposition is Disposition.UNKNOWN
    assert [item.reason for item in answer.warnings] == [Reason.AMBIGUOUS_ROUTE]


def test_a_known_lambda_interface_gives_the_source_address() -> None:
    lambda_interface = interface(
        "eni-l", "10.0.1.200", group_ids=("sg-1",), interface_type="lambda"
    )
    far = security_group("sg-db", ingress=(rule("10.0.1.200/32", "443"),))
    assert trace((*DATA, far, lambda_interface), flow("10.0.2.9")).blockers == ()
    assert [item.reason for item in trace((*DATA, far), flow("10.0.2.9")).blockers] == [
        Reason.INGRESS_NOT_ALLOWED
    ]


def test_what_is_for_the_own_address_never_leaves_the_interface() -> None:
    start = source(function_name=None, interface_id="eni-1")
    items = (interface("eni-1", "10.0.1.7"), security_group(egress=()))
    answer = trace(items, flow("10.0.1.7", source=start))
    assert (answer.disposition, answer.blockers) == (Disposition.DELIVERED, ())
    assert answer.reply.hops[0].resource_id == "eni-1"


def test_a_missing_route_names_the_default_of_the_other_family() -> None:
    items = (route_table(routes=(route("0.0.0.0/0", "nat-1"),)),)
    (blocker,) = trace(items, flow(PUBLIC_IPV6)).blockers
    assert blocker.near_misses == ("0.0.0.0/0 -> nat-1 is for the other address family",)


def test_an_empty_snapshot_is_unknown() -> None:
    answer = trace_flow(snapshot(), flow(PUBLIC_IPV4))
    assert (answer.disposition, answer.blockers) == (Disposition.UNKNOWN, ())


def test_every_reason_is_reached_by_some_situation() -> None:
    tables = (
        gateways.BLOCKED,
        nat_gateways.BLOCKED,
        endpoints.BLOCKED,
        departure.BLOCKED,
        delivery.BLOCKED,
        network_acls.BLOCKED,
        security_groups.BLOCKED,
        interfaces.BLOCKED,
        internet.BLOCKED,
        load_balancers.BLOCKED,
        peering.BLOCKED,
        transit_gateways.BLOCKED,
        BLOCKED,
    )
    blocked = {reason for table in tables for row in table.values() for _, reason in row[2]}
    named = {row[1] for rows in name_resolution.NAMES_BLOCKED.values() for row in rows[3]}
    warned = {
        Reason.SOME_PORTS_DENIED,
        Reason.AMBIGUOUS_ROUTE,
        Reason.ASSUMED_ADDRESS,
        Reason.NOT_MODELLED,
        Reason.UNREAD,
        Reason.BLOCK_PUBLIC_ACCESS,  # a table of its own in test_internet
        Reason.DNS_FIREWALL,  # met where names are resolved
    }
    assert blocked | named | warned == set(Reason)
