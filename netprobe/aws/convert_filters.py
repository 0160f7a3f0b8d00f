"""AWS's JSON of security groups and network ACLs as values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from netprobe.model.addresses import parse_network
from netprobe.model.flow import ICMP, ICMPV6, TCP, UDP
from netprobe.model.ports import ALL_PORTS, HIGHEST, PortSet
from netprobe.model.resources import (
    NetworkAcl,
    NetworkAclEntry,
    SecurityGroup,
    SecurityGroupRule,
)

Json = dict[str, Any]

_NUMBERS = {"tcp": TCP, "udp": UDP, "icmp": ICMP, "icmpv6": ICMPV6}
_ALL = "-1"
ANY = -1


def convert_security_group(item: Json) -> SecurityGroup:
    """Return a security group of DescribeSecurityGroups, one rule per peer."""
    return SecurityGroup(
        group_id=item["GroupId"],
        vpc_id=item.get("VpcId") or "",
        group_name=item.get("GroupName") or "",
        ingress=tuple(_rules(item.get("IpPermissions") or ())),
        egress=tuple(_rules(item.get("IpPermissionsEgress") or ())),
    )


def _rules(permissions: Any) -> Iterator[SecurityGroupRule]:
    """Yield a rule for each of the four independent peer lists of each permission."""
    for item in permissions:
        protocol = _protocol(item["IpProtocol"])
        ports, icmp = _ports(protocol, item.get("FromPort"), item.get("ToPort"))
        for peer in item.get("IpRanges") or ():
            yield SecurityGroupRule(
                protocol=protocol, ports=ports, icmp=icmp, cidr=parse_network(peer["CidrIp"])
            )
        for peer in item.get("Ipv6Ranges") or ():
            yield SecurityGroupRule(
                protocol=protocol, ports=ports, icmp=icmp, cidr=parse_network(peer["CidrIpv6"])
            )
        for peer in item.get("PrefixListIds") or ():
            yield SecurityGroupRule(
                protocol=protocol, ports=ports, icmp=icmp, prefix_list_id=peer["PrefixListId"]
            )
        for peer in item.get("UserIdGroupPairs") or ():
            yield SecurityGroupRule(
                protocol=protocol, ports=ports, icmp=icmp, group_id=peer["GroupId"]
            )


def _protocol(value: Any) -> int | None:
    """Return the IP protocol number; None for all."""
    text = str(value)
    return None if text == _ALL else _NUMBERS.get(text) or int(text)


def _ports(
    protocol: int | None, low: int | None, high: int | None
) -> tuple[PortSet, tuple[int, int] | None]:
    """Return the ports of a rule and, for ICMP, its type and code.

    Only tcp and udp have ports: "FromPort" in
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html
    """
    if protocol in {ICMP, ICMPV6}:
        return ALL_PORTS, (ANY if low is None else low, ANY if high is None else high)
    if protocol not in {TCP, UDP} or low is None or low == ANY:
        return ALL_PORTS, None
    return PortSet.of(low, HIGHEST if high in {None, ANY} else high), None


def convert_network_acl(item: Json) -> NetworkAcl:
    """Return a network ACL of DescribeNetworkAcls."""
    return NetworkAcl(
        network_acl_id=item["NetworkAclId"],
        vpc_id=item.get("VpcId") or "",
        is_default=bool(item.get("IsDefault")),
        subnet_ids=frozenset(
            association["SubnetId"]
            for association in item.get("Associations") or ()
            if association.get("SubnetId")
        ),
        entries=tuple(
            sorted(
                (_entry(entry) for entry in item.get("Entries") or ()),
                key=lambda entry: entry.rule_number,
            )
        ),
    )


def _entry(item: Json) -> NetworkAclEntry:
    protocol = _protocol(item["Protocol"])
    ports = item.get("PortRange") or {}
    icmp = item.get("IcmpTypeCode") or {}
    has_ports = protocol in {TCP, UDP} and ports.get("From") is not None
    is_icmp = protocol in {ICMP, ICMPV6}
    return NetworkAclEntry(
        rule_number=int(item["RuleNumber"]),
        egress=bool(item["Egress"]),
        allow=item["RuleAction"] == "allow",
        cidr=parse_network(item.get("CidrBlock") or item["Ipv6CidrBlock"]),
        protocol=protocol,
        ports=PortSet.of(ports["From"], ports["To"]) if has_ports else ALL_PORTS,
        icmp=(icmp.get("Type", ANY), icmp.get("Code", ANY)) if is_icmp else None,
    )
