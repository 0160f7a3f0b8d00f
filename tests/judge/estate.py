"""What is being drawn: Describe answers under way, and the plan behind them."""

from __future__ import annotations

import itertools
from collections import defaultdict
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network
from typing import Any

from tests.judge.building import ACCOUNT, REGION
from tests.judge.dice import Dice

Item = dict[str, Any]

KEYS = {
    "DescribeVpcs": "Vpcs",
    "DescribeSubnets": "Subnets",
    "DescribeRouteTables": "RouteTables",
    "DescribeInternetGateways": "InternetGateways",
    "DescribeEgressOnlyInternetGateways": "EgressOnlyInternetGateways",
    "DescribeNatGateways": "NatGateways",
    "DescribeNetworkAcls": "NetworkAcls",
    "DescribeSecurityGroups": "SecurityGroups",
    "DescribeNetworkInterfaces": "NetworkInterfaces",
    "DescribeVpcEndpoints": "VpcEndpoints",
    "DescribeManagedPrefixLists": "PrefixLists",
    "DescribeInstances": "Reservations",
    "DescribeVpnGateways": "VpnGateways",
    "DescribeVpcPeeringConnections": "VpcPeeringConnections",
    "DescribeTransitGateways": "TransitGateways",
    "DescribeTransitGatewayVpcAttachments": "TransitGatewayVpcAttachments",
    "DescribeTransitGatewayAttachments": "TransitGatewayAttachments",
    "DescribeTransitGatewayRouteTables": "TransitGatewayRouteTables",
    "DescribeTransitGatewayPeeringAttachments": "TransitGatewayPeeringAttachments",
    "DescribeLoadBalancers": "LoadBalancers",
    "DescribeVpcBlockPublicAccessExclusions": "VpcBlockPublicAccessExclusions",
    "DescribeDhcpOptions": "DhcpOptions",
    "ListFunctions": "Functions",
    "GetRestApis": "items",
    "GetApis": "Items",
}
"""The key of each answer's list."""

PER_SUBJECT = (
    "DescribeVpcAttribute",
    "GetManagedPrefixListEntries",
    "GetTransitGatewayRouteTableAssociations",
    "SearchTransitGatewayRoutes",
)
"""Calls made once per subject: a list of answers, each with the request's id."""

HOSTS_IPV4 = ("192.0.2.80", "198.18.7.7", "192.0.2.129")
HOSTS_IPV6 = ("3fff:c::80", "2001:db8:9::9")
"""Hosts on the internet (documentation and benchmarking space, RFC 5737, 2544, 9637, 3849)."""
S3_CIDRS = ("52.216.0.0/15", "54.231.0.0/17")
S3_CIDRS_IPV6 = ("2600:1fa0:8000::/39",)
S3_HOSTS = ("52.216.9.9", "54.231.3.3")
S3_HOSTS_IPV6 = ("2600:1fa0:8000::77",)


@dataclass(slots=True, kw_only=True)
class SubnetPlan:
    """A subnet, and the next free host in it."""

    subnet_id: str
    vpc_id: str
    zone: str
    ipv4: IPv4Network | None
    ipv6: IPv6Network | None
    role: str
    hosts: int = 9

    def next_host(self) -> tuple[str | None, str | None]:
        """Return a free address of each family the subnet has."""
        self.hosts += 1
        return (
            str(self.ipv4[self.hosts]) if self.ipv4 else None,
            str(self.ipv6[0x100 + self.hosts]) if self.ipv6 else None,
        )


@dataclass(slots=True, kw_only=True)
class VpcPlan:
    """A VPC and the ids of what is in it."""

    vpc_id: str
    number: int
    ipv4: list[IPv4Network]
    ipv6: IPv6Network | None
    subnets: list[SubnetPlan] = field(default_factory=list)
    group_ids: list[str] = field(default_factory=list)
    internet_gateway: str | None = None
    egress_only_gateway: str | None = None
    nat_gateways: list[str] = field(default_factory=list)
    appliances: list[str] = field(default_factory=list)
    gateway_endpoint: str | None = None
    vpn_gateway: str | None = None
    connections: list[tuple[str, str, VpcPlan]] = field(default_factory=list)
    """Peerings and transit gateways: the route's key, its target, the VPC on the other side."""

    @property
    def cidrs(self) -> list[str]:
        """Return its blocks of both families."""
        return [*map(str, self.ipv4), *([str(self.ipv6)] if self.ipv6 else [])]


class Estate:
    """The answers of one account while they are drawn."""

    def __init__(self, dice: Dice) -> None:
        self.dice = dice
        self.lists: dict[str, list[Item]] = {key: [] for key in KEYS}
        self.per_subject: dict[str, list[Item]] = {key: [] for key in PER_SUBJECT}
        self.vpcs: list[VpcPlan] = []
        self.has_hub = False
        """The first VPC is the way out of the others, through a transit gateway."""
        self.customer_lists: list[str] = []
        self.service_lists: dict[str, str] = {}
        self.options: Item = {}
        self._counts: defaultdict[str, itertools.count[int]] = defaultdict(
            lambda: itertools.count(1)
        )

    def new_id(self, prefix: str) -> str:
        """Return an id that nothing else has."""
        return f"{prefix}-{next(self._counts[prefix])}"

    def add(self, operation: str, item: Item) -> Item:
        """Add an item to an answer."""
        self.lists[operation].append(item)
        return item

    def public_address(self) -> str:
        """Return a public IPv4 address that nothing else has."""
        return f"203.0.113.{next(self._counts['public'])}"

    def vpc(self, vpc_id: str) -> VpcPlan:
        """Return the plan of a VPC."""
        return next(item for item in self.vpcs if item.vpc_id == vpc_id)

    def answers(self) -> dict[str, Any]:
        """Return everything as a raw snapshot keeps it."""
        return {
            **{operation: {KEYS[operation]: found} for operation, found in self.lists.items()},
            **self.per_subject,
            "apigateway:GetStages": [],
            "apigatewayv2:GetStages": [],
            **({"DescribeVpcBlockPublicAccessOptions": self.options} if self.options else {}),
        }


def arn(kind: str, resource_id: str) -> str:
    """Return a resource's ARN."""
    return f"arn:aws:ec2:{REGION}:{ACCOUNT}:{kind}/{resource_id}"
