"""What would take a blocker away: for each reason, the changes known to remove it.

A proposal need not work: the flow is traced again after it, and only what the trace then says
counts. Each is one alternative, the most modest first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from netprobe.analysis.resolvers import resolver_flows
from netprobe.analysis.tracer import Tracer
from netprobe.fixes import ipv6, mending, names, neighbours
from netprobe.fixes.allowing import allow_in_acl, allow_in_group
from netprobe.fixes.apply import apply_all
from netprobe.fixes.block import Block, Opener, Set
from netprobe.fixes.routes import Exit, lead_nat64, set_route
from netprobe.model.addresses import Family
from netprobe.model.changes import (
    Change,
    EnableDns,
    MakeApiDualStack,
    SetPrivateDns,
)
from netprobe.model.flow import TCP, UDP, Flow
from netprobe.model.resources import BlockMode
from netprobe.model.trace import Component, Disposition, Reason, Trace


def propose(block: Block, opener: Opener | None) -> Iterator[Set]:
    """Yield the alternatives that may take the blocker away."""
    if block.blocker is None:
        yield from names.release(block)
        if opener is not None and _is_lost_in_a_hub(block.trace):
            yield from filter(None, (opener(block),))
        return
    if opener is not None and _may_lead_round(block, block.blocker.reason):
        found = opener(block)
        if found:
            yield found
    for remedy in _REMEDIES.get(block.blocker.reason, ()):
        yield from filter(None, remedy(block))


def _is_lost_in_a_hub(trace: Trace) -> bool:
    """Tell whether packets go to a hub of others, which may as well be left aside."""
    last = trace.request.hops[-1:]
    hubs = {Component.TRANSIT_GATEWAY, Component.TRANSIT_GATEWAY_ATTACHMENT}
    away = trace.disposition is Disposition.LEFT_VIEW
    return away and any(item.component in hubs for item in last)


def _may_lead_round(block: Block, reason: Reason) -> bool:
    """Tell whether another route may lead round the blocker.

    Block Public Access of ingress alone leaves egress-only internet gateways alone:
    https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa-basics.html
    """
    ingress = any(
        item.mode is BlockMode.BLOCK_INGRESS for item in block.snapshot.block_public_access
    )
    ipv6 = block.key.family is Family.IPV6
    return reason in _ROUTES or (reason is Reason.BLOCK_PUBLIC_ACCESS and ingress and ipv6)


def lead_to(way: Exit) -> Opener:
    """Return the opener that sends flows without a usable route to an exit."""
    return lambda block: set_route(block.snapshot, block.trace, block.source.subnet_id, way)


def _allow_in_group(block: Block) -> Iterator[Set]:
    found = block.blocker and allow_in_group(block.snapshot, block.trace, block.blocker)
    if found:
        yield (found,)


def _allow_in_acl(block: Block) -> Iterator[Set]:
    found = block.blocker and allow_in_acl(block.snapshot, block.trace, block.blocker)
    if found:
        yield (found,)


def _give_blocks(block: Block) -> Iterator[Set]:
    yield ipv6.give_blocks(block.snapshot, block.source) or ()


def _allow_function(block: Block) -> Iterator[Set]:
    yield ipv6.allow_function(block.snapshot, block.source) or ()


def _make_dual_stack(block: Block) -> Iterator[Set]:
    """Yield the API's address type, where the name has no AAAA record for lack of it.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-ip-address-type.html
    """
    api = block.snapshot.api(block.target.api_id or "")
    resolution = block.trace.resolution
    ours = resolution is not None and resolution.origin in {"public", "observed"}
    if api is not None and ours and not api.is_private and api.ip_address_type != "dualstack":
        yield (MakeApiDualStack(api_id=api.api_id, kind=api.kind),)


def _enable_dns(block: Block) -> Iterator[Set]:
    """Yield the VPC's own resolver.

    https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html
    """
    vpc = block.snapshot.vpc(block.source.vpc_id)
    if vpc is not None and vpc.enable_dns_support is False:
        yield (EnableDns(vpc_id=vpc.vpc_id),)


def _reach_resolver(block: Block) -> Iterator[Set]:
    """Yield what lets one of the VPC's own resolvers be asked: it is traffic like any other."""
    flows = resolver_flows(block.snapshot, block.source)
    for flow in flows:
        if flow.protocol == UDP:
            asked = _open_flow(block, flow)
            then = replace(block, snapshot=apply_all(block.snapshot, asked))
            retried = _open_flow(then, replace(flow, protocol=TCP))  # long answers
            yield tuple(dict.fromkeys((*asked, *retried))) if asked else ()


def _open_flow(block: Block, flow: Flow) -> Set:
    """Return the changes that take away what blocks a flow at first, nothing where one stays."""
    trace = Tracer(block.snapshot).trace(flow)
    made: list[Change] = []
    for blocker in trace.blockers:
        inner = replace(
            block, snapshot=apply_all(block.snapshot, made), trace=trace, blocker=blocker
        )
        found = next(propose(inner, None), None)
        if found is None:
            return ()
        made.extend(item for item in found if item not in made)
    return tuple(made)


def _switch_private_dns_on(block: Block) -> Iterator[Set]:
    """Yield private DNS of an endpoint that could serve a private API.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-apis.html
    """
    for item in block.snapshot.vpc_endpoints:
        serves = item.service_name.endswith(".execute-api") and item.endpoint_type == "Interface"
        if serves and item.vpc_id == block.source.vpc_id and not item.private_dns_enabled:
            yield (SetPrivateDns(vpc_endpoint_id=item.vpc_endpoint_id, enabled=True),)


def _lead_nat64(block: Block) -> Iterator[Set]:
    yield lead_nat64(block.snapshot, block.source, block.trace)


def _peer_over(block: Block) -> Iterator[Set]:
    yield neighbours.route_to_peer(block.snapshot, block.source, block.trace)
    yield neighbours.route_to_transit(block.snapshot, block.source, block.trace)


def _peer_back(block: Block) -> Iterator[Set]:
    yield neighbours.route_back(block.snapshot, block.source, block.trace, block.stopped_at)


_ROUTES = frozenset(
    {
        Reason.NO_ROUTE,
        Reason.BLACKHOLE_ROUTE,
        Reason.NO_PUBLIC_IPV4,
        Reason.GATEWAY_DETACHED,
        Reason.NAT_WITHOUT_INTERNET,
        Reason.NAT_NOT_AVAILABLE,
        Reason.NAT_PRIVATE,
        Reason.NAT_PROTOCOL,
        Reason.ZONE_NOT_SERVED,
        Reason.NO_ATTACHMENT,
        Reason.NO_ATTACHMENT_IN_ZONE,
        Reason.ATTACHMENT_NOT_AVAILABLE,
        Reason.NOT_ASSOCIATED,
        Reason.PEERING_NOT_ACTIVE,
        Reason.NOT_IN_PEER_VPC,
        Reason.API_IS_PRIVATE,
    }
)
"""Where another route, or an endpoint, leads round the blocker."""

Remedy = Callable[[Block], Iterator[Set]]
_REMEDIES: dict[Reason, tuple[Remedy, ...]] = {
    Reason.EGRESS_NOT_ALLOWED: (_allow_in_group,),
    Reason.INGRESS_NOT_ALLOWED: (_allow_in_group,),
    Reason.ENTRY_DENIES: (_allow_in_acl,),
    Reason.NO_ENTRY_ALLOWS: (_allow_in_acl,),
    Reason.NO_IPV6_BLOCK: (_give_blocks,),
    Reason.IPV6_NOT_ALLOWED: (_allow_function,),
    Reason.NO_ADDRESS_RECORD: (_make_dual_stack, names.release),
    Reason.NO_RESOLVER: (_enable_dns, _reach_resolver),
    Reason.GATEWAY_DETACHED: (mending.attach, mending.unswallow),
    Reason.BLACKHOLE_ROUTE: (
        mending.follow_sibling,
        mending.attach,
        mending.unswallow,
        _peer_over,
        names.leave_zone,
    ),
    Reason.NO_ROUTE: (
        mending.follow_sibling,
        mending.associate,
        mending.unswallow,
        _peer_over,
        _lead_nat64,
        names.leave_zone,
    ),
    Reason.PRIVATE_DESTINATION: (_peer_over, _lead_nat64, names.leave_zone),
    Reason.NO_SUCH_ADDRESS: (names.leave_zone,),
    Reason.NO_PUBLIC_IPV4: (mending.follow_sibling,),
    Reason.NAT_WITHOUT_INTERNET: (mending.let_nat_out,),
    Reason.NAT_NOT_AVAILABLE: (mending.unswallow,),
    Reason.NOT_IN_PEER_VPC: (mending.unswallow,),
    Reason.PEERING_NOT_ACTIVE: (mending.unswallow,),
    Reason.NO_ATTACHMENT: (mending.unswallow,),
    Reason.NO_ATTACHMENT_IN_ZONE: (mending.serve_zone, mending.unswallow),
    Reason.ATTACHMENT_NOT_AVAILABLE: (mending.unswallow,),
    Reason.NOT_ASSOCIATED: (mending.unswallow,),
    Reason.SOURCE_DEST_CHECK: (mending.unswallow,),
    Reason.REPLY_ELSEWHERE: (_peer_back,),
    Reason.BLOCK_PUBLIC_ACCESS: (mending.exclude,),
    Reason.API_IS_PRIVATE: (_switch_private_dns_on,),
}
