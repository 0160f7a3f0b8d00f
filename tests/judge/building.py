"""Describe answers twice: as a real network that carries packets, and as a snapshot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from netprobe.aws.convert import convert
from netprobe.aws.raw import RawSnapshot
from netprobe.lab.network.described import Described
from netprobe.lab.network.layout import INTERNET, Namespace, Topology, chain, table
from netprobe.lab.network.netns import Network
from netprobe.lab.network.topology import compile_vpc
from netprobe.lab.network.world import World
from netprobe.model.snapshot import Snapshot
from tests.judge.watching import Seat, Watch

Answers = Mapping[str, Any]
"""AWS's answers under the names of their calls, as a raw snapshot keeps them."""

REGION, ACCOUNT = "us-east-1", "123456789012"
_SILENCE = table(
    "judge",
    [
        chain(
            "silence",
            [
                "type filter hook input priority -200; policy drop;",
                "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept",
            ],
        )
    ],
)
"""Keeps a namespace's own kernel from answering: only the judge does, who sees packets before."""


def snapshot_of(answers: Answers) -> Snapshot:
    """Return the engine's view of the answers."""
    return convert(RawSnapshot(REGION, ACCOUNT, dict(answers), ()))


def items(answers: Answers, operation: str) -> list[dict[str, Any]]:
    """Return the items of a Describe answer."""
    answer = answers.get(operation) or {}
    return next((value for value in answer.values() if isinstance(value, list)), [])


def compile_network(answers: Answers) -> Topology:
    """Return the topology of everything described, its seats silenced."""
    (vpc,) = items(answers, "DescribeVpcs")
    topology = compile_vpc(_describe(answers, vpc), World())
    seats = set(_seats(answers, topology))
    return replace(
        topology,
        namespaces=tuple(_silence(item, seats) for item in topology.namespaces),
    )


@contextmanager
def standing(answers: Answers, prefix: str) -> Iterator[Watch]:
    """Have the network stand for a while, with a watch in each seat."""
    network = Network(compile_network(answers), prefix)
    try:
        network.build()
        seats = {
            name: replace(seat, namespace=network.name(name))
            for name, seat in _seats(answers, network.topology).items()
        }
        with Watch(seats) as watch:
            yield watch
    finally:
        network.remove()


def _silence(namespace: Namespace, seats: set[str]) -> Namespace:
    if namespace.name not in seats:
        return namespace
    return replace(namespace, rules=namespace.rules + _SILENCE)


def _seats(answers: Answers, topology: Topology) -> dict[str, Seat]:
    """Return where packets may start or end: interfaces that are no gateway's, and the internet."""
    there = {item.name for item in topology.namespaces}
    served = {
        interface_id
        for item in items(answers, "DescribeVpcEndpoints")
        if item["State"] == "available"
        for interface_id in item["NetworkInterfaceIds"]
    }
    found = {INTERNET: Seat(namespace=INTERNET, addresses=None)}
    for item in items(answers, "DescribeNetworkInterfaces"):
        name, kind = str(item["NetworkInterfaceId"]), item.get("InterfaceType")
        if kind == "vpc_endpoint" and name not in served:
            continue
        if name in there and kind in {"interface", "lambda", "vpc_endpoint"}:
            found[name] = Seat(
                namespace=name,
                addresses=frozenset(addresses_of(item)),
                pings=kind != "vpc_endpoint",
            )
    return found


def addresses_of(interface: Mapping[str, Any]) -> list[str]:
    """Return an interface's private IPv4 and its IPv6 addresses."""
    found = [str(item["PrivateIpAddress"]) for item in interface.get("PrivateIpAddresses") or ()]
    found += [str(item["Ipv6Address"]) for item in interface.get("Ipv6Addresses") or ()]
    return found


def _describe(answers: Answers, vpc: Mapping[str, Any]) -> Described:
    vpc_id = vpc["VpcId"]
    entries = {
        item["PrefixListId"]: tuple(entry["Cidr"] for entry in item["Entries"])
        for item in answers["GetManagedPrefixListEntries"]
    }
    services = {
        service: entries[item["PrefixListId"]]
        for item in items(answers, "DescribeManagedPrefixLists")
        for service in ("s3", "dynamodb")
        if item["PrefixListName"] == f"com.amazonaws.{REGION}.{service}"
    }
    attributes = {
        key: value["Value"]
        for answer in answers["DescribeVpcAttribute"]
        if answer["VpcId"] == vpc_id
        for key, value in answer.items()
        if isinstance(value, dict)
    }

    def own(operation: str) -> tuple[dict[str, Any], ...]:
        return tuple(i for i in items(answers, operation) if i["VpcId"] == vpc_id)

    return Described(
        region=REGION,
        vpc=vpc,
        dns_support=attributes.get("EnableDnsSupport", True),
        dns_hostnames=attributes.get("EnableDnsHostnames", False),
        subnets=own("DescribeSubnets"),
        route_tables=own("DescribeRouteTables"),
        internet_gateways=_attached(answers, "DescribeInternetGateways", vpc_id),
        egress_only_gateways=_attached(answers, "DescribeEgressOnlyInternetGateways", vpc_id),
        nat_gateways=own("DescribeNatGateways"),
        security_groups=own("DescribeSecurityGroups"),
        network_acls=own("DescribeNetworkAcls"),
        network_interfaces=own("DescribeNetworkInterfaces"),
        vpc_endpoints=own("DescribeVpcEndpoints"),
        prefix_lists=entries,
        service_addresses=services,
    )


def _attached(answers: Answers, operation: str, vpc_id: str) -> tuple[dict[str, Any], ...]:
    return tuple(
        item
        for item in items(answers, operation)
        if any(
            a["VpcId"] == vpc_id and a.get("State") in {"available", "attached"}
            for a in item.get("Attachments") or ()
        )
    )
