"""Flows: from any interface to what there is, at ports near the edges of the rules."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from typing import Any

from tests.judge.building import addresses_of
from tests.judge.drawing_filters import RAW_PROTOCOLS
from tests.judge.drawing_routes import NAT64
from tests.judge.estate import (
    HOSTS_IPV4,
    HOSTS_IPV6,
    S3_HOSTS,
    S3_HOSTS_IPV6,
    Estate,
    Item,
)
from tests.judge.packets import ICMP, ICMPV6, TCP, UDP

_LIKELY_PORTS = (443, 443, 443, 80, 53, 5432)
_SOURCE_PORTS = (1024, 5000, 20000, 32767, 40000, 50000, 61000, 65535)
_NAT64 = IPv6Address("64:ff9b::")
_KINDS = (
    (48, "inside"),
    (16, "internet"),
    (6, "s3"),
    (8, "nat64"),
    (8, "public"),
    (9, "endpoint"),
    (2, "nobody"),
    (2, "private"),
)
_ELSEWHERE: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "internet": (HOSTS_IPV4, HOSTS_IPV6),
    "s3": (S3_HOSTS, S3_HOSTS_IPV6),
    "nobody": (("10.1.1.222", "10.2.1.222"), ("2600:1f10:1:1::222",)),
    "private": (("10.99.0.1", "172.16.5.5", "192.168.7.7", "100.64.200.1"), ("fd00:99::1",)),
}
"""Destinations that are no interface's, in IPv4 and in IPv6."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One flow, as the judge asks it of both sides."""

    interface_id: str
    source: str
    destination: str
    protocol: int
    port: int = 0
    source_port: int = 0

    def document(self) -> dict[str, Any]:
        """Return the flow as JSON has it."""
        return {name: getattr(self, name) for name in self.__slots__}


def draw_flows(estate: Estate, count: int) -> tuple[Question, ...]:
    """Draw flows none of which could pass for the reply to another."""
    senders = [
        item
        for item in estate.lists["DescribeNetworkInterfaces"]
        if item["InterfaceType"] in {"interface", "lambda"}
    ]
    edges = _edges(estate)
    taken = {*edges, *_LIKELY_PORTS}
    found: list[Question] = []
    talked: set[tuple[object, ...]] = set()
    for _ in range(count):
        item = _flow(estate, estate.dice.choice(senders), edges, taken)
        if item is None:
            continue
        pair = (item.protocol, frozenset({item.source, item.destination}))
        if item.protocol in {TCP, UDP, ICMP, ICMPV6} or pair not in talked:
            talked.add(pair)
            found.append(item)
    return tuple(found)


def _flow(estate: Estate, sender: Item, edges: list[int], taken: set[int]) -> Question | None:
    dice = estate.dice
    destination = _destination(estate, sender)
    if destination is None:
        return None
    version = 6 if ":" in destination else 4
    own = [item for item in addresses_of(sender) if (":" in item) == (version == 6)]
    if not own or destination in addresses_of(sender):
        return None
    icmp = ICMP if version == 4 else ICMPV6
    raw = int(dice.choice(RAW_PROTOCOLS))
    protocol = dice.weighted([(12, TCP), (4, UDP), (3, icmp), (1, raw)])
    if protocol == UDP and _is_endpoint(estate, destination):
        protocol = TCP  # what a service takes besides, no answer of AWS tells
    has_ports = protocol in {TCP, UDP}
    port = dice.choice(_LIKELY_PORTS if dice.chance(60) else edges)
    return Question(
        interface_id=sender["NetworkInterfaceId"],
        source=dice.choice(own),
        destination=destination,
        protocol=protocol,
        port=port if has_ports else 0,
        source_port=_source_port(estate, taken) if has_ports else 0,
    )


def _is_endpoint(estate: Estate, address: str) -> bool:
    return any(
        item["InterfaceType"] == "vpc_endpoint" and address in addresses_of(item)
        for item in estate.lists["DescribeNetworkInterfaces"]
    )


def _source_port(estate: Estate, taken: set[int]) -> int:
    """Return a port that no other flow has, and that none is sent to."""
    port = estate.dice.choice(_SOURCE_PORTS)
    step = -1 if port == 65535 else 1
    while port in taken:
        port += step
    taken.add(port)
    return port


def _destination(estate: Estate, sender: Item) -> str | None:
    """Return where a flow goes: to what is there, seldom to what is not."""
    dice = estate.dice
    kind = dice.weighted(_KINDS)
    wants_ipv6 = bool(sender["Ipv6Addresses"]) and (
        not sender["PrivateIpAddresses"] or dice.chance(40)
    )
    if kind in {"inside", "public", "endpoint"}:
        found = _at_interfaces(estate, sender, kind, ipv6=wants_ipv6)
    elif kind == "nat64":
        likely = 100 if _has_nat64(estate, sender) else 20
        found = [str(_NAT64 + int(IPv4Address(host))) for host in HOSTS_IPV4]
        found = found if dice.chance(likely) else []
    else:
        found = list(_ELSEWHERE[kind][wants_ipv6])
    return dice.choice(found) if found else None


def _at_interfaces(estate: Estate, sender: Item, kind: str, *, ipv6: bool) -> list[str]:
    interfaces = estate.lists["DescribeNetworkInterfaces"]
    others = [item for item in interfaces if item is not sender]
    if kind == "public":
        return [
            str(address["Association"]["PublicIp"])
            for item in others
            for address in item["PrivateIpAddresses"]
            if "Association" in address
        ]
    if kind == "endpoint":
        found = [item for item in others if item["InterfaceType"] == "vpc_endpoint"]
    else:
        found = _neighbours(estate, sender, others)
    return [a for item in found for a in addresses_of(item) if (":" in a) == ipv6]


def _has_nat64(estate: Estate, sender: Item) -> bool:
    return any(
        table["VpcId"] == sender["VpcId"]
        and any(item.get("DestinationIpv6CidrBlock") == NAT64 for item in table["Routes"])
        for table in estate.lists["DescribeRouteTables"]
    )


def _neighbours(estate: Estate, sender: Item, others: list[Item]) -> list[Item]:
    """Return instances, now and then functions, of this VPC or of one joined to it; or any."""
    dice = estate.dice
    kinds = {"interface"} if dice.chance(85) else {"lambda"}
    own = estate.vpc(sender["VpcId"])
    joined = {other.vpc_id for _, _, other in own.connections}
    near = dice.weighted([(8, {own.vpc_id}), (12, joined or {own.vpc_id}), (1, set())])
    return [
        item
        for item in others
        if item["InterfaceType"] in kinds and (not near or item["VpcId"] in near)
    ]


def _edges(estate: Estate) -> list[int]:
    """Return the ports at which a rule begins or ends, and their neighbours."""
    ports: set[int] = {22, 443}
    for acl in estate.lists["DescribeNetworkAcls"]:
        for entry in acl["Entries"]:
            ports |= set((entry.get("PortRange") or {}).values())
    for group in estate.lists["DescribeSecurityGroups"]:
        for rule in (*group["IpPermissions"], *group["IpPermissionsEgress"]):
            if rule["IpProtocol"] in {"tcp", "udp"}:
                ports |= {rule["FromPort"], rule["ToPort"]}
    around = {port + step for port in ports for step in (-1, 0, 1)}
    return sorted(port for port in around if 0 < port <= 65535)
