"""Describe answers twice: as a real network that carries packets, and as a snapshot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any

from netprobe.aws.convert import convert
from netprobe.aws.raw import RawSnapshot
from netprobe.lab.network.answers import describe_vpcs
from netprobe.lab.network.layout import INTERNET, Namespace, Topology, chain, table
from netprobe.lab.network.netns import Network
from netprobe.lab.network.topology import compile_vpcs
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
    topology = compile_vpcs(describe_vpcs(_by_key(answers), REGION), World())
    seats, off = set(_seats(answers, topology)), _switched_off(answers)
    return replace(
        topology,
        namespaces=tuple(_set_up(item, seats, off) for item in topology.namespaces),
    )


def _by_key(answers: Answers) -> dict[str, Any]:
    """Return the answers as the lab takes them: by AWS's keys, those per subject by the call."""
    found: dict[str, Any] = {}
    for operation, answer in answers.items():
        found |= answer if isinstance(answer, dict) else {operation: answer}
    return found


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


def _set_up(namespace: Namespace, seats: set[str], off: set[str]) -> Namespace:
    """Leave speaking to the judge, and have what does not run pass nothing on."""
    if namespace.name not in seats | off:
        return namespace
    return replace(
        namespace,
        forwards=namespace.forwards and namespace.name not in off,
        rules=namespace.rules + _SILENCE,
    )


def _seats(answers: Answers, topology: Topology) -> dict[str, Seat]:
    """Return where packets start or end: interfaces that are no gateway's, and the internet."""
    there, off = {item.name for item in topology.namespaces}, _switched_off(answers)
    served = {
        interface_id
        for item in items(answers, "DescribeVpcEndpoints")
        if item["State"] == "available"
        for interface_id in item["NetworkInterfaceIds"]
    }
    found = {INTERNET: Seat(namespace=INTERNET, addresses=None, foreign=_foreign(answers))}
    for item in items(answers, "DescribeNetworkInterfaces"):
        name, kind = str(item["NetworkInterfaceId"]), item.get("InterfaceType")
        if name not in there or name in off or (kind == "vpc_endpoint" and name not in served):
            continue
        if kind in {"interface", "lambda", "vpc_endpoint"}:
            found[name] = Seat(
                namespace=name,
                addresses=frozenset(addresses_of(item)),
                pings=kind != "vpc_endpoint",
            )
    return found


def _switched_off(answers: Answers) -> set[str]:
    """Return the interfaces of instances that do not run, and those that are no instance's."""
    found = {
        str(item["NetworkInterfaceId"])
        for item in items(answers, "DescribeNetworkInterfaces")
        if item["Status"] == "available"
    }
    for reservation in items(answers, "DescribeInstances"):
        for instance in reservation["Instances"]:
            if instance["State"]["Name"] != "running":
                found |= {str(i["NetworkInterfaceId"]) for i in instance["NetworkInterfaces"]}
    return found


def _foreign(answers: Answers) -> tuple[IPv4Network | IPv6Network, ...]:
    """Return what the internet does not have: the account's addresses, and unique local ones."""
    found = [
        str(address["Association"]["PublicIp"])
        for item in items(answers, "DescribeNetworkInterfaces")
        for address in item["PrivateIpAddresses"]
        if "Association" in address
    ]
    found += [
        str(address["PublicIp"])
        for gateway in items(answers, "DescribeNatGateways")
        for address in gateway["NatGatewayAddresses"]
        if "PublicIp" in address
    ]
    found += [
        str(block["Ipv6CidrBlock"])
        for vpc in items(answers, "DescribeVpcs")
        for block in vpc.get("Ipv6CidrBlockAssociationSet") or ()
    ]
    return tuple(map(ip_network, (*dict.fromkeys(found), "fc00::/7")))


def addresses_of(interface: Mapping[str, Any]) -> list[str]:
    """Return an interface's private IPv4 and its IPv6 addresses."""
    found = [str(item["PrivateIpAddress"]) for item in interface.get("PrivateIpAddresses") or ()]
    found += [str(item["Ipv6Address"]) for item in interface.get("Ipv6Addresses") or ()]
    return found
