"""AWS's JSON of security groups, network ACLs and Block Public Access as values."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from netprobe.aws.reading import (
    Json,
    flag,
    is_set,
    maybe_number,
    maybe_text,
    number,
    part,
    parts,
    stated_parts,
    text,
    wrong,
)
from netprobe.model.addresses import Network, parse_network
from netprobe.model.flow import ICMP, ICMPV6, TCP, UDP
from netprobe.model.ports import ALL_PORTS, PortSet
from netprobe.model.resources import (
    BlockMode,
    BlockPublicAccess,
    BlockPublicAccessExclusion,
    NetworkAcl,
    NetworkAclEntry,
    SecurityGroup,
    SecurityGroupRule,
)

Icmp = tuple[int, int] | None

_NUMBERS = {"tcp": TCP, "udp": UDP, "icmp": ICMP, "icmpv6": ICMPV6}
_ALL = "-1"
_HIGHEST_PROTOCOL = 255
ANY = -1
_ACTIONS = {"allow": True, "deny": False}
_ACTIVE = frozenset({"create-complete", "update-complete"})


def convert_security_group(item: Json) -> SecurityGroup:
    """Return a security group of DescribeSecurityGroups, one rule per peer."""
    return SecurityGroup(
        group_id=text(item, "GroupId"),
        vpc_id=maybe_text(item, "VpcId") or "",
        group_name=maybe_text(item, "GroupName") or "",
        ingress=tuple(_rules(parts(item, "IpPermissions"))),
        egress=tuple(_rules(parts(item, "IpPermissionsEgress"))),
    )


def _rules(permissions: list[Json]) -> Iterator[SecurityGroupRule]:
    """Yield a rule for each of the four independent peer lists of each permission."""
    for item in permissions:
        protocol = _protocol(item, "IpProtocol")
        ports, icmp = _ports(protocol, item)
        for key, cidr_key in (("IpRanges", "CidrIp"), ("Ipv6Ranges", "CidrIpv6")):
            for peer in parts(item, key):
                cidr = parse_network(text(peer, cidr_key))
                yield SecurityGroupRule(protocol=protocol, ports=ports, icmp=icmp, cidr=cidr)
        for peer in parts(item, "PrefixListIds"):
            listed = text(peer, "PrefixListId")
            yield SecurityGroupRule(
                protocol=protocol, ports=ports, icmp=icmp, prefix_list_id=listed
            )
        for peer in parts(item, "UserIdGroupPairs"):
            yield SecurityGroupRule(
                protocol=protocol,
                ports=ports,
                icmp=icmp,
                group_id=text(peer, "GroupId"),
                group_peering_id=maybe_text(peer, "VpcPeeringConnectionId"),
            )


def _protocol(item: Json, key: str) -> int | None:
    """Return the IP protocol number; None for all."""
    value = item[key]
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise wrong(key, value)
    written = str(value).lower()
    if written == _ALL:
        return None
    protocol = _NUMBERS[written] if written in _NUMBERS else int(written)
    if not 0 <= protocol <= _HIGHEST_PROTOCOL:
        raise wrong(key, value)
    return protocol


def _ports(protocol: int | None, item: Json) -> tuple[PortSet, Icmp]:
    """Return the ports of a permission and, for ICMP, its type and code.

    "For tcp, udp, and icmp, you must specify a port range. For icmpv6, the port range is
    optional; if you omit the port range, traffic for all types and codes is allowed":
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html
    So a permission that has lost its range cannot be read.
    """
    if protocol not in {TCP, UDP, ICMP, ICMPV6}:
        return ALL_PORTS, None
    low, high = maybe_number(item, "FromPort"), maybe_number(item, "ToPort")
    if protocol == ICMPV6 and low is None and high is None:
        return ALL_PORTS, (ANY, ANY)
    if low is None or high is None:
        raise wrong("ToPort" if low is not None else "FromPort", None)
    if protocol in {ICMP, ICMPV6}:
        return ALL_PORTS, (low, high)
    return (ALL_PORTS if low == high == ANY else _port_set(low, high)), None


@lru_cache(maxsize=4096)
def _port_set(low: int, high: int) -> PortSet:
    return PortSet.of(low, high)


def convert_network_acl(item: Json) -> NetworkAcl:
    """Return a network ACL of DescribeNetworkAcls.

    Every subnet is in exactly one, so without its associations or entries it cannot be read:
    https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html
    """
    entries = [_entry(entry) for entry in stated_parts(item, "Entries")]
    return NetworkAcl(
        network_acl_id=text(item, "NetworkAclId"),
        vpc_id=maybe_text(item, "VpcId") or "",
        is_default=is_set(item, "IsDefault"),
        subnet_ids=frozenset(
            text(association, "SubnetId") for association in stated_parts(item, "Associations")
        ),
        entries=tuple(sorted(entries, key=lambda entry: entry.rule_number)),
    )


def _entry(item: Json) -> NetworkAclEntry:
    protocol = _protocol(item, "Protocol")
    ports, icmp = _entry_ports(protocol, item)
    return NetworkAclEntry(
        rule_number=number(item, "RuleNumber"),
        egress=flag(item, "Egress"),
        allow=_ACTIONS[text(item, "RuleAction")],
        cidr=_entry_cidr(item),
        protocol=protocol,
        ports=ports,
        icmp=icmp,
    )


def _entry_cidr(item: Json) -> Network:
    return parse_network(maybe_text(item, "CidrBlock") or text(item, "Ipv6CidrBlock"))


def _entry_ports(protocol: int | None, item: Json) -> tuple[PortSet, Icmp]:
    """Return the ports of an entry and, for ICMP, its type and code.

    AWS requires them for tcp, udp and both ICMPs, so an entry without them cannot be read:
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNetworkAclEntry.html
    """
    if protocol in {TCP, UDP}:
        ports = part(item, "PortRange")
        return _port_set(number(ports, "From"), number(ports, "To")), None
    if protocol in {ICMP, ICMPV6}:
        icmp = part(item, "IcmpTypeCode")
        return ALL_PORTS, (number(icmp, "Type"), number(icmp, "Code"))
    return ALL_PORTS, None


def convert_block_public_access(
    options: Json, exclusions: tuple[BlockPublicAccessExclusion, ...], *, exclusions_read: bool
) -> BlockPublicAccess:
    """Return the account's VPC Block Public Access in a region."""
    return BlockPublicAccess(
        mode=BlockMode(text(options, "InternetGatewayBlockMode")),
        exclusions=exclusions,
        exclusions_read=exclusions_read,
        account=maybe_text(options, "AwsAccountId"),
        region=maybe_text(options, "AwsRegion"),
    )


def convert_exclusion(item: Json) -> BlockPublicAccessExclusion:
    """Return what VPC Block Public Access leaves alone, by the id its ARN ends in."""
    return BlockPublicAccessExclusion(
        resource_id=text(item, "ResourceArn").rpartition("/")[2],
        mode=text(item, "InternetGatewayExclusionMode"),
    )


def is_active(exclusion: Json) -> bool:
    """Tell whether an exclusion is in force."""
    return text(exclusion, "State") in _ACTIVE
