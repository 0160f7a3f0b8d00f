"""What the groups at the far end make of a flow: whose they are, and what they refer to."""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case, Hit
from netprobe.diagnosis.ways import central_endpoint
from netprobe.model.addresses import Family, is_private
from netprobe.model.report import Path
from netprobe.model.resources import NatGateway, NetworkInterface
from netprobe.model.trace import Component, Reason
from netprobe.model.workloads import LoadBalancer


def target_hits(case: Case) -> Iterator[Hit]:
    """Yield what the groups of a target's interface keep out; endpoints have faults of their own.

    A NAT instance on the way is no target, and has its own fault too.
    """
    for hit in case.hits(Reason.INGRESS_NOT_ALLOWED):
        interface = target_interface(case, hit)
        if interface is not None and not _is_endpoint(case, hit.path, interface):
            yield hit


def target_interface(case: Case, hit: Hit) -> NetworkInterface | None:
    """Return the interface that has the flow's address and the blocking group."""
    if hit.path.trace is None:
        return None
    address = hit.path.trace.flow.destination
    own = case.source(hit.path).vpc_id
    vpcs = sorted(case.snapshot.vpcs, key=lambda vpc: vpc.vpc_id != own)
    found = [case.snapshot.interface_with_public(address)]
    found += [case.snapshot.interface_at(vpc.vpc_id, address) for vpc in vpcs]
    guarded = (i for i in found if i is not None and hit.blocker.resource_id in i.group_ids)
    return next(guarded, None)


def public_balancer(case: Case, hit: Hit) -> LoadBalancer | None:
    """Return the internet-facing load balancer that the target's interface belongs to."""
    interface = target_interface(case, hit)
    host = case.target(hit.path).host.rstrip(".").lower()
    names = {host}
    if hit.path.trace is not None and hit.path.trace.resolution is not None:
        names.add(hit.path.trace.resolution.canonical.rstrip(".").lower())
    for balancer in case.snapshot.load_balancers:
        if balancer.scheme != "internet-facing":
            continue
        _, _, path = balancer.load_balancer_arn.partition(":loadbalancer/")
        owned = f"ELB {path}" if path else None
        if balancer.dns_name in names or (interface and interface.description == owned):
            return balancer
    return None


def foreign_reference(case: Case, hit: Hit) -> str | None:
    """Return the source's group that an ingress rule for the port refers to from another VPC."""
    flow = hit.path.trace.flow if hit.path.trace else None
    mine = set(case.source(hit.path).security_group_ids)
    interface = target_interface(case, hit)
    if interface is None or flow is None or interface.vpc_id == case.source(hit.path).vpc_id:
        return None
    for group in map(case.snapshot.security_group, interface.group_ids):
        for rule in group.ingress if group is not None else ():
            admits = rule.protocol in {None, flow.protocol} and flow.port in rule.ports
            if admits and rule.group_id in mine:
                return rule.group_id
    return None


def keeps_groups(case: Case, hit: Hit, group_id: str) -> bool:
    """Tell whether the group that blocks could know the source by its groups: in one VPC."""
    group = case.snapshot.security_group(group_id)
    same = group is not None and group.vpc_id == case.source(hit.path).vpc_id
    return same and nat_on(case, hit.path) is None


def seen_as(case: Case, hit: Hit) -> str:
    """Return the address or block that the target sees the source under."""
    nat = nat_on(case, hit.path)
    if nat is not None:
        inside = _is_inside(hit)
        own = nat.private_addresses if inside else nat.public_addresses
        return ", ".join(f"{item}/32" for item in own) or f"the addresses of {nat.nat_gateway_id}"
    subnet = case.snapshot.subnet(case.source(hit.path).subnet_id)
    if subnet is not None and hit.path.key.family is Family.IPV4 and subnet.ipv4_cidr:
        return str(subnet.ipv4_cidr)
    if subnet is not None and hit.path.key.family is Family.IPV6 and subnet.ipv6_blocks:
        return str(subnet.ipv6_blocks[0].cidr)
    return f"the addresses of {case.source(hit.path).subnet_id}"


def nat_on(case: Case, path: Path) -> NatGateway | None:
    """Return the NAT gateway that the request goes through."""
    hops = path.trace.request.hops if path.trace else ()
    ids = (item.resource_id for item in hops if item.component is Component.NAT_GATEWAY)
    return next(filter(None, map(case.snapshot.nat_gateway, ids)), None)


def _is_inside(hit: Hit) -> bool:
    return hit.path.trace is not None and is_private(hit.path.trace.flow.destination)


def _is_endpoint(case: Case, path: Path, interface: NetworkInterface) -> bool:
    owner = case.snapshot.endpoint_of_interface(interface.network_interface_id)
    return owner is not None or central_endpoint(case, path) is not None
