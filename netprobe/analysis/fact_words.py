"""How facts of the configuration are written: kinds of resources, their parts, and values."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

from netprobe.analysis.compiled_acls import write_entry
from netprobe.model.interconnect import TransitGatewayRoute
from netprobe.model.resources import NetworkAclEntry, Route

_KINDS = {
    "apis": "API", "vpcs": "VPC", "network_acls": "network ACL", "nat_gateways": "NAT gateway",
    "vpc_endpoints": "VPC endpoint", "dhcp_options": "DHCP option set", "vpn_gateways":
    "virtual private gateway", "vpc_peering_connections": "VPC peering connection",
    "block_public_access": "VPC Block Public Access", "firewall_rules": "DNS Firewall rule",
    "role_policies": "role", "bucket_policies": "bucket",
}  # fmt: skip
_WORDS = {
    "ipv6_allowed": "IPv6 for outgoing calls (Ipv6AllowedForDualStack)",
    "ip_address_type": "address type", "ipv4_cidr": "IPv4 block", "ipv4_cidrs": "IPv4 block",
    "ipv6_blocks": "IPv6 block", "subnet_ids": "subnet", "gateway_ids": "gateway",
    "security_group_ids": "security group", "group_ids": "security group",
    "vpc_ids": "VPC", "attached_vpc_ids": "attached VPC", "ingress": "ingress rule",
    "egress": "egress rule", "entries": "entry", "routes": "route", "main": "main route table",
    "private_dns_enabled": "private DNS", "enable_dns_support": "DNS support",
    "enable_dns_hostnames": "DNS host names", "enable_dns64": "DNS64",
    "source_dest_check": "source/destination check", "dns_record_ip_type": "DNS record type",
    "default_endpoint_disabled": "disabled default endpoint", "policies": "policy",
    "block_public_access": "Block Public Access",
}  # fmt: skip


def part_of(field: str) -> str:
    """Return what people call one value of a field of a resource."""
    return _WORDS.get(field) or singular(field)


def plural_of(name: str) -> str:
    """Return what people call several resources of a snapshot's field."""
    kind = kind_of(name)
    if kind.endswith("s"):
        return kind
    return f"{kind[:-1]}ies" if kind.endswith("y") and kind[-2] not in "aeiou" else f"{kind}s"


def kind_of(name: str) -> str:
    """Return what people call one resource of a snapshot's field."""
    return _KINDS.get(name) or singular(name)


def singular(name: str) -> str:
    """Return a field's name as words, in the singular."""
    words = name.removesuffix("_ids").replace("_", " ")
    if words.endswith(("sses", "xes")):
        return words[:-2]
    return words[:-1] if words.endswith("s") and not words.endswith("ss") else words


def write_policy(text: object) -> str:
    """Return that there is a policy: its text is longer than a line."""
    return "none" if text is None else "a policy"


def write_value(value: Any) -> str:  # noqa: ANN401 # a value of any field
    """Return a value of any field as people write it."""
    if value is None or value in ("", (), frozenset()):
        return "none"
    match value:
        case bool():
            return "on" if value else "off"
        case Route() | TransitGatewayRoute():
            return value.written
        case NetworkAclEntry():
            return write_entry(value, "allows" if value.allow else "denies")
        case tuple() | frozenset():
            return ", ".join(sorted(map(write_value, value)))
        case _:
            return _write_fields(value) if is_dataclass(value) else str(value)


def _write_fields(value: Any) -> str:  # noqa: ANN401 # any dataclass
    """Return a value as its first field, and the others that are not as they are by default."""
    first, *others = fields(value)
    more = [
        f"{singular(item.name)} {write_value(found)}"
        for item in others
        if (found := getattr(value, item.name)) not in (None, "", (), frozenset(), item.default)
    ]
    return ", ".join([write_value(getattr(value, first.name)), *more])
