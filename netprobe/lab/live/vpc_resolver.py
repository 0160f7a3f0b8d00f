"""The Route 53 Resolver of one VPC: rules, private zones, endpoint names, DNS64, public DNS."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from netprobe.lab.live.answers import NXDOMAIN, Answer, follow, of_family
from netprobe.lab.live.names import PublicNames, answer_from
from netprobe.lab.live.zones import Zone, is_within, plain
from netprobe.lab.network.described import Described
from netprobe.lab.network.endpoints import ENDPOINT_SUFFIX, EndpointName

DNS64_PREFIX = "64:ff9b::"
"""RFC 6052, section 2.1; see "DNS64 and NAT64" in the Amazon VPC user guide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A resolver rule associated with the VPC."""

    domain: str
    """Without its final dot: empty for the root."""
    forwards: bool
    """False for a SYSTEM rule, which takes its domain back from a wider FORWARD rule."""
    targets: tuple[tuple[str, int], ...] = ()
    endpoint_id: str = ""
    """The outbound resolver endpoint that the queries leave by."""


Forward = Callable[[Rule, str, str], Answer]
"""Asks a rule's targets for a name and type; raises NoAnswerError where none answers."""


def read_rules(resolver: Any, vpc_id: str) -> tuple[Rule, ...]:
    """Return the rules associated with a VPC."""
    associated = resolver.list_resolver_rule_associations(
        Filters=[{"Name": "VPCId", "Values": [vpc_id]}]
    )["ResolverRuleAssociations"]
    return tuple(
        _rule(resolver.get_resolver_rule(ResolverRuleId=item["ResolverRuleId"])["ResolverRule"])
        for item in associated
    )


def read_endpoint(resolver: Any, endpoint_id: str) -> tuple[str, frozenset[str]]:
    """Return the VPC of a resolver endpoint and the addresses of its interfaces."""
    if not endpoint_id:
        return "", frozenset()
    asked = {"ResolverEndpointId": endpoint_id}
    found = resolver.get_resolver_endpoint(**asked)["ResolverEndpoint"]
    listed = resolver.list_resolver_endpoint_ip_addresses(**asked)["IpAddresses"]
    return str(found["HostVPCId"]), frozenset(str(i["Ip"]) for i in listed if i.get("Ip"))


def read_inbound(resolver: Any) -> tuple[tuple[str, str], ...]:
    """Return VPC and address of each interface of the inbound resolver endpoints."""
    return tuple(
        (str(endpoint["HostVPCId"]), address)
        for endpoint in resolver.list_resolver_endpoints()["ResolverEndpoints"]
        if endpoint["Direction"] == "INBOUND"
        for address in sorted(read_endpoint(resolver, endpoint["Id"])[1])
    )


def _rule(item: Any) -> Rule:
    return Rule(
        domain=plain(item["DomainName"]),
        forwards=item["RuleType"] == "FORWARD",
        targets=tuple(
            (str(target.get("Ip") or target.get("Ipv6")), int(target.get("Port") or 53))
            for target in item.get("TargetIps") or ()
        ),
        endpoint_id=str(item.get("ResolverEndpointId") or ""),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class VpcResolver:
    """What the resolver of one VPC answers.

    The most specific of rules and private zones decides; on an equal name a FORWARD rule wins. A
    zone that lacks the name says so, and public DNS is not asked. See "Considerations when
    working with a private hosted zone" in the Route 53 guide.
    """

    described: Described
    names: tuple[EndpointName, ...]
    """The names that interface endpoints bring into the VPC."""
    public: PublicNames
    inbound: bool = False
    """Whether it answers at an inbound endpoint, for who asks from outside the VPC."""
    rules: Callable[[], tuple[Rule, ...]]
    forward: Forward

    def answer(self, name: str, kind: str, source: str) -> Answer:
        """Answer a query that comes from an address of the VPC.

        Where the subnet it comes from has DNS64 on, a name with no IPv6 address gets one for
        each IPv4 address, see "DNS64 and NAT64" in the Amazon VPC user guide.
        """
        found = follow(name, kind, self._look)
        if kind != "AAAA" or found.addresses or not found.exists or not self._has_dns64(source):
            return found
        ipv4 = follow(name, "A", self._look)
        made = tuple(_synthesised(address) for address in ipv4.addresses)
        return Answer(addresses=made, cnames=ipv4.cnames)

    def _has_dns64(self, source: str) -> bool:
        address = ip_address(source)
        return any(
            subnet.get("EnableDns64")
            for subnet in self.described.subnets
            for cidr in _cidrs(subnet)
            if address in ip_network(cidr)
        )

    def _look(self, name: str, kind: str) -> Answer:
        zone = self._zone_of(name)
        names = self._private_names(name)
        rule = max(
            (rule for rule in self.rules() if is_within(name, rule.domain)),
            key=lambda rule: (len(rule.domain), rule.forwards),
            default=None,
        )
        longest = max(len(zone.name) if zone else -1, len(_zone_name(names[0])) if names else -1)
        if rule is not None and rule.forwards and len(rule.domain) >= longest:
            return self.forward(rule, name, kind)
        if zone is not None and len(zone.name) == longest:
            return answer_from(zone, name, kind, self.public.answer)
        if names:
            covering = next((item for item in names if item.covers(name)), None)
            return of_family(covering.ipv4, covering.ipv6, kind) if covering else NXDOMAIN
        return self.public.look(name, kind)

    @property
    def _has_private_zones(self) -> bool:
        """Whether private zones work, which takes both DNS attributes of the VPC."""
        return self.described.dns_support and self.described.dns_hostnames

    def _zone_of(self, name: str) -> Zone | None:
        if not self._has_private_zones:
            return None
        zones = (
            zone
            for zone in self.public.zones()
            if zone.private and self.described.vpc_id in zone.vpc_ids and zone.covers(name)
        )
        return max(zones, key=lambda zone: len(zone.name), default=None)

    def _private_names(self, name: str) -> list[EndpointName]:
        """Return the endpoint names of the most specific zone, exact ones before wildcards."""
        fitting = [
            item
            for item in self.names
            if not item.name.endswith(ENDPOINT_SUFFIX)
            and is_within(name, _zone_name(item))
            and (self.inbound or not item.inbound_only)
        ]
        longest = max((len(_zone_name(item)) for item in fitting), default=0)
        return [item for item in fitting if len(_zone_name(item)) == longest]


def _zone_name(item: EndpointName) -> str:
    """Return the hidden zone of a private name: the name itself, or what the wildcard is of."""
    return item.name.removeprefix("*.")


def _cidrs(subnet: Any) -> list[str]:
    blocks = [
        item["Ipv6CidrBlock"]
        for item in subnet.get("Ipv6CidrBlockAssociationSet") or ()
        if (item.get("Ipv6CidrBlockState") or {}).get("State") == "associated"
    ]
    return blocks + ([subnet["CidrBlock"]] if subnet.get("CidrBlock") else [])


def _synthesised(ipv4: str) -> str:
    return str(IPv6Address(int(IPv6Address(DNS64_PREFIX)) + int(ip_address(ipv4))))
