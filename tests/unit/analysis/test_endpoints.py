"""What gateway and interface endpoints carry."""

from __future__ import annotations

import pytest

from netprobe.model.flow import ICMP, UDP
from netprobe.model.trace import Disposition
from tests.builders import (
    PUBLIC_IPV6,
    endpoint,
    flow,
    gateway_endpoint,
    interface,
    network_acl,
    prefix_list,
    route,
    route_table,
    rule,
    security_group,
    subnet,
)
from tests.interconnect import BOTH_WAYS, TRANSIT, near_table, transit_route, transit_table
from tests.unit.analysis.situations import ENDPOINT, S3_TABLE, Blocked, Delivered, blockers, trace

BLOCKED: Blocked = {
    "gateway endpoint being deleted": (
        (S3_TABLE, prefix_list(), gateway_endpoint(state="deleting")),
        flow("198.51.100.130"),
        [("vpc-endpoint", "endpoint-not-available")],
    ),
    "gateway endpoint carries no UDP": (
        (S3_TABLE, prefix_list(), gateway_endpoint()),
        flow("198.51.100.130", protocol=UDP),
        [("vpc-endpoint", "endpoint-protocol")],
    ),
    "gateway endpoint of the other family": (
        (S3_TABLE, prefix_list(), gateway_endpoint()),
        flow(PUBLIC_IPV6),
        [("vpc-endpoint", "endpoint-family")],
    ),
    "gateway endpoint of another VPC, behind a transit gateway": (
        (
            *TRANSIT,
            near_table(route("198.51.100.0/24", "tgw-1")),
            transit_table(*BOTH_WAYS, transit_route("198.51.100.0/24", "att-far")),
            route_table(
                "rtb-far-tgw",
                (route("10.1.0.0/16", "local"), route("198.51.100.0/24", "vpce-s3")),
                ("subnet-far-tgw",),
                local=False,
            ),
            gateway_endpoint(vpc_id="vpc-2"),
        ),
        flow("198.51.100.130"),
        [("vpc-endpoint", "endpoint-from-outside")],
    ),
    "interface endpoint does not admit the function": (
        (*ENDPOINT, security_group("sg-endpoint", ingress=(rule("10.9.0.0/16", "443"),))),
        flow("10.0.1.9"),
        [("security-group", "ingress-not-allowed")],
    ),
    "interface endpoint pending": (
        (*ENDPOINT, endpoint(state="pending")),
        flow("10.0.1.9"),
        [("vpc-endpoint", "endpoint-not-available")],
    ),
    "interface endpoint does not answer a ping": (
        (*ENDPOINT, security_group("sg-endpoint", ingress=(rule("0.0.0.0/0"),))),
        flow("10.0.1.9", protocol=ICMP),
        [("vpc-endpoint", "endpoint-protocol")],
    ),
}

DELIVERED: Delivered = {
    "gateway endpoint": (
        (S3_TABLE, prefix_list(), gateway_endpoint()),
        flow("198.51.100.130"),
    ),
    "dual-stack gateway endpoint": (
        (S3_TABLE, prefix_list(), gateway_endpoint(ip_address_type="dualstack")),
        flow(PUBLIC_IPV6),
    ),
    "endpoint without groups has the default one": (
        (
            endpoint(group_ids=()),
            interface("eni-endpoint", "10.0.1.9"),
            security_group("sg-default", ingress=(rule("0.0.0.0/0"),), group_name="default"),
        ),
        flow("10.0.1.9"),
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


def test_the_subnet_of_a_firewall_endpoint_has_to_let_the_packet_in() -> None:
    firewall = gateway_endpoint(
        "vpce-fw", endpoint_type="GatewayLoadBalancer", subnet_ids=("subnet-fw",)
    )
    items = (
        firewall,
        subnet("subnet-fw", "10.0.5.0/28", None),
        network_acl("acl-fw", (), ("subnet-fw",)),
        route_table(routes=(route("0.0.0.0/0", "vpce-fw"),)),
    )
    assert blockers(items, flow()) == [("network-acl", "no-entry-allows")]


def test_a_gateway_load_balancer_endpoint_leaves_the_view() -> None:
    firewall = gateway_endpoint("vpce-fw", endpoint_type="GatewayLoadBalancer")
    answer = trace((firewall, route_table(routes=(route("0.0.0.0/0", "vpce-fw"),))), flow())
    assert answer.disposition is Disposition.LEFT_VIEW
