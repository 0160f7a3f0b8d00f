"""What would take a blocker away: for each reason, the changes known to remove it.

A proposal need not work: the flow is traced again after it, and only what the trace then says
counts. Each is one alternative, the most modest first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from netprobe.analysis.routing import effective_route_table
from netprobe.fixes import ipv6, neighbours
from netprobe.fixes.allowing import allow_in_acl, allow_in_group
from netprobe.fixes.routes import Exit, public_tables, set_route
from netprobe.model.changes import (
    AttachInternetGateway,
    Change,
    EnableDns,
    MakeApiDualStack,
    SetPrivateDns,
    SetRoute,
    UseRouteTable,
)
from netprobe.model.finding import PathKey
from netprobe.model.flow import Source
from netprobe.model.report import Target
from netprobe.model.resources import RouteTable, TargetKind
from netprobe.model.snapshot import Snapshot
from netprobe.model.trace import Blocker, Reason, Trace

Set = tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One thing that stops one path, in the configuration as it is by now."""

    snapshot: Snapshot
    key: PathKey
    source: Source
    target: Target
    trace: Trace
    blocker: Blocker | None = None
    """None where the packets pass, to the wrong far end."""
    siblings: tuple[str, ...] = ()
    """Subnets from which the same target is reached in the same family."""

    @property
    def stopped_at(self) -> str:
        """Return the id of what blocks."""
        return self.blocker.resource_id if self.blocker else ""


Opener = Callable[[Block], "Set | None"]
"""What a strategy does where there is no usable route; None where it has nothing to add."""


def propose(block: Block, opener: Opener | None) -> Iterator[Set]:
    """Yield the alternatives that may take the blocker away."""
    if block.blocker is None:
        yield from _release_name(block)
        return
    if block.blocker.reason in _ROUTES and opener is not None:
        found = opener(block)
        if found:
            yield found
    for remedy in _REMEDIES.get(block.blocker.reason, ()):
        yield from filter(None, remedy(block))


def _release_name(block: Block) -> Iterator[Set]:
    """Yield what takes a name back from an endpoint that cannot serve it.

    https://repost.aws/knowledge-center/api-gateway-vpc-connections
    """
    resolution = block.trace.resolution
    if resolution is not None and resolution.captured and resolution.endpoint_id:
        yield (SetPrivateDns(vpc_endpoint_id=resolution.endpoint_id, enabled=False),)


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


def _attach(block: Block) -> Iterator[Set]:
    """Yield the attachment of a detached internet gateway, if the VPC has no other."""
    gateway_id = block.stopped_at
    gateway = block.snapshot.internet_gateway(gateway_id)
    vpc_id = block.source.vpc_id
    others = any(
        vpc_id in item.attached_vpc_ids and not item.egress_only
        for item in block.snapshot.internet_gateways
    )
    if gateway is not None and not gateway.attached_vpc_ids and not others:
        yield (AttachInternetGateway(gateway_id=gateway_id, vpc_id=vpc_id),)


def _follow_sibling(block: Block) -> Iterator[Set]:
    """Yield the table of another subnet of the source's kind that reaches the target.

    "Subnet route tables": https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html
    """
    snapshot, subnet_id = block.snapshot, block.source.subnet_id
    own = effective_route_table(snapshot, subnet_id)
    explicit = snapshot.associated_route_table(subnet_id)
    tables = (effective_route_table(snapshot, item) for item in block.siblings)
    for table_id in dict.fromkeys(item.route_table_id for item in tables if item):
        if own is not None and table_id != own.route_table_id:
            yield (
                UseRouteTable(
                    subnet_id=subnet_id,
                    route_table_id=table_id,
                    replaces=explicit.route_table_id if explicit else None,
                ),
            )


def _let_nat_out(block: Block) -> Iterator[Set]:
    """Yield ways to give a NAT gateway's own subnet a route to the internet gateway.

    https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-troubleshooting.html
    """
    snapshot = block.snapshot
    nat = snapshot.nat_gateway(block.stopped_at)
    if nat is None or nat.subnet_id is None:
        return
    explicit = snapshot.associated_route_table(nat.subnet_id)
    for table, _ in public_tables(snapshot, nat.vpc_id):
        yield (
            UseRouteTable(
                subnet_id=nat.subnet_id,
                route_table_id=table.route_table_id,
                replaces=explicit.route_table_id if explicit else None,
            ),
        )
    own = effective_route_table(snapshot, nat.subnet_id)
    gateway = next(
        (
            item.gateway_id
            for item in snapshot.internet_gateways
            if nat.vpc_id in item.attached_vpc_ids and not item.egress_only
        ),
        None,
    )
    source_table = effective_route_table(snapshot, block.source.subnet_id)
    if gateway is None:
        yield from _attach_any(snapshot, nat.vpc_id, own)
    if own is None or gateway is None or own == source_table:
        return
    destination = block.trace.flow.family.everything
    yield (
        SetRoute(
            route_table_id=own.route_table_id,
            destination=destination,
            target=TargetKind.INTERNET_GATEWAY,
            target_id=gateway,
            replaces=any(item.destination == destination for item in own.routes),
        ),
    )


def _attach_any(snapshot: Snapshot, vpc_id: str, table: RouteTable | None) -> Iterator[Set]:
    """Yield the attachment of an internet gateway that a table leads to in vain."""
    for route in table.routes if table else ():
        gateway = snapshot.internet_gateway(route.target_id)
        if gateway is not None and not gateway.attached_vpc_ids and not gateway.egress_only:
            yield (AttachInternetGateway(gateway_id=gateway.gateway_id, vpc_id=vpc_id),)


def _switch_private_dns_on(block: Block) -> Iterator[Set]:
    """Yield private DNS of an endpoint that could serve a private API.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-apis.html
    """
    for item in block.snapshot.vpc_endpoints:
        serves = item.service_name.endswith(".execute-api") and item.endpoint_type == "Interface"
        if serves and item.vpc_id == block.source.vpc_id and not item.private_dns_enabled:
            yield (SetPrivateDns(vpc_endpoint_id=item.vpc_endpoint_id, enabled=True),)


def _peer_over(block: Block) -> Iterator[Set]:
    yield neighbours.route_to_peer(block.snapshot, block.source, block.trace)


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
    Reason.NO_ADDRESS_RECORD: (_make_dual_stack,),
    Reason.NO_RESOLVER: (_enable_dns,),
    Reason.GATEWAY_DETACHED: (_attach,),
    Reason.BLACKHOLE_ROUTE: (_follow_sibling, _attach),
    Reason.NO_ROUTE: (_follow_sibling, _peer_over),
    Reason.NO_PUBLIC_IPV4: (_follow_sibling,),
    Reason.NAT_WITHOUT_INTERNET: (_let_nat_out,),
    Reason.REPLY_ELSEWHERE: (_peer_back,),
    Reason.API_IS_PRIVATE: (_switch_private_dns_on,),
}
