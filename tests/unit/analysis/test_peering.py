"""What a peering connection carries, there and back."""

from __future__ import annotations

import pytest

from netprobe.model.interconnect import PeeredVpc
from netprobe.model.trace import Component, Disposition, Reason
from tests.builders import (
    entry,
    flow,
    gap,
    network,
    network_acl,
    route,
    route_table,
    rule,
    security_group,
)
from tests.interconnect import (
    FAR,
    FAR_IPV6,
    PEERED,
    SECOND,
    far_group,
    far_table,
    near_table,
    peering,
)
from tests.unit.analysis.situations import OUT, Blocked, Delivered, blockers, trace

BLOCKED: Blocked = {
    "peering not accepted yet": (
        (*PEERED, peering("pending-acceptance")),
        flow(FAR),
        [("vpc-peering-connection", "peering-not-active")],
    ),
    "peering is not transitive: the internet of the peer": (
        (*PEERED, near_table(route("198.51.100.0/24", "pcx-1"))),
        flow(),
        [
            ("vpc-peering-connection", "not-in-peer-vpc"),
            ("network-interface", "no-such-address"),
        ],
    ),
    "no route back": (
        (*PEERED, far_table()),
        flow(FAR),
        [("route-table", "reply-elsewhere")],
    ),
    "a route back into the peer's internet gateway": (
        (*PEERED, far_table(route("0.0.0.0/0", "igw-2"))),
        flow(FAR),
        [("route-table", "reply-elsewhere")],
    ),
    "a route back into a NAT gateway": (
        (*PEERED, far_table(route("0.0.0.0/0", "nat-2"))),
        flow(FAR),
        [("route-table", "reply-elsewhere")],
    ),
    "a route back that is a blackhole": (
        (*PEERED, far_table(route("10.0.0.0/16", "pcx-1", "blackhole"))),
        flow(FAR),
        [("route-table", "reply-elsewhere")],
    ),
    "the peer's group does not admit": (
        (*PEERED, far_group("10.9.0.0/16")),
        flow(FAR),
        [("security-group", "ingress-not-allowed")],
    ),
    "the peer's subnet does not let the reply out": (
        (*PEERED, network_acl("acl-far", (entry(100, "allow"),), ("subnet-far",))),
        flow(FAR),
        [("network-acl", "no-entry-allows")],
    ),
    "the own subnet does not let the reply in": (
        (*PEERED, network_acl(entries=(OUT,))),
        flow(FAR),
        [("network-acl", "no-entry-allows")],
    ),
    "groups of another region cannot be referred to": (
        (*PEERED, peering(regions=("us-east-1", "eu-west-1")), far_group("sg-1")),
        flow(FAR),
        [("security-group", "ingress-not-allowed")],
    ),
    "nobody has the address in the peer": (
        PEERED,
        flow("10.1.1.77"),
        [("network-interface", "no-such-address")],
    ),
}

DELIVERED: Delivered = {
    "IPv4": (PEERED, flow(FAR)),
    "IPv6": (PEERED, flow(FAR_IPV6)),
    "by reference to the source's group": ((*PEERED, far_group("sg-1")), flow(FAR)),
    "egress by reference to the far group": (
        (*PEERED, security_group(egress=(rule("sg-far", "443"),))),
        flow(FAR),
    ),
    "through a NAT gateway of the own VPC, which the far group has to know": (
        (
            *PEERED,
            near_table(route("10.1.0.0/16", "nat-1")),
            route_table("rtb-public", (route("10.1.0.0/16", "pcx-1"),), ("subnet-public",)),
            far_group("10.0.9.20/32"),
        ),
        flow(FAR),
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


def test_both_sides_are_met_in_order() -> None:
    answer = trace(PEERED, flow(FAR))
    assert [hop.resource_id for hop in answer.request.hops] == [
        "notify",
        "sg-1",
        "acl-1",
        "rtb-private",
        "pcx-1",
        "acl-far",
        "sg-far",
        "eni-far",
    ]
    assert [hop.resource_id for hop in answer.reply.hops] == [
        "eni-far",
        "acl-far",
        "rtb-far",
        "pcx-1",
        "acl-1",
    ]


def test_a_reference_behind_a_nat_gateway_is_lost() -> None:
    items = (
        *PEERED,
        near_table(route("10.1.0.0/16", "nat-1")),
        route_table("rtb-public", (route("10.1.0.0/16", "pcx-1"),), ("subnet-public",)),
        far_group("sg-1"),
    )
    assert blockers(items, flow(FAR)) == [("security-group", "ingress-not-allowed")]


def test_a_peer_that_the_snapshot_does_not_show_is_out_of_view() -> None:
    far = PeeredVpc(vpc_id="vpc-9", cidrs=(network("10.1.0.0/16"),))
    answer = trace((near_table(route("10.1.0.0/16", "pcx-1")), peering(accepter=far)), flow(FAR))
    assert (answer.disposition, answer.blockers) == (Disposition.LEFT_VIEW, ())
    assert answer.request.hops[-1].component is Component.VPC_PEERING_CONNECTION


def test_an_inactive_peering_to_an_unseen_vpc_still_blocks() -> None:
    far = PeeredVpc(vpc_id="vpc-9")
    items = (near_table(route("10.1.0.0/16", "pcx-1")), peering("expired", accepter=far))
    assert blockers(items, flow(FAR)) == [("vpc-peering-connection", "peering-not-active")]


def test_a_peering_that_was_not_read_is_unknown() -> None:
    call = "ec2:DescribeVpcPeeringConnections"
    items = (*SECOND, near_table(route("10.1.0.0/16", "pcx-1")))
    answer = trace(items, flow(FAR), gaps=(gap(call),))
    assert (answer.disposition, answer.unread) == (Disposition.UNKNOWN, (call,))


def test_a_peer_that_was_not_read_is_unknown_and_not_out_of_view() -> None:
    far = PeeredVpc(vpc_id="vpc-9", cidrs=(network("10.1.0.0/16"),))
    items = (near_table(route("10.1.0.0/16", "pcx-1")), peering(accepter=far))
    answer = trace(items, flow(FAR), gaps=(gap("ec2:DescribeVpcs"),))
    assert (answer.disposition, answer.unread) == (Disposition.UNKNOWN, ("ec2:DescribeVpcs",))


def test_a_peering_between_other_vpcs_carries_nothing() -> None:
    one, other = (PeeredVpc(vpc_id=item) for item in ("vpc-8", "vpc-9"))
    items = (*PEERED, peering(requester=one, accepter=other))
    assert blockers(items, flow(FAR))[0] == ("vpc-peering-connection", "peering-not-active")


def test_a_reply_into_an_appliance_is_out_of_view() -> None:
    answer = trace((*PEERED, far_table(route("10.0.0.0/16", "eni-fw"))), flow(FAR))
    assert (answer.disposition, answer.blockers) == (Disposition.LEFT_VIEW, ())
    assert answer.request.disposition is Disposition.DELIVERED
    assert answer.reply.disposition is Disposition.LEFT_VIEW


def test_a_reply_into_the_egress_only_gateway_does_not_come_back() -> None:
    items = (*PEERED, far_table(route("::/0", "eigw-2")))
    (blocker,) = trace(items, flow(FAR_IPV6)).blockers
    assert (blocker.reason, blocker.entry) == (Reason.REPLY_ELSEWHERE, "::/0 -> eigw-2")
