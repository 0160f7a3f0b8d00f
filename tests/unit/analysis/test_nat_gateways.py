"""What stops a flow at a NAT gateway and in the gateway's own subnet, there and back."""

from __future__ import annotations

from typing import Any

import pytest

from netprobe.model.flow import ICMP, ICMPV6
from netprobe.model.ports import PortSet
from netprobe.model.trace import Component, Disposition, Reason
from tests.builders import (
    PUBLIC_IPV6,
    entry,
    flow,
    gateway_endpoint,
    internet_gateway,
    nat_gateway,
    prefix_list,
    route,
    route_table,
    rule,
    security_group,
)
from tests.unit.analysis.situations import (
    DATA,
    IN,
    OUT,
    Blocked,
    Delivered,
    blockers,
    nat_subnet_acl,
    trace,
)

NAT64_TABLE = route_table(routes=(route("64:ff9b::/96", "nat-1"),))


def regional(**fields: Any) -> Any:
    return nat_gateway(subnet_id=None, route_table_id="rtb-nat", **fields)


REGIONAL = (regional(), route_table("rtb-nat", (route("0.0.0.0/0", "igw-1"),), ()))

BLOCKED: Blocked = {
    "NAT gateway failed": (
        (nat_gateway(state="failed"),),
        flow(),
        [("nat-gateway", "nat-not-available")],
    ),
    "NAT gateway gone, route still active": (
        (route_table(routes=(route("0.0.0.0/0", "nat-gone"),)),),
        flow(),
        [("nat-gateway", "nat-not-available")],
    ),
    "NAT gateway for a protocol it does not carry": (
        (),
        flow(protocol=50),
        [("nat-gateway", "nat-protocol")],
    ),
    "NAT gateway for IPv6": (
        (route_table(routes=(route("::/0", "nat-1"),)),),
        flow(PUBLIC_IPV6),
        [("nat-gateway", "nat-protocol")],
    ),
    "NAT gateway in a private subnet": (
        (route_table("rtb-public", (), ("subnet-public",)),),
        flow(),
        [("nat-gateway", "nat-without-internet")],
    ),
    "NAT gateway behind a blackhole": (
        (
            route_table(
                "rtb-public", (route("0.0.0.0/0", "igw-1", "blackhole"),), ("subnet-public",)
            ),
        ),
        flow(),
        [("nat-gateway", "nat-without-internet")],
    ),
    "NAT gateway whose own table sends back to it": (
        (route_table("rtb-public", (route("0.0.0.0/0", "nat-1"),), ("subnet-public",)),),
        flow(),
        [("nat-gateway", "nat-without-internet")],
    ),
    "NAT gateway behind a detached internet gateway": (
        (internet_gateway(attached=None),),
        flow(),
        [("nat-gateway", "nat-without-internet")],
    ),
    "private NAT gateway towards the internet": (
        (nat_gateway(connectivity_type="private"),),
        flow(),
        [("nat-gateway", "nat-private")],
    ),
    "private destination behind a NAT gateway": (
        (),
        flow("192.168.7.7"),
        [("nat-gateway", "private-destination")],
    ),
    "regional NAT gateway without a route": (
        (
            nat_gateway(subnet_id=None, route_table_id="rtb-nat", availability_mode="regional"),
            route_table("rtb-nat", (), ()),
        ),
        flow(),
        [("nat-gateway", "nat-without-internet")],
    ),
    "a multicast address behind a NAT gateway": (
        (),
        flow("224.0.0.9"),
        [("nat-gateway", "private-destination")],
    ),
    "the NAT gateway's own public address": (
        (),
        flow("203.0.113.5"),
        [("nat-gateway", "takes-no-connections")],
    ),
    "NAT64 into the own subnet": (
        (NAT64_TABLE,),
        flow("64:ff9b::a00:109"),
        [("nat-gateway", "nat64-inside-subnet"), ("network-interface", "no-such-address")],
    ),
    "NAT64 for a protocol it does not carry": (
        (NAT64_TABLE,),
        flow("64:ff9b::c633:640a", protocol=50),
        [("nat-gateway", "nat-protocol")],
    ),
    "NAT64: the NAT subnet sees IPv4 on the far side": (
        (
            NAT64_TABLE,
            *nat_subnet_acl(entry(100, "allow", "::/0"), entry(100, "allow", "::/0", egress=True)),
        ),
        flow("64:ff9b::c633:640a"),
        [("network-acl", "no-entry-allows")] * 2,
    ),
    "regional NAT gateway without an address in the zone": (
        (
            *REGIONAL,
            regional(zones=frozenset({"us-east-1b"}), auto_provision_zones=False),
        ),
        flow(),
        [("nat-gateway", "zone-not-served")],
    ),
    "far group does not know the NAT gateway": (
        (*DATA, route_table(routes=(route("10.0.2.0/24", "nat-1"),))),
        flow("10.0.2.9"),
        [("security-group", "ingress-not-allowed")],
    ),
    "NAT subnet does not let the function's packets in": (
        nat_subnet_acl(OUT, entry(90, "deny", "10.0.0.0/8"), IN),
        flow(),
        [("network-acl", "entry-denies")],
    ),
    "NAT subnet lets nothing out, there and back": (
        nat_subnet_acl(IN),
        flow(),
        [("network-acl", "no-entry-allows")] * 2,
    ),
    "NAT subnet does not let the reply in": (
        nat_subnet_acl(OUT, entry(100, "allow", "10.0.0.0/16")),
        flow(),
        [("network-acl", "no-entry-allows")],
    ),
    "NAT subnet does not send the reply back to the function": (
        nat_subnet_acl(IN, entry(50, "deny", "10.0.1.0/24", egress=True), OUT),
        flow(),
        [("network-acl", "entry-denies")],
    ),
}

DELIVERED: Delivered = {
    "NAT64": ((NAT64_TABLE,), flow("64:ff9b::c633:640a")),
    "a ping through NAT64": ((NAT64_TABLE,), flow("64:ff9b::c633:640a", protocol=ICMPV6)),
    "NAT64 into another subnet": (
        (NAT64_TABLE, *DATA, security_group("sg-db", ingress=(rule("10.0.9.20/32", "443"),))),
        flow("64:ff9b::a00:209"),
    ),
    "regional NAT gateway with an address in the zone": (
        (*REGIONAL, regional(zones=frozenset({"us-east-1a"}))),
        flow(),
    ),
    "regional NAT gateway that comes to every zone": (
        (*REGIONAL, regional(zones=frozenset({"us-east-1b"}), auto_provision_zones=True)),
        flow(),
    ),
    "back into the VPC, under the NAT gateway's address": (
        (
            *DATA,
            route_table(routes=(route("10.0.2.0/24", "nat-1"),)),
            security_group("sg-db", ingress=(rule("10.0.9.20/32", "443"),)),
        ),
        flow("10.0.2.9"),
    ),
    "IPv4 through a NAT gateway": ((), flow()),
    "ping through a NAT gateway": ((), flow(protocol=ICMP)),
    "regional NAT gateway": (
        (
            nat_gateway(subnet_id=None, route_table_id="rtb-nat"),
            route_table("rtb-nat", (route("0.0.0.0/0", "igw-1"),), ()),
        ),
        flow(),
    ),
    "S3 through a gateway endpoint of the NAT gateway's subnet": (
        (
            route_table(
                "rtb-public",
                (route("0.0.0.0/0", "igw-1"), route("pl-s3", "vpce-s3")),
                ("subnet-public",),
            ),
            prefix_list(),
            gateway_endpoint(),
        ),
        flow("198.51.100.130"),
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


def test_a_nat_gateway_towards_a_transit_gateway_leaves_the_view() -> None:
    table = route_table("rtb-public", (route("0.0.0.0/0", "tgw-1"),), ("subnet-public",))
    answer = trace((table,), flow())
    assert answer.disposition is Disposition.LEFT_VIEW
    assert [hop.component for hop in answer.reply.hops][:1] == [Component.TRANSIT_GATEWAY]


def test_a_regional_gateway_of_other_zones_may_or_may_not_expand() -> None:
    answer = trace((*REGIONAL, regional(zones=frozenset({"us-east-1b"}))), flow())
    assert (answer.disposition, answer.blockers) == (Disposition.UNKNOWN, ())


def test_a_proxy_at_the_gateway_may_filter_what_it_likes() -> None:
    answer = trace((nat_gateway(attached_appliances=True),), flow())
    assert (answer.disposition, answer.blockers) == (Disposition.UNKNOWN, ())
    assert [item.reason for item in answer.warnings] == [Reason.NOT_MODELLED]


def test_a_nat64_reply_is_ipv4_up_to_the_gateway_and_ipv6_behind_it() -> None:
    answer = trace((NAT64_TABLE,), flow("64:ff9b::c633:640a"))
    entries = [hop.entry for hop in answer.reply.hops if hop.component == "network-acl"]
    assert entries == [
        "entry 100 allows all traffic from 0.0.0.0/0",
        "entry 101 allows all traffic to ::/0",
        "entry 101 allows all traffic from ::/0",
    ]


def test_a_reply_may_be_routed_to_the_gateway_that_it_is_for() -> None:
    items = (
        *DATA,
        route_table(routes=(route("10.0.2.0/24", "nat-1"),)),
        route_table("rtb-data", (route("10.0.9.0/24", "nat-1"),), ("subnet-data",)),
        security_group("sg-db", ingress=(rule("10.0.9.20/32", "443"),)),
    )
    assert trace(items, flow("10.0.2.9")).disposition is Disposition.DELIVERED


def test_a_nat_gateway_in_the_own_subnet_has_one_boundary_and_loops() -> None:
    answer = trace((nat_gateway(subnet_id="subnet-private"),), flow())
    assert [item.reason for item in answer.blockers] == [Reason.NAT_WITHOUT_INTERNET]
    assert [hop.resource_id for hop in answer.request.hops].count("acl-1") == 1


def test_an_unread_table_of_a_regional_gateway_is_unknown() -> None:
    answer = trace((nat_gateway(subnet_id=None),), flow())
    assert (answer.disposition, answer.unread) == (
        Disposition.UNKNOWN,
        ("ec2:DescribeRouteTables",),
    )


def test_an_unread_list_in_the_table_of_the_gateway_is_unknown() -> None:
    out = (route("0.0.0.0/0", "igw-1"), route("pl-9", "tgw-1"))
    answer = trace((route_table("rtb-public", out, ("subnet-public",)),), flow())
    assert (answer.disposition, answer.unread) == (
        Disposition.UNKNOWN,
        ("ec2:GetManagedPrefixListEntries",),
    )


def test_the_reply_comes_to_a_port_of_the_gateway_and_not_of_the_source() -> None:
    items = nat_subnet_acl(
        OUT,
        entry(90, "allow", "10.0.0.0/16", "443"),
        entry(100, "allow", port="32768-60999"),
    )
    answer = trace(items, flow(source_ports=PortSet.of(1500)))
    assert answer.disposition is Disposition.DELIVERED
    assert [item.reason for item in answer.warnings] == [Reason.SOME_PORTS_DENIED]
