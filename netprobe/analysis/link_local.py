"""Services that every interface finds at link-local addresses: names, metadata, time.

Neither routes nor security groups nor network ACLs apply to them:
https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html and
https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from netprobe.analysis.name_resolution import READ_ATTRIBUTE, READ_VPCS
from netprobe.analysis.resolvers import DNS_PORT, is_amazon_resolver
from netprobe.analysis.walk import Walk
from netprobe.model.addresses import Address, contains
from netprobe.model.resources import Vpc
from netprobe.model.trace import Blocker, Component, Half, Reason

_SERVICES: dict[Address, str] = {
    IPv4Address("169.254.169.254"): "instance metadata",
    IPv6Address("fd00:ec2::254"): "instance metadata",
    IPv4Address("169.254.169.123"): "Amazon Time Sync Service",
    IPv6Address("fd00:ec2::123"): "Amazon Time Sync Service",
    IPv4Address("169.254.170.2"): "ECS task metadata",
    IPv4Address("169.254.169.250"): "Windows activation",
    IPv4Address("169.254.169.251"): "Windows activation",
}
_NEVER_ROUTED = (IPv4Network("169.254.0.0/16"), IPv6Network("fd00:ec2::/32"))
"""No route can be for 169.254.168.0/22 or fd00:ec2::/32, and a wider one does not forward there:
https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html; the rest of the IPv4
block is never routed at all (RFC 3927)."""
_IPV4, _PREFIXES = 4, {4: (16, 0xA9FE), 6: (96, 0xFD000EC2)}


def is_link_local(walk: Walk) -> bool:
    """Tell whether the flow is for a service beside the interface, and not for the network."""
    destination = walk.flow.destination
    shift, prefix = _PREFIXES[destination.version]
    return int(destination) >> shift == prefix or (
        walk.flow.port == DNS_PORT and _is_resolver(walk)
    )


def reach_link_local(walk: Walk) -> None:
    """Meet the service at a link-local address, or nothing."""
    destination, source = walk.flow.destination, walk.flow.source
    if walk.flow.port == DNS_PORT and _is_resolver(walk):
        _reach_resolver(walk)
    elif destination in _SERVICES and source.function_name is not None:
        detail = f"whether a function finds {_SERVICES[destination]} is not documented"
        walk.doubt(_blocker(walk, Reason.NOT_MODELLED, detail))
    elif destination in _SERVICES:
        hop = walk.fabric.hop(Component.OTHER, str(destination), None, _SERVICES[destination])
        walk.meet(hop)
        walk.meet(hop, Half.REPLY)
    else:
        block = next(item for item in _NEVER_ROUTED if contains(item, destination))
        detail = f"{destination} is in {block}, where no route table forwards"
        walk.block(_blocker(walk, Reason.NO_ROUTE, detail))


def no_resolver(vpc: Vpc) -> Blocker:
    """Return the blocker for a VPC whose Amazon resolver is off."""
    return Blocker(
        component=Component.RESOLVER,
        resource_id=vpc.vpc_id,
        half=Half.REQUEST,
        reason=Reason.NO_RESOLVER,
        entry="enableDnsSupport = false",
        detail=f"the Amazon resolver of {vpc.vpc_id} is off and no other one is set",
    )


def _is_resolver(walk: Walk) -> bool:
    vpc = walk.snapshot.vpc(walk.flow.source.vpc_id)
    return is_amazon_resolver(vpc, walk.flow.destination)


def _reach_resolver(walk: Walk) -> None:
    """Meet the Amazon resolver, which answers when ``enableDnsSupport`` is on."""
    vpc_id = walk.flow.source.vpc_id
    vpc = walk.snapshot.vpc(vpc_id)
    if vpc is None or vpc.enable_dns_support is None:
        call = READ_VPCS if vpc is None else READ_ATTRIBUTE
        walk.lack(call, Component.RESOLVER, vpc_id, Half.REQUEST)
    elif not vpc.enable_dns_support:
        walk.block(no_resolver(vpc))
    else:
        hop = walk.fabric.hop(Component.RESOLVER, vpc_id)
        walk.meet(hop)
        walk.meet(hop, Half.REPLY)


def _blocker(walk: Walk, reason: Reason, detail: str) -> Blocker:
    return Blocker(
        component=Component.OTHER,
        resource_id=str(walk.flow.destination),
        half=Half.REQUEST,
        reason=reason,
        detail=detail,
        subnet_id=walk.flow.source.subnet_id,
    )
