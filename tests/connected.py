"""Hypothesis strategies for several VPCs that are joined, with whatever missing or odd."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from netprobe.model.flow import ICMP, TCP, UDP, Flow, Source
from netprobe.model.interconnect import TransitGateway, TransitGatewayRoute, VpnGateway
from netprobe.model.ports import PortSet
from netprobe.model.resources import BlockMode, Route
from netprobe.model.snapshot import Snapshot
from netprobe.model.workloads import Instance, Listener, LoadBalancer
from tests.builders import (
    address,
    gap,
    interface,
    internet_gateway,
    nat_gateway,
    network_acl,
    route,
    route_table,
    snapshot,
    source,
    subnet,
    vpc,
    working_vpc,
)
from tests.interconnect import (
    FAR,
    FAR_IPV6,
    SECOND,
    TRANSIT,
    attachment,
    peering,
    public_access,
    transit_route,
    transit_table,
)
from tests.strategies import CALLS, entries, groups, port_numbers, port_ranges

DESTINATIONS = (
    FAR,
    FAR_IPV6,
    "10.1.8.5",
    "10.0.1.7",
    "10.0.8.4",
    "10.2.0.9",
    "198.51.100.10",
    "203.0.113.99",
    "203.0.113.7",
    "2001:db8:1:1::7",
    "3fff:a::10",
    "64:ff9b::a01:109",
    "64:ff9b::c633:640a",
    "169.254.169.254",
)
CIDRS = (
    "0.0.0.0/0",
    "10.0.0.0/8",
    "10.0.0.0/16",
    "10.0.1.0/24",
    "10.1.0.0/16",
    "10.1.1.9/32",
    "::/0",
    "2001:db8:1::/56",
    "2001:db8:2:1::/64",
    "64:ff9b::/96",
    "pl-9",
)
TARGETS = (
    "local",
    "igw-1",
    "igw-2",
    "eigw-1",
    "nat-1",
    "nat-2",
    "nat-gone",
    "pcx-1",
    "pcx-9",
    "tgw-1",
    "tgw-9",
    "vgw-1",
    "eni-far",
    "eni-9",
    "vpce-9",
    "lgw-1",
)
MORE_CALLS = (
    *CALLS,
    "ec2:DescribeVpcPeeringConnections",
    "ec2:DescribeTransitGatewayVpcAttachments",
    "ec2:DescribeTransitGatewayAttachments",
    "ec2:SearchTransitGatewayRoutes",
    "ec2:GetTransitGatewayRouteTableAssociations",
    "ec2:DescribeVpnGateways",
)
SUBNETS = ("subnet-private", "subnet-public", "subnet-near-tgw", "subnet-far", "subnet-far-tgw")
ATTACHMENTS = ("att-near", "att-far", "att-vpn", "att-gone")

states = st.sampled_from(("active", "active", "active", "blackhole"))


@st.composite
def joined_routes(draw: st.DrawFn) -> Route:
    return route(draw(st.sampled_from(CIDRS)), draw(st.sampled_from(TARGETS)), draw(states))


@st.composite
def transit_routes(draw: st.DrawFn) -> TransitGatewayRoute:
    return transit_route(
        draw(st.sampled_from(CIDRS)),
        *draw(st.lists(st.sampled_from(ATTACHMENTS), max_size=2)),
        propagated=draw(st.booleans()),
        blackhole=draw(st.booleans()),
    )


@st.composite
def attachments(draw: st.DrawFn, name: str, vpc_id: str) -> Any:
    return attachment(
        name,
        draw(st.sampled_from((vpc_id, vpc_id, "vpc-9", None))),
        *draw(st.lists(st.sampled_from((*SUBNETS, "subnet-9")), max_size=2)),
        state=draw(st.sampled_from(("available", "available", "deleting"))),
        route_table_id=draw(st.sampled_from(("tgw-rtb-1", "tgw-rtb-1", "tgw-rtb-9", None))),
        subnets_read=draw(st.booleans()),
    )


@st.composite
def connected_snapshots(draw: st.DrawFn) -> Snapshot:
    """Draw two VPCs and what joins them; anything may be missing, odd or run in a circle."""
    tables = st.lists(joined_routes(), max_size=3)
    some_entries = st.lists(entries(), max_size=3)
    everything: list[Any] = [
        *working_vpc(),
        *SECOND,
        *TRANSIT,
        vpc("vpc-3", ("10.0.0.0/16",), ()),
        peering(draw(st.sampled_from(("active", "active", "expired")))),
        TransitGateway(transit_gateway_id="tgw-1", security_group_referencing=draw(st.booleans())),
        VpnGateway(vpn_gateway_id="vgw-1"),
        internet_gateway("igw-2", draw(st.sampled_from(("vpc-2", None)))),
        nat_gateway(
            "nat-2",
            vpc_id="vpc-2",
            subnet_id=draw(st.sampled_from((*SUBNETS, None))),
            route_table_id="rtb-far",
            zones=frozenset({draw(st.sampled_from(("us-east-1a", "us-east-1b")))}),
            private_addresses=draw(st.sampled_from(((), (address("10.1.1.20"),)))),
            public_addresses=draw(st.sampled_from(((), (address("203.0.113.8"),)))),
            auto_provision_zones=draw(st.sampled_from((None, True, False))),
        ),
        interface(
            "eni-1",
            "10.0.1.7",
            "2001:db8:1:1::7",
            public_addresses=(address("203.0.113.7"),),
            instance_id=draw(st.sampled_from((None, "i-1"))),
            group_ids=("sg-1",),
        ),
        Instance(instance_id="i-1", state=draw(st.sampled_from(("running", "stopped")))),
        interface(
            "eni-far",
            FAR,
            FAR_IPV6,
            vpc_id=draw(st.sampled_from(("vpc-2", "vpc-2", "vpc-9"))),
            subnet_id=draw(st.sampled_from(("subnet-far", "subnet-far", "subnet-9"))),
            group_ids=draw(st.sampled_from(((), ("sg-far",), ("sg-9",)))),
            public_addresses=(address("203.0.113.99"),),
            source_dest_check=draw(st.booleans()),
            deny_all_igw_traffic=draw(st.booleans()),
            description=draw(st.sampled_from(("", "ELB app/web/1"))),
        ),
        LoadBalancer(
            load_balancer_arn="arn:aws:elasticloadbalancing:::loadbalancer/app/web/1",
            name="web",
            dns_name="web",
            listeners=draw(st.sampled_from((None, (), (Listener(port=443, protocol="TCP"),)))),
        ),
        route_table(routes=draw(tables)),
        route_table("rtb-public", draw(tables), ("subnet-public",)),
        route_table("rtb-far", draw(tables), ("subnet-far",), local=draw(st.booleans())),
        route_table("rtb-far-tgw", draw(tables), ("subnet-far-tgw",), local=draw(st.booleans())),
        route_table("rtb-edge", draw(tables), (), gateway_ids=frozenset({"igw-1"})),
        network_acl(entries=draw(some_entries), subnets=("subnet-private",)),
        network_acl("acl-far", draw(some_entries), ("subnet-far",)),
        draw(groups()),
        draw(groups("sg-far")),
        draw(attachments("att-near", "vpc-1")),
        draw(attachments("att-far", "vpc-2")),
        attachment("att-vpn", None, resource_type="vpn"),
        transit_table(
            *draw(st.lists(transit_routes(), max_size=3)),
            routes_read=draw(st.sampled_from((True, True, False))),
            associations_read=draw(st.booleans()),
        ),
        subnet(
            "subnet-far",
            "10.1.1.0/24",
            "2001:db8:2:1::/64",
            vpc_id="vpc-2",
            availability_zone=draw(st.sampled_from(("us-east-1a", "us-east-1b"))),
            block_public_access=draw(st.sampled_from((None, None, *BlockMode))),
        ),
        public_access(draw(st.sampled_from(list(BlockMode)))),
    ]
    kept = [item for item in everything if draw(st.integers(0, 19))]
    calls = draw(st.sets(st.sampled_from(MORE_CALLS), max_size=2))
    return snapshot(*kept, *map(gap, sorted(calls)))


@st.composite
def joined_sources(draw: st.DrawFn) -> Source:
    start = source(
        draw(st.sampled_from((*SUBNETS, "subnet-9"))),
        security_group_ids=draw(st.sampled_from((("sg-1",), ("sg-far",), ()))),
        function_name=draw(st.sampled_from((None, "notify"))),
        interface_id=draw(st.sampled_from((None, "eni-1", "eni-far", "eni-9"))),
    )
    own = draw(st.sampled_from((None, "10.0.1.9", "2001:db8:1:1::9")))
    return replace(start, addresses=() if own is None else (address(own),))


@st.composite
def joined_flows(draw: st.DrawFn) -> Flow:
    return Flow(
        source=draw(joined_sources()),
        destination=address(draw(st.sampled_from(DESTINATIONS))),
        protocol=draw(st.sampled_from((TCP, UDP, ICMP, 50))),
        port=draw(port_numbers),
        source_ports=draw(port_ranges.map(lambda pair: PortSet((pair,)))),
    )
