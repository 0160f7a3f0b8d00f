"""Hypothesis strategies: ports, CIDRs, entries, rules, routes, flows and whole snapshots.

Addresses, ports and ids come from one small pool of awkward values, so that drawn things meet.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from netprobe.model.flow import ICMP, ICMPV6, TCP, UDP, Flow, Source
from netprobe.model.ports import HIGHEST, PortSet
from netprobe.model.resources import NetworkAclEntry, Route, SecurityGroup, SecurityGroupRule
from netprobe.model.snapshot import Snapshot
from tests.builders import (
    REGION,
    address,
    api,
    dhcp_options,
    endpoint,
    entry,
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
    security_group,
    snapshot,
    source,
    subnet,
    vpc,
)

ADDRESSES = (
    "10.0.1.7",
    "10.0.2.9",
    "10.0.9.20",
    "10.0.77.7",
    "100.64.0.1",
    "169.254.169.253",
    "192.0.2.1",
    "198.51.100.10",
    "198.51.100.130",
    "255.255.255.255",
    "::",
    "64:ff9b::c633:640a",
    "2001:db8:1:1::7",
    "2001:db8:1:2::9",
    "3fff:a::10",
    "fd00:ec2::253",
)
CIDRS = (
    "0.0.0.0/0",
    "10.0.0.0/8",
    "10.0.0.0/16",
    "10.0.1.0/24",
    "10.0.2.9/32",
    "198.51.100.0/24",
    "198.51.100.128/26",
    "::/0",
    "2001:db8:1::/56",
    "2001:db8:1:2::/64",
    "64:ff9b::/96",
)
TARGETS = (
    "local",
    "igw-1",
    "eigw-1",
    "nat-1",
    "nat-gone",
    "vpce-s3",
    "vpce-1",
    "tgw-1",
    "pcx-1",
    "vgw-1",
    "eni-1",
    "lgw-1",
    "odb-1",
)
CALLS = tuple(
    f"ec2:Describe{what}"
    for what in (
        "Subnets",
        "RouteTables",
        "NetworkAcls",
        "SecurityGroups",
        "InternetGateways",
        "EgressOnlyInternetGateways",
        "NatGateways",
        "VpcEndpoints",
        "NetworkInterfaces",
        "ManagedPrefixLists",
        "Vpcs",
        "VpcAttribute",
        "DhcpOptions",
    )
)
NAMES = (
    f"abc123.execute-api.{REGION}.amazonaws.com",
    f"s3.{REGION}.amazonaws.com",
    f"ssm.{REGION}.amazonaws.com",
    f"vpce-1-x.ssm.{REGION}.vpce.amazonaws.com",
    "www.example.com",
    "",
    ".",
    *ADDRESSES,
)
_AWKWARD_PORTS = (0, 1, 22, 53, 80, 443, 1023, 1024, 32768, 60999, HIGHEST)

port_numbers = st.one_of(st.sampled_from(_AWKWARD_PORTS), st.integers(0, HIGHEST))
port_ranges = st.tuples(port_numbers, port_numbers).map(lambda pair: (min(pair), max(pair)))
port_sets = st.lists(port_ranges, max_size=4).map(lambda ranges: PortSet(tuple(ranges)))
addresses = st.sampled_from(ADDRESSES).map(address)
cidrs = st.sampled_from(CIDRS).map(network)
protocols = st.sampled_from((None, TCP, UDP, ICMP, ICMPV6, 50))


@st.composite
def entries(draw: st.DrawFn) -> NetworkAclEntry:
    number = draw(st.sampled_from((1, 2, 100, 101, 32766, 32767, 32768)))
    ports = draw(st.sampled_from(("all", "443", "80,443", "1024-65535", "32768-60999")))
    action = draw(st.sampled_from(("allow", "deny")))
    fields = {"egress": draw(st.booleans()), "protocol": draw(protocols)}
    return entry(number, action, draw(st.sampled_from(CIDRS)), ports, **fields)


@st.composite
def rules(draw: st.DrawFn) -> SecurityGroupRule:
    peer: dict[str, Any] = draw(
        st.one_of(
            cidrs.map(lambda cidr: {"cidr": cidr}),
            st.sampled_from(("sg-1", "sg-2", "sg-9")).map(lambda group: {"group_id": group}),
            st.sampled_from(("pl-s3", "pl-9")).map(lambda item: {"prefix_list_id": item}),
        )
    )
    return SecurityGroupRule(protocol=draw(protocols), ports=draw(port_sets), **peer)


@st.composite
def routes(draw: st.DrawFn) -> Route:
    destination = draw(st.sampled_from((*CIDRS, "pl-s3", "pl-9")))
    state = draw(st.sampled_from(("active", "active", "blackhole", "filtered")))
    propagated = draw(st.booleans())
    return route(destination, draw(st.sampled_from(TARGETS)), state, propagated=propagated)


@st.composite
def groups(draw: st.DrawFn, group_id: str = "sg-1") -> SecurityGroup:
    some = st.lists(rules(), max_size=3)
    return security_group(group_id, draw(some), draw(some))


@st.composite
def sources(draw: st.DrawFn) -> Source:
    return source(
        draw(st.sampled_from(("subnet-private", "subnet-public", "subnet-9"))),
        security_group_ids=draw(st.sampled_from(((), ("sg-1",), ("sg-1", "sg-2"), ("sg-9",)))),
        ipv6_allowed=draw(st.booleans()),
        function_name=draw(st.sampled_from((None, "notify"))),
        interface_id=draw(st.sampled_from((None, "eni-1", "eni-9"))),
    )


@st.composite
def flows(draw: st.DrawFn) -> Flow:
    return Flow(
        source=draw(sources()),
        destination=draw(addresses),
        protocol=draw(st.sampled_from((TCP, UDP, ICMP, 50))),
        port=draw(port_numbers),
        source_ports=draw(port_ranges.map(lambda pair: PortSet((pair,)))),
    )


@st.composite
def snapshots(draw: st.DrawFn) -> Snapshot:
    """Draw a snapshot in which anything may be missing, odd or contradictory."""
    tables = st.lists(routes(), max_size=4)
    some_entries = st.lists(entries(), max_size=4)
    kinds = st.sampled_from(("ipv4", "ipv6", "dualstack"))
    states = st.sampled_from(("available", "Available", "failed"))
    attributes = st.sampled_from((True, True, False, None))
    everything: list[Any] = [
        vpc(
            enable_dns_support=draw(attributes),
            enable_dns_hostnames=draw(attributes),
            dhcp_options_id=draw(st.sampled_from((None, "default", "dopt-1"))),
        ),
        dhcp_options(draw(st.sampled_from(("AmazonProvidedDNS", "10.0.2.9")))),
        subnet(
            ipv4=draw(st.sampled_from((None, "10.0.1.0/24", "10.0.1.7/32"))),
            ipv6=draw(st.sampled_from((None, "2001:db8:1:1::/64"))),
            private_ipv6=draw(st.booleans()),
            enable_dns64=draw(st.booleans()),
        ),
        subnet("subnet-public", "10.0.9.0/24", None),
        route_table(routes=draw(tables), local=draw(st.booleans())),
        route_table("rtb-public", draw(tables), ("subnet-public",)),
        route_table("rtb-main", draw(tables), (), main=True),
        internet_gateway(attached=draw(st.sampled_from(("vpc-1", None)))),
        internet_gateway("eigw-1"),
        nat_gateway(
            state=draw(states),
            subnet_id=draw(st.sampled_from(("subnet-public", "subnet-private", None))),
            route_table_id=draw(st.sampled_from((None, "rtb-public"))),
            connectivity_type=draw(st.sampled_from(("public", "private"))),
        ),
        network_acl(entries=draw(some_entries), subnets=("subnet-private",)),
        network_acl("acl-2", draw(some_entries), ("subnet-public",)),
        draw(groups()),
        draw(groups("sg-2")),
        interface("eni-1", "10.0.1.7", group_ids=("sg-1",)),
        interface("eni-endpoint", "10.0.2.9", "2001:db8:1:2::9", group_ids=("sg-2",)),
        endpoint(service=draw(st.sampled_from(("ssm", "execute-api", "s3"))), state=draw(states)),
        gateway_endpoint(ip_address_type=draw(kinds)),
        prefix_list(entries_read=draw(st.booleans())),
        api(ip_address_type=draw(kinds), endpoint_type=draw(st.sampled_from(("X", "PRIVATE")))),
    ]
    kept = [item for item in everything if draw(st.integers(0, 9))]
    calls = draw(st.sets(st.sampled_from(CALLS), max_size=3))
    return snapshot(*kept, *map(gap, sorted(calls)))
