"""What a transit gateway carries, there and back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from netprobe.model.flow import Flow
from netprobe.model.interconnect import PeeredVpc, TransitGateway, VpcPeeringConnection
from netprobe.model.trace import Component, Disposition, Reason
from tests.builders import (
    ALLOW_ALL_ENTRIES,
    PUBLIC_IPV6,
    entry,
    flow,
    gap,
    interface,
    internet_gateway,
    nat_gateway,
    network_acl,
    route,
    route_table,
    rule,
    security_group,
    subnet,
    vpc,
)
from tests.interconnect import (
    BOTH_WAYS,
    FAR,
    FAR_ATTACHMENT,
    NEAR_ATTACHMENT,
    SECOND,
    TRANSIT,
    attachment,
    far_group,
    far_table,
    near_table,
    transit_route,
    transit_table,
)
from tests.unit.analysis.situations import Blocked, Delivered, blockers, trace

TABLE, ATTACHMENT = "transit-gateway-route-table", "transit-gateway-attachment"

BLOCKED: Blocked = {
    "the VPC is not attached": (
        (*SECOND, FAR_ATTACHMENT, near_table(route("10.1.0.0/16", "tgw-1"))),
        flow(FAR),
        [("transit-gateway", "no-attachment")],
    ),
    "the attachment is not available": (
        (*TRANSIT, replace(NEAR_ATTACHMENT, state="pendingAcceptance")),
        flow(FAR),
        [(ATTACHMENT, "attachment-not-available")],
    ),
    "the far attachment is not available": (
        (*TRANSIT, replace(FAR_ATTACHMENT, state="deleting")),
        flow(FAR),
        [(ATTACHMENT, "attachment-not-available")],
    ),
    "no attachment in the zone of the source": (
        (*TRANSIT, subnet("subnet-near-tgw", "10.0.8.0/28", None, availability_zone="us-east-1b")),
        flow(FAR),
        [(ATTACHMENT, "no-attachment-in-zone")],
    ),
    "no attachment in the zone of the reply": (
        (
            *TRANSIT,
            subnet(
                "subnet-far-tgw",
                "10.1.8.0/28",
                None,
                vpc_id="vpc-2",
                availability_zone="us-east-1b",
            ),
        ),
        flow(FAR),
        [(ATTACHMENT, "no-attachment-in-zone")],
    ),
    "associated with no table": (
        (*TRANSIT, replace(NEAR_ATTACHMENT, route_table_id=None)),
        flow(FAR),
        [(ATTACHMENT, "not-associated")],
    ),
    "no route in the transit gateway's table": (
        (*TRANSIT, transit_table(BOTH_WAYS[0])),
        flow(FAR),
        [(TABLE, "no-route")],
    ),
    "a blackhole in it": (
        (*TRANSIT, transit_table(*BOTH_WAYS, transit_route("10.1.1.0/24", blackhole=True))),
        flow(FAR),
        [(TABLE, "blackhole-route")],
    ),
    "no way back in it": (
        (*TRANSIT, transit_table(BOTH_WAYS[1])),
        flow(FAR),
        [(TABLE, "reply-elsewhere")],
    ),
    "no way back in the far subnet's table": (
        (*TRANSIT, far_table()),
        flow(FAR),
        [("route-table", "reply-elsewhere")],
    ),
    "the attachment's own subnet has no way to the far one": (
        (
            *TRANSIT,
            route_table("rtb-far-tgw", (), ("subnet-far-tgw",), vpc_id="vpc-2", local=False),
        ),
        flow(FAR),
        [("route-table", "no-route")],
    ),
    "the near attachment's subnet lets nothing in": (
        (
            *TRANSIT,
            network_acl("acl-near-tgw", (entry(1, "allow", egress=True),), ("subnet-near-tgw",)),
        ),
        flow(FAR),
        [("network-acl", "no-entry-allows")],
    ),
    "the far attachment's subnet lets nothing out": (
        (*TRANSIT, network_acl("acl-far-tgw", (entry(1, "allow"),), ("subnet-far-tgw",))),
        flow(FAR),
        [("network-acl", "no-entry-allows")],
    ),
    "groups cannot be referred to unless all allow it": (
        (*TRANSIT, far_group("sg-1")),
        flow(FAR),
        [("security-group", "ingress-not-allowed")],
    ),
    "egress rules refer to no group behind it": (
        (*TRANSIT, security_group(egress=(rule("sg-far", "443"),))),
        flow(FAR),
        [("security-group", "egress-not-allowed")],
    ),
    "routes that go round in a circle": (
        (
            *TRANSIT,
            route_table(
                "rtb-far-tgw",
                (route("10.0.0.0/8", "tgw-1"),),
                ("subnet-far-tgw",),
                vpc_id="vpc-2",
                local=False,
            ),
        ),
        flow(FAR),
        [("route-table", "forwarding-loop")],
    ),
}

OPEN = TransitGateway(transit_gateway_id="tgw-1", security_group_referencing=True)
DELIVERED: Delivered = {
    "both ways": (TRANSIT, flow(FAR)),
    "while an attachment is modified": (
        (*TRANSIT, replace(NEAR_ATTACHMENT, state="modifying")),
        flow(FAR),
    ),
    "by reference where all allow it": (
        (
            *TRANSIT,
            OPEN,
            replace(NEAR_ATTACHMENT, security_group_referencing=True),
            replace(FAR_ATTACHMENT, security_group_referencing=True),
            far_group("sg-1"),
        ),
        flow(FAR),
    ),
    "a static route before a propagated one": (
        (
            *TRANSIT,
            transit_table(
                BOTH_WAYS[0],
                transit_route("10.1.0.0/16", "att-near", propagated=True, resource_type="vpc"),
                transit_route("10.1.0.0/16", "att-far"),
            ),
        ),
        flow(FAR),
    ),
    "outbound rules of the near attachment's subnet see only what comes back": (
        (
            *TRANSIT,
            network_acl(
                "acl-near-tgw",
                (entry(1, "allow"), entry(2, "allow", "10.0.1.0/24", egress=True)),
                ("subnet-near-tgw",),
            ),
        ),
        flow(FAR),
    ),
    "no network ACL between an attachment and its own subnet": (
        (
            *TRANSIT,
            replace(FAR_ATTACHMENT, subnet_ids=("subnet-far",)),
            network_acl(
                "acl-far",
                (entry(1, "allow", "10.1.0.0/16"), entry(2, "allow", egress=True)),
                ("subnet-far",),
            ),
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


def test_a_regional_nat_gateway_is_in_the_zone_of_the_attachment() -> None:
    items = (
        *TRANSIT,
        near_table(route("10.1.0.0/16", "nat-r")),
        nat_gateway("nat-r", subnet_id=None, route_table_id="rtb-r"),
        route_table("rtb-r", (route("10.1.0.0/16", "tgw-1"),), ()),
        far_group("10.0.0.0/8", "192.0.2.0/24"),
    )
    answer = trace(items, flow(FAR))
    assert (answer.request.disposition, answer.blockers) == (Disposition.DELIVERED, ())


def test_both_sides_are_met_in_order() -> None:
    answer = trace(TRANSIT, flow(FAR))
    assert [hop.resource_id for hop in answer.request.hops] == [
        "notify",
        "sg-1",
        "acl-1",
        "rtb-private",
        "acl-near-tgw",
        "tgw-1",
        "tgw-rtb-1",
        "att-far",
        "acl-far-tgw",
        "rtb-far-tgw",
        "acl-far",
        "sg-far",
        "eni-far",
    ]
    assert [hop.resource_id for hop in answer.reply.hops] == [
        "eni-far",
        "acl-far",
        "rtb-far",
        "acl-far-tgw",
        "tgw-1",
        "tgw-rtb-1",
        "att-near",
        "acl-near-tgw",
        "rtb-near-tgw",
        "acl-1",
    ]


EGRESS: tuple[Any, ...] = (
    *TRANSIT,
    near_table(route("198.51.100.0/24", "tgw-1")),
    transit_table(*BOTH_WAYS, transit_route("0.0.0.0/0", "att-far")),
    subnet("subnet-exit", "10.1.9.0/24", None, vpc_id="vpc-2"),
    network_acl("acl-exit", subnets=("subnet-exit",), vpc_id="vpc-2"),
    internet_gateway("igw-2", "vpc-2"),
    nat_gateway("nat-2", vpc_id="vpc-2", subnet_id="subnet-exit", private_addresses=()),
    route_table(
        "rtb-far-tgw",
        (route("10.1.0.0/16", "local"), route("0.0.0.0/0", "nat-2")),
        ("subnet-far-tgw",),
        vpc_id="vpc-2",
        local=False,
    ),
)
"""Central egress: the second VPC's NAT gateway serves the first."""


def exit_table(*routes: Any) -> Any:
    local = route("10.1.0.0/16", "local")
    return route_table("rtb-exit", (local, *routes), ("subnet-exit",), vpc_id="vpc-2", local=False)


def test_another_vpc_gives_a_way_out_through_its_nat_gateway() -> None:
    out = exit_table(route("0.0.0.0/0", "igw-2"), route("10.0.0.0/16", "tgw-1"))
    answer = trace((*EGRESS, out), flow())
    assert (answer.disposition, answer.blockers) == (Disposition.DELIVERED, ())
    kinds = [hop.component for hop in answer.request.hops]
    assert kinds.index(Component.TRANSIT_GATEWAY) < kinds.index(Component.NAT_GATEWAY)
    assert answer.reply.hops[-1].resource_id == "acl-1"


def test_its_subnet_needs_a_route_back_to_the_first_vpc() -> None:
    items = (*EGRESS, exit_table(route("0.0.0.0/0", "igw-2")))
    (blocker,) = trace(items, flow()).blockers
    assert (blocker.reason, blocker.resource_id) == (Reason.REPLY_ELSEWHERE, "rtb-exit")


def test_an_internet_gateway_behind_a_transit_gateway_gives_no_address() -> None:
    table = route_table(
        "rtb-far-tgw",
        (route("10.1.0.0/16", "local"), route("0.0.0.0/0", "igw-2")),
        ("subnet-far-tgw",),
        vpc_id="vpc-2",
        local=False,
    )
    assert blockers((*EGRESS, table), flow()) == [("internet-gateway", "no-public-ipv4")]


def test_what_comes_over_a_transit_gateway_crosses_no_peering() -> None:
    third = (
        vpc("vpc-3", ("10.3.0.0/16",), ()),
        subnet("subnet-3", "10.3.1.0/24", None, vpc_id="vpc-3"),
        network_acl("acl-3", subnets=("subnet-3",), vpc_id="vpc-3"),
        interface("eni-3", "10.3.1.9", vpc_id="vpc-3", subnet_id="subnet-3"),
        route_table("rtb-3", (route("10.0.0.0/16", "tgw-1"),), ("subnet-3",), vpc_id="vpc-3"),
        VpcPeeringConnection(
            vpc_peering_connection_id="pcx-3",
            status="active",
            requester=PeeredVpc(vpc_id="vpc-2"),
            accepter=PeeredVpc(vpc_id="vpc-3"),
        ),
        route_table(
            "rtb-far-tgw",
            (route("10.1.0.0/16", "local"), route("10.3.0.0/16", "pcx-3")),
            ("subnet-far-tgw",),
            vpc_id="vpc-2",
            local=False,
        ),
        transit_table(*BOTH_WAYS, transit_route("10.3.0.0/16", "att-far")),
    )
    found = blockers((*TRANSIT, *third), flow("10.3.1.9"))
    assert found[0] == ("vpc-peering-connection", "not-in-peer-vpc")


def test_whether_a_gateway_carries_ipv6_of_another_vpc_is_not_documented() -> None:
    items = (
        *TRANSIT,
        near_table(route("3fff::/16", "tgw-1")),
        transit_table(*BOTH_WAYS, transit_route("3fff::/16", "att-far")),
        internet_gateway("eigw-2", "vpc-2"),
        network_acl("acl-far-tgw", subnets=("subnet-far-tgw",), vpc_id="vpc-2"),
        route_table(
            "rtb-far-tgw", (route("::/0", "eigw-2"),), ("subnet-far-tgw",), vpc_id="vpc-2"
        ),
    )
    answer = trace(items, flow(PUBLIC_IPV6))
    assert (answer.disposition, answer.blockers) == (Disposition.UNKNOWN, ())
    assert Reason.NOT_MODELLED in {item.reason for item in answer.warnings}


LEFT: dict[str, tuple[Any, ...]] = {
    "to a VPN": (
        attachment("att-vpn", None, resource_type="vpn"),
        transit_table(transit_route("10.1.0.0/16", "att-vpn")),
    ),
    "to a peer transit gateway": (
        attachment("att-peer", "tgw-9", resource_type="peering"),
        transit_table(transit_route("10.1.0.0/16", "att-peer")),
    ),
    "to an attachment of another account": (
        transit_table(transit_route("10.1.0.0/16", "att-theirs")),
    ),
    "to a VPC that the snapshot does not show": (
        attachment("att-9", "vpc-9", "subnet-9"),
        transit_table(transit_route("10.1.0.0/16", "att-9")),
    ),
    "over several equal paths": (
        attachment("att-vpn", None, resource_type="vpn"),
        attachment("att-vpn-2", None, resource_type="vpn"),
        transit_table(transit_route("10.1.0.0/16", "att-vpn", "att-vpn-2")),
    ),
}


@pytest.mark.parametrize("name", LEFT)
def test_what_lies_behind_an_attachment_is_out_of_view(name: str) -> None:
    answer = trace((*TRANSIT, *LEFT[name]), flow(FAR))
    assert (answer.disposition, answer.blockers) == (Disposition.LEFT_VIEW, ())
    assert answer.request.hops[-1].component is Component.TRANSIT_GATEWAY_ATTACHMENT


def test_a_reply_from_out_of_view_still_comes_in_through_the_attachment() -> None:
    closed = network_acl("acl-near-tgw", (entry(1, "allow"),), ("subnet-near-tgw",))
    items = (*TRANSIT, closed, *LEFT["to a VPN"])
    (blocker,) = trace(items, flow(FAR)).blockers
    assert (blocker.half, blocker.resource_id) == ("reply", "acl-near-tgw")


UNREAD: dict[str, tuple[str, tuple[Any, ...], Flow]] = {
    "attachments": (
        "ec2:DescribeTransitGatewayVpcAttachments",
        (*SECOND, near_table(route("10.1.0.0/16", "tgw-1"))),
        flow(FAR),
    ),
    "subnets of the attachment": (
        "ec2:DescribeTransitGatewayVpcAttachments",
        (*TRANSIT, replace(NEAR_ATTACHMENT, subnets_read=False)),
        flow(FAR),
    ),
    "where the far attachment comes out": (
        "ec2:DescribeTransitGatewayVpcAttachments",
        (*TRANSIT, replace(FAR_ATTACHMENT, subnet_ids=(), subnets_read=False)),
        flow(FAR),
    ),
    "associations": (
        "ec2:GetTransitGatewayRouteTableAssociations",
        (
            *TRANSIT,
            replace(NEAR_ATTACHMENT, route_table_id=None),
            transit_table(*BOTH_WAYS, associations_read=False),
        ),
        flow(FAR),
    ),
    "routes": (
        "ec2:SearchTransitGatewayRoutes",
        (*TRANSIT, transit_table(routes_read=False)),
        flow(FAR),
    ),
    "the table itself": (
        "ec2:SearchTransitGatewayRoutes",
        (*TRANSIT, replace(NEAR_ATTACHMENT, route_table_id="tgw-rtb-9")),
        flow(FAR),
    ),
    "entries of a list in it": (
        "ec2:GetManagedPrefixListEntries",
        (*TRANSIT, transit_table(*BOTH_WAYS, transit_route("pl-9", "att-near"))),
        flow(FAR),
    ),
    "the subnet of the attachment": (
        "ec2:DescribeSubnets",
        (*TRANSIT, replace(NEAR_ATTACHMENT, subnet_ids=("subnet-unread",))),
        flow(FAR),
    ),
}


@pytest.mark.parametrize("name", UNREAD)
def test_what_was_not_read_is_unknown(name: str) -> None:
    call, items, asked = UNREAD[name]
    answer = trace(items, asked, gaps=(gap(call),))
    assert (answer.disposition, answer.blockers) == (Disposition.UNKNOWN, ())
    assert call in answer.unread


def test_a_vpc_behind_it_that_was_not_read_is_unknown_and_not_out_of_view() -> None:
    items = (*TRANSIT, *LEFT["to a VPC that the snapshot does not show"])
    answer = trace(items, flow(FAR), gaps=(gap("ec2:DescribeVpcs"),))
    assert (answer.disposition, answer.unread) == (Disposition.UNKNOWN, ("ec2:DescribeVpcs",))


def zones(*, closed: bool) -> tuple[Any, ...]:
    """Return a far attachment in two zones, neither the source's."""
    return (
        *TRANSIT,
        replace(FAR_ATTACHMENT, subnet_ids=("subnet-b", "subnet-c")),
        far_table(route("10.0.0.0/8", "pcx-1")),
        *(
            subnet(f"subnet-{zone}", block, None, vpc_id="vpc-2", availability_zone=zone)
            for zone, block in (("b", "10.1.8.16/28"), ("c", "10.1.8.32/28"))
        ),
        network_acl("acl-b", subnets=("subnet-b",), vpc_id="vpc-2"),
        network_acl("acl-c", () if closed else ALLOW_ALL_ENTRIES, ("subnet-c",)),
        route_table("rtb-2", (route("10.1.0.0/16", "local"),), ("subnet-b", "subnet-c")),
    )


def test_zones_that_differ_leave_open_where_the_packet_comes_out() -> None:
    answer = trace(zones(closed=True), flow(FAR))
    assert answer.request.disposition is Disposition.UNKNOWN
    assert Reason.AMBIGUOUS_ROUTE in {item.reason for item in answer.warnings}


def test_zones_that_are_alike_leave_nothing_open() -> None:
    answer = trace(zones(closed=False), flow(FAR))
    assert answer.request.disposition is Disposition.DELIVERED
