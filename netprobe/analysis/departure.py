"""What must hold before a packet leaves: a record, an address of the family, a resolver."""

from __future__ import annotations

from netprobe.analysis.link_local import no_resolver
from netprobe.analysis.name_resolution import find_api
from netprobe.analysis.places import Origin
from netprobe.analysis.usable import check_usable
from netprobe.analysis.walk import Walk
from netprobe.model.addresses import Family, family_of
from netprobe.model.trace import Blocker, Component, Half, Hop, Reason, Resolution

READ_SUBNETS = "ec2:DescribeSubnets"


def check_name(walk: Walk) -> None:
    """Block when the name has no record of the family, or none that leads to what is meant."""
    resolution = walk.resolution
    if resolution is None:
        return
    for call in resolution.unread:
        walk.lack(call, Component.RESOLVER, walk.flow.source.vpc_id, Half.REQUEST)
    if resolution.lacks_record:
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


def depart(walk: Walk, origin: Origin) -> None:
    """Block when the source cannot send, or not in the flow's address family.

    A function speaks IPv6 only with ``Ipv6AllowedForDualStack`` and in a subnet with a block:
    https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
    """
    if origin.start is not None:
        walk.request_hops.append(origin.start)
        return
    before = len(walk.blockers), len(walk.warnings)
    _check_source(walk)
    if len(walk.blockers) == before[0]:
        start = _start(walk)
        walk.meet(start)
        if len(walk.warnings) == before[1]:
            origin.start = start


def _check_source(walk: Walk) -> None:
    source, subnet_id = walk.flow.source, walk.flow.source.subnet_id
    family = walk.flow.family
    if source.interface_id is not None and source.function_name is None:
        _check_interface(walk, source.interface_id)
    elif family is Family.IPV6 and not source.ipv6_allowed and _counts(walk):
        detail = f"{_who(walk)} may not use IPv6: Ipv6AllowedForDualStack is off"
        _block(walk, Component.FUNCTION, Reason.IPV6_NOT_ALLOWED, detail)
    if walk.subnet is None:
        walk.lack(READ_SUBNETS, Component.SUBNET, subnet_id, Half.REQUEST)
    elif family is Family.IPV6 and not walk.subnet.ipv6_blocks:
        detail = f"{subnet_id} has no IPv6 block, so nothing in it has an IPv6 address"
        _block(walk, Component.SUBNET, Reason.NO_IPV6_BLOCK, detail)
    elif family is Family.IPV4 and walk.subnet.ipv4_cidr is None:
        detail = f"{subnet_id} has no IPv4 block, so nothing in it has an IPv4 address"
        _block(walk, Component.SUBNET, Reason.NO_IPV4_BLOCK, detail)


def _check_interface(walk: Walk, interface_id: str) -> None:
    """Block when the interface cannot send, or has no address of the family."""
    interface = walk.interface
    if interface is None:
        return
    check_usable(walk, interface, Half.REQUEST)
    speaks = any(family_of(item) is walk.flow.family for item in interface.addresses)
    if interface.addresses and not speaks and not walk.known_address:
        detail = f"{interface_id} has no {walk.flow.family.label} address"
        _block(walk, Component.NETWORK_INTERFACE, Reason.NO_SOURCE_ADDRESS, detail)


def _counts(walk: Walk) -> bool:
    """Tell whether the flag is a fault of its own: without a block only a function's is."""
    has_block = walk.subnet is None or bool(walk.subnet.ipv6_blocks)
    return has_block or walk.flow.source.function_name is not None


def _who(walk: Walk) -> str:
    return walk.flow.source.function_name or walk.flow.source.id


def _start(walk: Walk) -> Hop:
    source = walk.flow.source
    if source.function_name is not None:
        return walk.fabric.hop(Component.FUNCTION, source.function_name)
    if source.interface_id is not None:
        return walk.fabric.hop(Component.NETWORK_INTERFACE, source.interface_id)
    return walk.fabric.hop(Component.SUBNET, source.subnet_id)


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
        return no_resolver(vpc)
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
