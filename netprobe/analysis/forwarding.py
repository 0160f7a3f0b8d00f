"""How a packet leaves a subnet and where its route takes it: the same for both halves."""

from __future__ import annotations

from collections.abc import Callable

from netprobe.analysis.compiled_routes import CompiledRoute, CompiledTable
from netprobe.analysis.considered import weigh_table
from netprobe.analysis.delivery import arrive, stray
from netprobe.analysis.endpoints import pass_endpoint_route
from netprobe.analysis.gateways import pass_egress_only_gateway, pass_internet_gateway
from netprobe.analysis.interfaces import leave_view, pass_interface
from netprobe.analysis.leg import Leg
from netprobe.analysis.nat_gateways import (
    doubt_chain,
    leads_elsewhere,
    leave_by_internet_gateway,
    pass_nat_gateway,
    shows_address,
    strand,
)
from netprobe.analysis.network_acls import cross_acl
from netprobe.analysis.peering import pass_peering, return_to_nat
from netprobe.analysis.routing import READ_TABLES
from netprobe.analysis.stand_ins import warn_of_other_routes
from netprobe.analysis.transit_gateways import pass_transit_gateway
from netprobe.analysis.vpn_gateways import pass_vpn_gateway
from netprobe.analysis.walk import Walk
from netprobe.model.resources import Route, RouteState, TargetKind
from netprobe.model.trace import Blocker, Component, Half, Reason

MOST_STATIONS = 16
"""More subnets than any sound path leaves on its way; beyond it the routes run in a circle."""

_OUT_OF_VIEW = {
    TargetKind.CARRIER_GATEWAY: Component.CARRIER_GATEWAY,
    TargetKind.LOCAL_GATEWAY: Component.LOCAL_GATEWAY,
    TargetKind.CORE_NETWORK: Component.CORE_NETWORK,
    TargetKind.ODB_NETWORK: Component.ODB_NETWORK,
}
"""The hop for a target the walk does not follow; other targets are named as ``other``."""

_WALKED_WHEN_DEAD = {TargetKind.INTERNET_GATEWAY, TargetKind.EGRESS_ONLY_INTERNET_GATEWAY}
"""Behind a blackhole to these there is more to find: what they demand of the source."""

_DEAD_ENDS_OF_NAT = {TargetKind.NAT_GATEWAY, TargetKind.EGRESS_ONLY_INTERNET_GATEWAY}
"""From a NAT gateway's own subnet these lead nowhere: a loop, and a gateway without IPv4."""


def forward(walk: Walk, leg: Leg) -> None:
    """Take a packet from subnet to subnet until it is delivered, lost or out of view."""
    for _ in range(MOST_STATIONS):
        if not _leave(walk, leg):
            return
    table = leg.place.table
    walk.block(
        Blocker(
            component=Component.ROUTE_TABLE,
            resource_id=table.table.route_table_id if table else leg.place.vpc_id,
            half=leg.half,
            reason=Reason.FORWARDING_LOOP,
            detail=f"what is for {leg.destination} goes round in a circle",
            subnet_id=leg.place.subnet_id,
        )
    )


def _leave(walk: Walk, leg: Leg) -> bool:
    """Leave a place by its ACL and its table; tell whether the packet goes on from another.

    Traffic inside one subnet meets neither network ACLs nor route tables:
    https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html
    """
    place = leg.place
    if place.holds(leg.version, leg.dst):
        return arrive(walk, leg, place.vpc_id)
    if leg.crossed is not place:
        cross_acl(walk, leg, place, egress=True)
        leg.crossed = place
    if leg.half is Half.REPLY and walk.return_path and walk.return_path[0] == place.vpc_id:
        return return_to_nat(walk, leg)
    table = place.table
    if table is None:
        _lack_table(walk, leg)
        return False
    found = table.lookup(leg.version, leg.dst)
    weigh_table(walk, leg, table, found)
    unread = table.unread and table.doubts(leg.destination, found)
    if unread or (found is not None and found.rivals):
        _doubt_choice(walk, leg, table, found, unread)
        return False
    if leg.nat is not None and leg.half is Half.REQUEST:
        return _leave_nat(walk, leg, table, found)
    return _take(walk, leg, table, found)


def _lack_table(walk: Walk, leg: Leg) -> None:
    """Note that the table of a place was not read."""
    if leg.nat is not None:
        walk.lack(READ_TABLES, Component.NAT_GATEWAY, leg.nat.nat_gateway_id, leg.half)
    else:
        where = leg.place.subnet_id or leg.place.vpc_id
        walk.lack(READ_TABLES, Component.ROUTE_TABLE, where, leg.half)


def _take(walk: Walk, leg: Leg, table: CompiledTable, found: CompiledRoute | None) -> bool:
    """Follow the chosen route."""
    if walk.assumed and leg.half is Half.REQUEST:
        warn_of_other_routes(walk, table.table)
    if found is None:
        _lose(walk, leg, table, None)
        return False
    route = found.route
    if route.state is RouteState.ACTIVE:
        leg.hops.append(found.hop)
    else:
        _lose(walk, leg, table, route)
        if route.target not in _WALKED_WHEN_DEAD or leg.half is Half.REPLY:
            return False
    return _PASSAGES.get(route.target, _leave_view)(walk, leg, route)


def _leave_nat(walk: Walk, leg: Leg, table: CompiledTable, found: CompiledRoute | None) -> bool:
    """Take the route from a NAT gateway's own table, which must lead on."""
    nat, table_id = leg.nat, table.table.route_table_id
    if nat is None or found is None:
        if nat is not None:
            strand(walk, leg, nat, f"{table_id} has no route to it")
        return False
    route = found.route
    if leads_elsewhere(walk, leg, route):
        doubt_chain(walk, nat, route)
        return False
    if route.state is not RouteState.ACTIVE or route.target in _DEAD_ENDS_OF_NAT:
        strand(walk, leg, nat, f"{table_id} sends it to {route.target_id}", route)
        return False
    leg.hops.append(found.hop)
    if route.target is TargetKind.INTERNET_GATEWAY:
        return leave_by_internet_gateway(walk, leg, nat, route)
    if not shows_address(walk, nat):
        return False
    return _PASSAGES.get(route.target, _leave_view)(walk, leg, route)


def _deliver(walk: Walk, leg: Leg, _route: Route) -> bool:
    return arrive(walk, leg, leg.place.vpc_id)


def _pass_endpoint(walk: Walk, leg: Leg, route: Route) -> bool:
    pass_endpoint_route(walk, leg, route)
    return False


def _pass_nat(walk: Walk, leg: Leg, route: Route) -> bool:
    if leg.half is Half.REQUEST:
        return pass_nat_gateway(walk, leg, route)
    anchor = walk.anchors[-1]
    own = anchor.hop is not None and anchor.hop.resource_id == route.target_id
    if own and leg.destination == anchor.address:
        return arrive(walk, leg, leg.place.vpc_id)  # the very gateway that it is for
    stray(walk, leg, f"it goes to {route.target_id}", route.written)
    return False


def _pass_vpn_gateway(walk: Walk, leg: Leg, route: Route) -> bool:
    pass_vpn_gateway(walk, leg, route)
    return False


def _leave_view(walk: Walk, leg: Leg, route: Route) -> bool:
    leave_view(walk, leg, route, _OUT_OF_VIEW.get(route.target, Component.OTHER))
    return False


_PASSAGES: dict[TargetKind, Callable[[Walk, Leg, Route], bool]] = {
    TargetKind.LOCAL: _deliver,
    TargetKind.INTERNET_GATEWAY: pass_internet_gateway,
    TargetKind.EGRESS_ONLY_INTERNET_GATEWAY: pass_egress_only_gateway,
    TargetKind.NAT_GATEWAY: _pass_nat,
    TargetKind.VPC_ENDPOINT: _pass_endpoint,
    TargetKind.NETWORK_INTERFACE: pass_interface,
    TargetKind.VPC_PEERING_CONNECTION: pass_peering,
    TargetKind.TRANSIT_GATEWAY: pass_transit_gateway,
    TargetKind.VPN_GATEWAY: _pass_vpn_gateway,
}
"""What a route's target does; a target that is not here leaves the view."""


def _doubt_choice(
    walk: Walk,
    leg: Leg,
    table: CompiledTable,
    found: CompiledRoute | None,
    unread: tuple[str, ...],
) -> None:
    """Note why no route can be named."""
    table_id = table.table.route_table_id
    for call in unread:
        walk.lack(call, Component.ROUTE_TABLE, table_id, leg.half)
    if found is not None and found.rivals:
        targets = sorted(route.target_id for route in (found.route, *found.rivals))
        walk.doubt(
            Blocker(
                component=Component.ROUTE_TABLE,
                resource_id=table_id,
                half=leg.half,
                reason=Reason.AMBIGUOUS_ROUTE,
                entry=found.route.written,
                detail=f"{found.prefix} has several routes of one rank: AWS picks one of "
                f"{', '.join(targets)} and keeps to it",
            )
        )


def _lose(walk: Walk, leg: Leg, table: CompiledTable, route: Route | None) -> None:
    """Block at a table that has no route, or only one in a state that drops."""
    named = table.table
    main = ", the VPC's main route table," if named.main else ""
    what = (
        f"sends it to {route.target_id}, a route in state {route.state}"
        if route
        else "has no route to it"
    )
    if leg.half is Half.REPLY:
        why = f"{named.route_table_id}{main} {what}"
        stray(walk, leg, why, route.written if route else None)
        return
    near_misses = tuple(
        f"{item.written} is for the other address family"
        for item in named.routes
        if item.destination is not None
        and item.destination.version != leg.version
        and item.destination.prefixlen == 0
    )
    walk.block(
        Blocker(
            component=Component.ROUTE_TABLE,
            resource_id=named.route_table_id,
            half=leg.half,
            reason=Reason.BLACKHOLE_ROUTE if route else Reason.NO_ROUTE,
            entry=route.written if route else None,
            detail=f"{leg.destination} goes nowhere: {named.route_table_id}{main} {what}",
            near_misses=() if route else near_misses,
            subnet_id=leg.place.subnet_id,
        )
    )
