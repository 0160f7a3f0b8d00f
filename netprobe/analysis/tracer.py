"""Walks a flow there and back, past the first block to the last.

Theory of operation. A flow has two halves. The request leaves the source (its own ability to
speak the family, the egress side of its security groups, its subnet's network ACL, its route
table), passes what the winning route leads to, and enters the far end. What the reply will meet
is noted on the way (``Walk.way_back``), and the reply then meets it in reverse. Security groups
keep state, so they judge requests only; network ACLs keep none, so they judge both halves;
gateways let replies back in.

Three rules hold everywhere. A block never ends the walk: it goes on as if the packet had passed,
so that two faults on one path give two blockers. What could not be read is never taken for
absent: it makes the answer unknown, unless something that was read blocks anyway. And the walk
has no opinion about what it does not follow: such a flow has left the view.
"""

from __future__ import annotations

from netprobe.analysis.delivery import deliver
from netprobe.analysis.departure import asks_resolver, check_name, depart, reach_resolver
from netprobe.analysis.endpoints import pass_endpoint_route
from netprobe.analysis.gateways import pass_egress_only_gateway, pass_internet_gateway
from netprobe.analysis.name_doubts import block_first, judge_resolvers, settle
from netprobe.analysis.name_resolution import resolve
from netprobe.analysis.nat_gateways import pass_nat_gateway
from netprobe.analysis.network_acls import cross_acl
from netprobe.analysis.places import Destination, holds, locate_destination, locate_origin
from netprobe.analysis.routing import READ_TABLES, decide_route, effective_route_table
from netprobe.analysis.security_groups import Peer, pass_egress
from netprobe.analysis.stand_ins import stand_in, warn_of_other_routes
from netprobe.analysis.walk import Crossing, Walk
from netprobe.model.addresses import Address, Family
from netprobe.model.flow import TCP, Flow, Source
from netprobe.model.resources import Route, RouteState, RouteTable, TargetKind
from netprobe.model.snapshot import Snapshot
from netprobe.model.trace import Blocker, Component, Half, Hop, Reason, Resolution, Trace

_PASSAGES = {
    TargetKind.INTERNET_GATEWAY: pass_internet_gateway,
    TargetKind.EGRESS_ONLY_INTERNET_GATEWAY: pass_egress_only_gateway,
    TargetKind.NAT_GATEWAY: pass_nat_gateway,
    TargetKind.VPC_ENDPOINT: pass_endpoint_route,
}
"""What a route's target does; a target that is not here leaves the view."""

_WALKED_WHEN_DEAD = {TargetKind.INTERNET_GATEWAY, TargetKind.EGRESS_ONLY_INTERNET_GATEWAY}
"""Behind a blackhole to these there is more to find: what they demand of the source."""


def trace_name(  # noqa: PLR0913 # the seven facts of a question; a value for them would only be unpacked here
    snapshot: Snapshot,
    source: Source,
    name_or_address: str,
    family: Family,
    *,
    port: int,
    protocol: int = TCP,
    observed: tuple[Address, ...] = (),
) -> Trace:
    """Resolve a name as the source's VPC would, and trace to the address it would get.

    Where there is no record, or its address is not known, the walk goes on to an address that
    stands for it, so that what blocks behind the name is found too.
    """
    resolution = resolve(snapshot, source.vpc_id, name_or_address, family, observed)
    if resolution.addresses:
        destination = resolution.addresses[0]
    else:
        resolution, destination = stand_in(snapshot, source, resolution, observed)
    flow = Flow(source=source, destination=destination, protocol=protocol, port=port)
    trace = settle(trace_flow(snapshot, flow, resolution))
    if resolution.is_certain:
        return trace
    silent = judge_resolvers(snapshot, source, lambda asked: trace_flow(snapshot, asked))
    return block_first(trace, silent) if silent else trace


def trace_flow(snapshot: Snapshot, flow: Flow, resolution: Resolution | None = None) -> Trace:
    """Walk a flow there and back and return everything it meets."""
    origin = locate_origin(snapshot, flow.source, flow.destination)
    walk = Walk(
        snapshot=snapshot,
        flow=flow,
        subnet=origin.subnet,
        interface=origin.interface,
        address=origin.address,
        resolution=resolution,
    )
    check_name(walk)
    depart(walk)
    if asks_resolver(walk):
        reach_resolver(walk)
    else:
        vpc_id = flow.source.vpc_id
        _go(walk, locate_destination(snapshot, vpc_id, flow.destination, resolution))
    _return(walk)
    return walk.finish()


def _go(walk: Walk, destination: Destination) -> None:
    """Walk the request from the source's groups to the far end.

    Traffic inside one subnet meets neither network ACLs nor route tables:
    https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html
    """
    groups = destination.group_ids
    peer = Peer(
        address=walk.flow.destination,
        group_ids=None if groups is None else frozenset(groups),
        assumed=walk.assumed,
    )
    pass_egress(walk, peer)
    if walk.subnet is not None and holds(walk.subnet, walk.flow.destination):
        deliver(walk, destination)
        return
    subnet_id, remote = walk.flow.source.subnet_id, walk.flow.destination
    cross_acl(walk, Crossing(subnet_id=subnet_id, egress=True, remote=remote), Half.REQUEST)
    walk.way_back.append(Crossing(subnet_id=subnet_id, egress=False, remote=remote))
    table = effective_route_table(walk.snapshot, subnet_id)
    if table is None:
        walk.lack(READ_TABLES, Component.ROUTE_TABLE, subnet_id, Half.REQUEST)
        return
    choice = decide_route(walk, table)
    if choice is not None:
        _take(walk, table, choice.route, destination)


def _take(walk: Walk, table: RouteTable, route: Route | None, destination: Destination) -> None:
    """Follow the chosen route."""
    warn_of_other_routes(walk, table)
    if route is None:
        _block_at_table(walk, table, Reason.NO_ROUTE, None)
        return
    hop = Hop(
        component=Component.ROUTE_TABLE,
        resource_id=table.route_table_id,
        entry=route.written,
        detail="the VPC's main route table" if table.main else "",
    )
    if route.state is RouteState.ACTIVE:
        walk.meet(hop)
    else:
        _block_at_table(walk, table, Reason.BLACKHOLE_ROUTE, route)
        if route.target not in _WALKED_WHEN_DEAD:
            return
    if route.target is TargetKind.LOCAL:
        deliver(walk, destination)
    else:
        _PASSAGES.get(route.target, Walk.leave_view)(walk, route)


def _block_at_table(walk: Walk, table: RouteTable, reason: Reason, route: Route | None) -> None:
    destination = walk.flow.destination
    main = ", the VPC's main route table," if table.main else ""
    found = (
        f"sends it to {route.target_id}, a route in state {route.state}"
        if route
        else "has no route to it"
    )
    near_misses = tuple(
        f"{item.written} is for the other address family"
        for item in table.routes
        if item.destination is not None
        and item.destination.version != destination.version
        and item.destination.prefixlen == 0
    )
    walk.block(
        Blocker(
            component=Component.ROUTE_TABLE,
            resource_id=table.route_table_id,
            half=Half.REQUEST,
            reason=reason,
            entry=route.written if route else None,
            detail=f"{destination} goes nowhere: {table.route_table_id}{main} {found}",
            near_misses=() if route else near_misses,
            subnet_id=walk.flow.source.subnet_id,
        )
    )


def _return(walk: Walk) -> None:
    """Walk the reply back through what the request met, in reverse."""
    for item in reversed(walk.way_back):
        if isinstance(item, Crossing):
            cross_acl(walk, item, Half.REPLY)
        else:
            walk.meet(item, Half.REPLY)
