"""As whom a policy sees a caller of this VPC: the condition keys a request has, as far as known.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

from ipaddress import IPv6Address, ip_network

from netprobe.diagnosis.iam_conditions import Fact
from netprobe.model.addresses import Address, Family, Network
from netprobe.model.flow import Source
from netprobe.model.report import Target
from netprobe.model.resources import NatGateway, RouteState, TargetKind, VpcEndpoint
from netprobe.model.snapshot import Snapshot
from netprobe.model.trace import Component, Trace

_GATEWAYS = frozenset({Component.INTERNET_GATEWAY, Component.EGRESS_ONLY_INTERNET_GATEWAY})


def facts_from_internet(
    snapshot: Snapshot, source: Source, target: Target, trace: Trace
) -> dict[str, Fact]:
    """Return the keys of a request that comes to AWS over a public address."""
    facts: dict[str, Fact] = {
        "aws:sourcevpc": None,
        "aws:sourcevpce": None,
        "aws:vpcsourceip": None,
        "aws:securetransport": str(target.tls).lower(),
    }
    networks = public_sources(snapshot, source, trace)
    return facts | ({"aws:sourceip": networks} if networks else {})


def facts_through_endpoint(
    snapshot: Snapshot, source: Source, target: Target, endpoint: VpcEndpoint
) -> dict[str, Fact]:
    """Return the keys of a request through an endpoint, which has no ``aws:SourceIp``.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies-vpc-endpoint.html
    """
    facts: dict[str, Fact] = {
        "aws:sourcevpc": endpoint.vpc_id,
        "aws:sourcevpce": endpoint.vpc_endpoint_id,
        "aws:sourceip": None,
        "aws:securetransport": str(target.tls).lower(),
    }
    subnet = snapshot.subnet(source.subnet_id)
    cidr = subnet.ipv4_cidr if subnet else None
    return facts | ({"aws:vpcsourceip": (cidr,)} if cidr else {})


def endpoint_on(snapshot: Snapshot, trace: Trace | None) -> VpcEndpoint | None:
    """Return the gateway or interface endpoint that a request ends at, None without one."""
    hops = trace.request.hops if trace else ()
    found = [item.resource_id for item in hops if item.component is Component.VPC_ENDPOINT]
    endpoint = snapshot.vpc_endpoint(found[-1]) if found else None
    carries = endpoint is not None and endpoint.endpoint_type in {"Gateway", "Interface"}
    return endpoint if carries else None


def public_sources(snapshot: Snapshot, source: Source, trace: Trace) -> tuple[Network, ...]:
    """Return the networks the public source address lies in, empty where it is not known.

    A NAT gateway's own addresses; over IPv6 the interface's, which is one of its subnet's:
    https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html
    """
    nat = _nat_on(snapshot, source, trace)
    if nat is not None:
        return _hosts(nat.public_addresses)
    components = {hop.component for hop in trace.request.hops}
    if trace.flow.family is Family.IPV6 and components & _GATEWAYS:
        known = [item for item in source.addresses if isinstance(item, IPv6Address)]
        subnet = snapshot.subnet(source.subnet_id)
        blocks = tuple(block.cidr for block in subnet.ipv6_blocks) if subnet else ()
        return _hosts(tuple(known[:1])) or blocks
    return ()


def _nat_on(snapshot: Snapshot, source: Source, trace: Trace) -> NatGateway | None:
    """Return the NAT gateway a request leaves by; where a captured name hides it, the route's."""
    for hop in trace.request.hops:
        if hop.component is Component.NAT_GATEWAY:
            return snapshot.nat_gateway(hop.resource_id)
    captured = trace.resolution is not None and trace.resolution.captured
    if not captured or trace.flow.family is not Family.IPV4:
        return None
    table = snapshot.associated_route_table(source.subnet_id)
    table = table or snapshot.main_route_table(source.vpc_id)
    default = ip_network("0.0.0.0/0")
    for route in table.routes if table else ():
        is_nat = route.target is TargetKind.NAT_GATEWAY and route.state is RouteState.ACTIVE
        if route.destination == default and is_nat:
            return snapshot.nat_gateway(route.target_id)
    return None


def _hosts(addresses: tuple[Address, ...]) -> tuple[Network, ...]:
    return tuple(ip_network(item) for item in addresses)
