"""What must hold before a packet leaves: a record, an address of the family, a resolver."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address

from netprobe.analysis.name_resolution import READ_ATTRIBUTE, READ_VPCS, find_api
from netprobe.analysis.walk import Walk
from netprobe.model.addresses import Address, Family
from netprobe.model.resources import Vpc
from netprobe.model.trace import Blocker, Component, Half, Hop, Reason, Resolution

READ_SUBNETS = "ec2:DescribeSubnets"

DNS_PORT = 53
_RESOLVERS: frozenset[Address] = frozenset(
    {IPv4Address("169.254.169.253"), IPv6Address("fd00:ec2::253")}
)
"""The Amazon resolver, with the VPC's base address plus two.

https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html
"""


def check_name(walk: Walk) -> None:
    """Block when the name has no record of the family, or none that leads to what is meant."""
    resolution = walk.resolution
    if resolution is None:
        return
    for call in resolution.unread:
        walk.lack(call, Component.RESOLVER, walk.flow.source.vpc_id, Half.REQUEST)
    if resolution.exists is False:
        walk.block(_missing_record(walk, resolution))
    api = find_api(walk.snapshot, resolution.canonical) if resolution.unserved else None
    if api is not None:
        walk.block(
            Blocker(
                component=Component.API,
                resource_id=api.api_id,
                half=Half.REQUEST,
                reason=Reason.API_IS_PRIVATE,
                detail=resolution.detail,
            )
        )


def depart(walk: Walk) -> None:
    """Block when the source cannot speak the flow's address family.

    A function speaks IPv6 only with ``Ipv6AllowedForDualStack`` and in a subnet with a block:
    https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
    """
    source = walk.flow.source
    before = len(walk.blockers)
    if walk.flow.family is Family.IPV6 and not source.ipv6_allowed and _counts(walk):
        detail = f"{_who(walk)} may not use IPv6: Ipv6AllowedForDualStack is off"
        _block(walk, Component.FUNCTION, Reason.IPV6_NOT_ALLOWED, detail)
    if walk.subnet is None:
        walk.lack(READ_SUBNETS, Component.SUBNET, source.subnet_id, Half.REQUEST)
    elif walk.flow.family is Family.IPV6 and not walk.subnet.ipv6_blocks:
        detail = f"{source.subnet_id} has no IPv6 block, so nothing in it has an IPv6 address"
        _block(walk, Component.SUBNET, Reason.NO_IPV6_BLOCK, detail)
    elif walk.flow.family is Family.IPV4 and walk.subnet.ipv4_cidr is None:
        detail = f"{source.subnet_id} has no IPv4 block, so nothing in it has an IPv4 address"
        _block(walk, Component.SUBNET, Reason.NO_IPV4_BLOCK, detail)
    if len(walk.blockers) == before:
        walk.meet(_start(walk))


def asks_resolver(walk: Walk) -> bool:
    """Tell whether the flow is a question to the VPC's own resolver.

    Neither routes nor security groups nor network ACLs apply to it:
    https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html
    """
    destination = walk.flow.destination
    if walk.flow.port != DNS_PORT:
        return False
    vpc = walk.snapshot.vpc(walk.flow.source.vpc_id)
    primary = vpc.ipv4_cidrs[0] if vpc and vpc.ipv4_cidrs else None
    return destination in _RESOLVERS or (
        primary is not None
        and primary.num_addresses > 2  # noqa: PLR2004 # the resolver is at the base plus two
        and destination == primary.network_address + 2
    )


def reach_resolver(walk: Walk) -> None:
    """Meet the Amazon resolver, which answers when ``enableDnsSupport`` is on."""
    vpc = walk.snapshot.vpc(walk.flow.source.vpc_id)
    hop = Hop(component=Component.RESOLVER, resource_id=walk.flow.source.vpc_id)
    if vpc is None or vpc.enable_dns_support is None:
        call = READ_VPCS if vpc is None else READ_ATTRIBUTE
        walk.lack(call, Component.RESOLVER, walk.flow.source.vpc_id, Half.REQUEST)
    elif not vpc.enable_dns_support:
        walk.block(_no_resolver(vpc))
    else:
        walk.meet(hop)
        walk.way_back.append(hop)


def _counts(walk: Walk) -> bool:
    """Tell whether the flag is a fault of its own: without a block only a function's is."""
    has_block = walk.subnet is None or bool(walk.subnet.ipv6_blocks)
    return has_block or walk.flow.source.function_name is not None


def _who(walk: Walk) -> str:
    return walk.flow.source.function_name or walk.flow.source.id


def _start(walk: Walk) -> Hop:
    source = walk.flow.source
    if source.function_name is not None:
        return Hop(component=Component.FUNCTION, resource_id=source.function_name)
    if source.interface_id is not None:
        return Hop(component=Component.NETWORK_INTERFACE, resource_id=source.interface_id)
    return Hop(component=Component.SUBNET, resource_id=source.subnet_id)


def _block(walk: Walk, component: Component, reason: Reason, detail: str) -> None:
    subnet_id = walk.flow.source.subnet_id
    walk.block(
        Blocker(
            component=component,
            resource_id=subnet_id if component is Component.SUBNET else _who(walk),
            half=Half.REQUEST,
            reason=reason,
            detail=detail,
            subnet_id=subnet_id,
        )
    )


def _missing_record(walk: Walk, resolution: Resolution) -> Blocker:
    vpc = walk.snapshot.vpc(walk.flow.source.vpc_id)
    if resolution.origin == "none" and vpc is not None:
        return _no_resolver(vpc)
    if resolution.origin == "dns-firewall":
        return Blocker(
            component=Component.RESOLVER,
            resource_id=resolution.authority_id or walk.flow.source.vpc_id,
            half=Half.REQUEST,
            reason=Reason.DNS_FIREWALL,
            detail=resolution.detail,
        )
    api = None if resolution.endpoint_id else find_api(walk.snapshot, resolution.canonical)
    record = "A" if resolution.family is Family.IPV4 else "AAAA"
    detail = f"{resolution.name} has no {record} record here"
    return Blocker(
        component=Component.API if api else Component.RESOLVER,
        resource_id=api.api_id if api else resolution.endpoint_id or resolution.name,
        half=Half.REQUEST,
        reason=Reason.NO_ADDRESS_RECORD,
        detail=f"{detail}: {resolution.detail}" if resolution.detail else detail,
    )


def _no_resolver(vpc: Vpc) -> Blocker:
    return Blocker(
        component=Component.RESOLVER,
        resource_id=vpc.vpc_id,
        half=Half.REQUEST,
        reason=Reason.NO_RESOLVER,
        entry="enableDnsSupport = false",
        detail=f"the Amazon resolver of {vpc.vpc_id} is off and no other one is set",
    )
