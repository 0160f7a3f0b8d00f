"""What a walk finds, as tables: a situation, and every blocker in the order it is met."""

from __future__ import annotations

from typing import Any

import pytest

from netprobe.analysis.tracer import trace_flow
from netprobe.model.flow import ICMP, UDP
from netprobe.model.ports import PortSet
from netprobe.model.resources import Ipv6Block
from netprobe.model.trace import Component, Disposition, Half, Reason, Trace
from tests.builders import (
    PUBLIC_IPV4,
    PUBLIC_IPV6,
    dhcp_options,
    endpoint,
    entry,
    flow,
    gap,
    gateway_endpoint,
    interface,
    internet_gateway,
    nat_gateway,
    network,
    network_acl,
    prefix_list,
    route,
    route_table,
    rule,
    security_group,
    snapshot,
    source,
    subnet,
    vpc,
    without,
    working_vpc,
)

PUBLIC_TABLE = route_table(routes=(route("0.0.0.0/0", "igw-1"), route("::/0", "igw-1")))
S3_TABLE = route_table(routes=(route("pl-s3", "vpce-s3"), route("::/0", "vpce-s3")))
OTHER_SUBNET = subnet("subnet-data", "10.0.2.0/24", "2001:db8:1:2::/64")
DATABASE = interface(
    "eni-db", "10.0.2.9", "2001:db8:1:2::9", subnet_id="subnet-data", group_ids=("sg-db",)
)
ADMITS_FUNCTION = security_group("sg-db", ingress=(rule("sg-1", "443"),))
DATA_ACL = network_acl("acl-data", subnets=("subnet-data",))
DATA = (OTHER_SUBNET, DATABASE, ADMITS_FUNCTION, DATA_ACL)
ENDPOINT = (
    endpoint(),
    interface("eni-endpoint", "10.0.1.9", group_ids=("sg-endpoint",)),
    security_group("sg-endpoint", ingress=(rule("10.0.0.0/16", "443"),)),
)
NAT_ACL = network_acl(subnets=("subnet-private",))


def nat_subnet_acl(*entries: Any) -> tuple[Any, ...]:
    return (NAT_ACL, network_acl("acl-nat", entries, ("subnet-public",)))


OUT = entry(100, "allow", egress=True)
IN = entry(100, "allow")

BLOCKED: dict[str, tuple[tuple[Any, ...], Any, list[tuple[str, str]]]] = {
    "internet gateway, function without public address": (
        (PUBLIC_TABLE,),
        flow(),
        [("internet-gateway", "no-public-ipv4")],
    ),
    "internet gateway, source that is no function": (
        (PUBLIC_TABLE,),
        flow(source=source(function_name=None)),
        [("internet-gateway", "no-public-ipv4")],
    ),
    "internet gateway detached": (
        (PUBLIC_TABLE, internet_gateway(attached=None)),
        flow(PUBLIC_IPV6),
        [("internet-gateway", "gateway-detached")],
    ),
    "internet gateway of another VPC, three faults at once": (
        (PUBLIC_TABLE, internet_gateway(attached="vpc-2")),
        flow("192.168.7.7"),
        [
            ("internet-gateway", "gateway-detached"),
            ("internet-gateway", "private-destination"),
            ("internet-gateway", "no-public-ipv4"),
        ],
    ),
    "blackhole to a detached internet gateway hides the missing public address": (
        (route_table(routes=(route("0.0.0.0/0", "igw-1", "blackhole"),)),),
        flow(),
        [("route-table", "blackhole-route"), ("internet-gateway", "no-public-ipv4")],
    ),
    "egress-only gateway detached": (
        (internet_gateway("eigw-1", attached=None),),
        flow(PUBLIC_IPV6),
        [("egress-only-internet-gateway", "gateway-detached")],
    ),
    "egress-only gateway, private block": (
        (subnet(private_ipv6=True),),
        flow(PUBLIC_IPV6),
        [("egress-only-internet-gateway", "private-ipv6-source")],
    ),
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
    "no egress rule": (
        (security_group(egress=()),),
        flow(),
        [("security-group", "egress-not-allowed")],
    ),
    "egress rule of the other family": (
        (security_group(egress=(rule("0.0.0.0/0", "443"),)),),
        flow(PUBLIC_IPV6),
        [("security-group", "egress-not-allowed")],
    ),
    "numbered entry denies the request": (
        (
            network_acl(
                entries=(entry(50, "deny", egress=True), OUT, IN), subnets=("subnet-private",)
            ),
            nat_subnet_acl(OUT, IN)[1],
        ),
        flow(),
        [("network-acl", "entry-denies")],
    ),
    "no entry allows the request": (
        (nat_subnet_acl(OUT, IN)[1], network_acl(entries=(IN,), subnets=("subnet-private",))),
        flow(),
        [("network-acl", "no-entry-allows")],
    ),
    "the last entries as AWS returns them": (
        (
            network_acl(
                entries=(entry(32767, "deny", egress=True), entry(32767, "deny")),
                subnets=("subnet-private",),
            ),
            nat_subnet_acl(OUT, IN)[1],
        ),
        flow(),
        [("network-acl", "no-entry-allows")] * 2,
    ),
    "ephemeral ports closed for the reply": (
        (
            network_acl(
                entries=(OUT, entry(100, "allow", port="443")), subnets=("subnet-private",)
            ),
            nat_subnet_acl(OUT, IN)[1],
        ),
        flow(),
        [("network-acl", "no-entry-allows")],
    ),
    "the one source port that is known is closed": (
        (
            network_acl(
                entries=(OUT, entry(100, "allow", port="32768-60999")), subnets=("subnet-private",)
            ),
            nat_subnet_acl(OUT, IN)[1],
        ),
        flow(source_ports=PortSet.of(1500)),
        [("network-acl", "no-entry-allows")],
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
    "function may not use IPv6": (
        (),
        flow(PUBLIC_IPV6, source=source(ipv6_allowed=False)),
        [("function", "ipv6-not-allowed")],
    ),
    "function may not use IPv6 and its subnet has none": (
        (subnet(ipv6=None),),
        flow(PUBLIC_IPV6, source=source(ipv6_allowed=False)),
        [("function", "ipv6-not-allowed"), ("subnet", "no-ipv6-block")],
    ),
    "subnet without IPv6, no function": (
        (subnet(ipv6=None),),
        flow(PUBLIC_IPV6, source=source(ipv6_allowed=False, function_name=None)),
        [("subnet", "no-ipv6-block")],
    ),
    "IPv6-only subnet": ((subnet(ipv4=None),), flow(), [("subnet", "no-ipv4-block")]),
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
    "far group knows another group": (
        (*DATA, security_group("sg-db", ingress=(rule("sg-other", "443"),))),
        flow("10.0.2.9"),
        [("security-group", "ingress-not-allowed")],
    ),
    "far subnet lets nothing back": (
        (*DATA, network_acl("acl-data", (IN,), ("subnet-data",))),
        flow("10.0.2.9"),
        [("network-acl", "no-entry-allows")],
    ),
    "nobody has the address": (
        DATA,
        flow("10.0.2.77"),
        [("network-interface", "no-such-address")],
    ),
    "nobody in the own subnet has the address": (
        (),
        flow("10.0.1.77"),
        [("network-interface", "no-such-address")],
    ),
    "resolver off": (
        (vpc(enable_dns_support=False),),
        flow("10.0.0.2", port=53, protocol=UDP),
        [("resolver", "no-resolver")],
    ),
}

DELIVERED: dict[str, tuple[tuple[Any, ...], Any]] = {
    "IPv4 through a NAT gateway": ((), flow()),
    "IPv6 through an egress-only gateway": ((), flow(PUBLIC_IPV6)),
    "ping through a NAT gateway": ((), flow(protocol=ICMP)),
    "IPv6 through an internet gateway": ((PUBLIC_TABLE,), flow(PUBLIC_IPV6)),
    "IPv4 from an interface with a public address": (
        (
            PUBLIC_TABLE,
            interface("eni-1", "10.0.1.7", public_addresses=(network("203.0.113.7")[0],)),
        ),
        flow(source=source(function_name=None, interface_id="eni-1")),
    ),
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
    "gateway endpoint": (
        (S3_TABLE, prefix_list(), gateway_endpoint()),
        flow("198.51.100.130"),
    ),
    "dual-stack gateway endpoint": (
        (S3_TABLE, prefix_list(), gateway_endpoint(ip_address_type="dualstack")),
        flow(PUBLIC_IPV6),
    ),
    "interface in another subnet, admitted by reference": (DATA, flow("10.0.2.9")),
    "the same over IPv6": (DATA, flow("2001:db8:1:2::9")),
    "egress by reference to the far group": (
        (*DATA, security_group(egress=(rule("sg-db", "443"),))),
        flow("10.0.2.9"),
    ),
    "one subnet: neither network ACL nor route table": (
        (*ENDPOINT, network_acl(entries=()), route_table(local=False)),
        flow("10.0.1.9"),
    ),
    "endpoint without groups has the default one": (
        (
            endpoint(group_ids=()),
            interface("eni-endpoint", "10.0.1.9"),
            security_group("sg-default", ingress=(rule("0.0.0.0/0"),), group_name="default"),
        ),
        flow("10.0.1.9"),
    ),
    "interface without groups filters nothing": (
        (interface("eni-lb", "10.0.1.8"),),
        flow("10.0.1.8"),
    ),
    "Amazon resolver, whatever the filters": (
        (security_group(egress=()), network_acl(entries=()), route_table(local=False)),
        flow("10.0.0.2", port=53, protocol=UDP),
    ),
    "Amazon resolver at its link-local address": (
        (dhcp_options(),),
        flow("169.254.169.253", port=53),
    ),
    "main table of the VPC": (
        (
            route_table(subnets=()),
            route_table("rtb-main", (route("0.0.0.0/0", "nat-1"),), (), main=True),
        ),
        flow(),
    ),
    "any of several groups": (
        (security_group(egress=()), security_group("sg-2")),
        flow(source=source(security_group_ids=("sg-1", "sg-2"))),
    ),
}

LEFT_VIEW = {
    "tgw-1": Component.TRANSIT_GATEWAY,
    "vgw-1": Component.VPN_GATEWAY,
    "pcx-1": Component.VPC_PEERING_CONNECTION,
    "eni-nat": Component.NETWORK_INTERFACE,
    "cagw-1": Component.OTHER,
}


def trace(items: tuple[Any, ...], asked: Any, *, removed: str = "", **fields: Any) -> Trace:
    return trace_flow(snapshot(*without(working_vpc(), removed), *items, **fields), asked)


@pytest.mark.parametrize("name", BLOCKED)
def test_every_blocker_is_named_in_the_order_it_is_met(name: str) -> None:
    items, asked, expected = BLOCKED[name]
    answer = trace(items, asked)
    assert [(item.component, item.reason) for item in answer.blockers] == expected
    assert answer.disposition not in {Disposition.DELIVERED, Disposition.UNKNOWN}


@pytest.mark.parametrize("name", DELIVERED)
def test_nothing_blocks_what_works(name: str) -> None:
    answer = trace(*DELIVERED[name])
    assert (answer.disposition, answer.blockers) == (Disposition.DELIVERED, ())
    assert answer.request.disposition is answer.reply.disposition is Disposition.DELIVERED


@pytest.mark.parametrize("target", LEFT_VIEW)
def test_a_target_that_is_not_walked_leaves_the_view_and_is_named(target: str) -> None:
    answer = trace((route_table(routes=(route("0.0.0.0/0", target),)),), flow())
    assert answer.disposition is Disposition.LEFT_VIEW
    assert (answer.request.hops[-1].component, answer.request.hops[-1].resource_id) == (
        LEFT_VIEW[target],
        target,
    )


def test_a_gateway_load_balancer_endpoint_leaves_the_view() -> None:
    firewall = gateway_endpoint("vpce-fw", endpoint_type="GatewayLoadBalancer")
    answer = trace((firewall, route_table(routes=(route("0.0.0.0/0", "vpce-fw"),))), flow())
    assert answer.disposition is Disposition.LEFT_VIEW


def test_a_nat_gateway_towards_a_transit_gateway_leaves_the_view() -> None:
    table = route_table("rtb-public", (route("0.0.0.0/0", "tgw-1"),), ("subnet-public",))
    answer = trace((table,), flow())
    assert answer.disposition is Disposition.LEFT_VIEW
    assert [hop.component for hop in answer.reply.hops][:1] == [Component.TRANSIT_GATEWAY]


DISPOSITIONS = {
    "no route": Disposition.NO_ROUTE,
    "blackhole to a deleted NAT gateway": Disposition.BLACKHOLED,
    "egress rule of the other family": Disposition.DENIED,
    "function may not use IPv6": Disposition.NO_ROUTE,
}


@pytest.mark.parametrize("name", DISPOSITIONS)
def test_the_first_blocker_gives_the_disposition(name: str) -> None:
    items, asked, _ = BLOCKED[name]
    assert trace(items, asked).disposition is DISPOSITIONS[name]


def test_a_reply_is_denied_while_its_request_is_delivered() -> None:
    items, asked, _ = BLOCKED["ephemeral ports closed for the reply"]
    answer = trace(items, asked)
    assert (answer.disposition, answer.request.disposition, answer.reply.disposition) == (
        Disposition.DENIED,
        Disposition.DELIVERED,
        Disposition.DENIED,
    )
    (blocker,) = answer.blockers
    assert (blocker.half, blocker.subnet_id) == (Half.REPLY, "subnet-private")


def test_part_of_the_ephemeral_range_closed_is_a_warning_and_no_block() -> None:
    acl = network_acl(
        entries=(OUT, entry(100, "allow", port="32768-60999")), subnets=("subnet-private",)
    )
    answer = trace((acl, nat_subnet_acl(OUT, IN)[1]), flow())
    assert answer.disposition is Disposition.DELIVERED
    (warning,) = answer.warnings
    assert (warning.reason, warning.half) == (Reason.SOME_PORTS_DENIED, Half.REPLY)
    assert "1024-32767,61000-65535" in warning.detail


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
        ("internet-gateway", "igw-1"),
        ("internet", "internet"),
    ]
    assert [hop.resource_id for hop in answer.reply.hops] == [
        "internet",
        "igw-1",
        "acl-1",
        "nat-1",
        "acl-1",
        "acl-1",
    ]


STARTS = {
    "function": (source(), Component.FUNCTION),
    "interface": (source(function_name=None, interface_id="eni-1"), Component.NETWORK_INTERFACE),
    "subnet": (source(function_name=None), Component.SUBNET),
}


@pytest.mark.parametrize("name", STARTS)
def test_the_first_hop_is_where_the_flow_starts(name: str) -> None:
    start, component = STARTS[name]
    assert trace((), flow(source=start)).request.hops[0].component is component


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


def test_a_public_address_is_not_denied_while_the_source_interface_was_not_read() -> None:
    call = "ec2:DescribeNetworkInterfaces"
    start = source(function_name=None, interface_id="eni-1")
    answer = trace((PUBLIC_TABLE,), flow(source=start), gaps=(gap(call),))
    assert (answer.disposition, answer.unread) == (Disposition.UNKNOWN, (call,))


def test_a_reference_to_an_unread_far_group_is_unknown() -> None:
    call = "ec2:DescribeNetworkInterfaces"
    items = (security_group(egress=(rule("sg-db", "443"),)),)
    answer = trace(items, flow("10.0.2.9"), gaps=(gap(call),))
    assert (answer.disposition, answer.unread) == (Disposition.UNKNOWN, (call,))


def test_a_group_of_another_account_is_unknown_and_not_empty() -> None:
    answer = trace((), flow(source=source(security_group_ids=("sg-shared",))))
    assert answer.disposition is Disposition.UNKNOWN


def test_equal_entries_of_two_prefix_lists_are_ambiguous() -> None:
    items = (
        route_table(routes=(route("pl-a", "nat-1"), route("pl-b", "tgw-1"))),
        prefix_list("pl-a", ("198.51.100.0/24",), name="a"),
        prefix_list("pl-b", ("198.51.100.0/24",), name="b"),
    )
    answer = trace(items, flow())
    assert answer.disposition is Disposition.UNKNOWN
    assert [item.reason for item in answer.warnings] == [Reason.AMBIGUOUS_ROUTE]


def test_nat64_is_said_not_to_be_modelled() -> None:
    table = route_table(routes=(route("64:ff9b::/96", "nat-1"),))
    answer = trace((table,), flow("64:ff9b::c633:640a"))
    assert answer.disposition is Disposition.UNKNOWN
    assert [item.reason for item in answer.warnings] == [Reason.NOT_MODELLED]


def test_a_known_lambda_interface_gives_the_source_address() -> None:
    lambda_interface = interface(
        "eni-l", "10.0.1.200", group_ids=("sg-1",), interface_type="lambda"
    )
    far = security_group("sg-db", ingress=(rule("10.0.1.200/32", "443"),))
    assert trace((*DATA, far, lambda_interface), flow("10.0.2.9")).blockers == ()
    assert [item.reason for item in trace((*DATA, far), flow("10.0.2.9")).blockers] == [
        Reason.INGRESS_NOT_ALLOWED
    ]


def test_an_address_of_a_public_block_beside_a_private_one_goes_out() -> None:
    blocks = (
        Ipv6Block(cidr=network("2001:db8:1:1::/64")),
        Ipv6Block(cidr=network("2001:db8:1:2::/64"), private=True),
    )
    answer = trace((subnet(ipv6_blocks=blocks),), flow(PUBLIC_IPV6))
    assert answer.disposition is Disposition.DELIVERED


def test_a_blocker_says_which_rule_almost_allows() -> None:
    items = (security_group(egress=(rule("0.0.0.0/0", "443"),)),)
    (blocker,) = trace(items, flow(PUBLIC_IPV6)).blockers
    assert blocker.near_misses == ("sg-1 allows tcp 443 to 0.0.0.0/0, the flow is IPv6",)


def test_a_missing_route_names_the_default_of_the_other_family() -> None:
    items = (route_table(routes=(route("0.0.0.0/0", "nat-1"),)),)
    (blocker,) = trace(items, flow(PUBLIC_IPV6)).blockers
    assert blocker.near_misses == ("0.0.0.0/0 -> nat-1 is for the other address family",)


def test_an_empty_snapshot_is_unknown() -> None:
    answer = trace_flow(snapshot(), flow(PUBLIC_IPV4))
    assert (answer.disposition, answer.blockers) == (Disposition.UNKNOWN, ())
