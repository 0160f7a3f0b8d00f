"""Addresses that stand for ones that are not known, and what that leaves open."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from netprobe.analysis.compiled_routes import CompiledTable
from netprobe.analysis.dns64 import might_synthesise, synthesise
from netprobe.analysis.matching import could_contain
from netprobe.analysis.places import representative_address
from netprobe.analysis.prefix_lists import expand_prefix_list
from netprobe.analysis.routing import effective_route_table
from netprobe.analysis.walk import STAND_INS, Walk
from netprobe.model.addresses import NAT64_PREFIX, Address, Family, Network, family_of
from netprobe.model.flow import Source
from netprobe.model.resources import Route, RouteTable, TargetKind
from netprobe.model.snapshot import Snapshot
from netprobe.model.trace import Blocker, Component, Half, Reason, Resolution

Compiled = Callable[[RouteTable], CompiledTable]
"""Gives a table that is compiled already."""


def stand_in(
    snapshot: Snapshot,
    source: Source,
    resolution: Resolution,
    observed: tuple[Address, ...],
    compiled: Compiled | None = None,
) -> tuple[Resolution, Address]:
    """Return an address to walk to when none is known, and the resolution that says so.

    ``compiled`` gives tables that are compiled already; compiling one takes longer than a walk.
    """
    if resolution.endpoint_id is not None and resolution.exists:
        inside = _in_endpoint(snapshot, resolution)
        if inside is not None:
            return resolution, inside
    made = synthesise(snapshot, source, resolution, observed)
    if made is not None:
        return made
    if resolution.is_certain and might_synthesise(snapshot, source, resolution):
        doubt = f"without an AAAA record DNS64 makes one, an address in {NAT64_PREFIX}"
        resolution = replace(resolution, undecided=doubt)
    seen = (item for item in observed if family_of(item) is resolution.family)
    address = next(seen, None)
    if address is None:
        table = effective_route_table(snapshot, source.subnet_id)
        compile_table = compiled or partial(CompiledTable, snapshot)
        address = _public_address(compile_table(table) if table else None, resolution.family)
    addresses = () if resolution.lacks_record else (address,)
    return replace(resolution, assumed=True, addresses=addresses), address


def warn_of_other_routes(walk: Walk, table: RouteTable) -> None:
    """Warn when the real address might take another route than the one that stands for it."""
    if not walk.assumed:
        return
    others = [route for route in table.routes if _might_take(walk, route)]
    if others:
        walk.warnings.append(
            Blocker(
                component=Component.ROUTE_TABLE,
                resource_id=table.route_table_id,
                half=Half.REQUEST,
                reason=Reason.ASSUMED_ADDRESS,
                entry=", ".join(route.written for route in others),
                detail=f"the real address is not known; if one of these routes covers it, "
                f"the flow goes there and not as {walk.flow.destination} does",
                subnet_id=walk.flow.source.subnet_id,
            )
        )


def _in_endpoint(snapshot: Snapshot, resolution: Resolution) -> Address | None:
    endpoint = snapshot.vpc_endpoint(resolution.endpoint_id or "")
    subnets = endpoint.subnet_ids if endpoint else ()
    found = (representative_address(snapshot, item, resolution.family) for item in subnets)
    return next((address for address in found if address is not None), None)


def _public_address(table: CompiledTable | None, family: Family) -> Address:
    """Return a documentation address that only a default route matches, if there is one."""
    for address in STAND_INS[family]:
        found = table.lookup(address.version, int(address)) if table else None
        if found is None or found.prefix.prefixlen == 0:
            return address
    return STAND_INS[family][0]


def _might_take(walk: Walk, route: Route) -> bool:
    if route.target is TargetKind.LOCAL:
        return False
    destination = walk.flow.destination
    return any(could_contain(cidr, destination) for cidr in _cidrs(walk.snapshot, route))


def _cidrs(snapshot: Snapshot, route: Route) -> Iterator[Network]:
    """Yield what a route covers; the lists AWS manages hold one service each and are left out."""
    if route.destination is not None:
        yield route.destination
        return
    found = snapshot.prefix_list(route.prefix_list_id or "")
    if found is not None and not found.name.startswith("com.amazonaws."):
        cidrs = expand_prefix_list(snapshot, found.prefix_list_id)
        if not isinstance(cidrs, str):
            yield from cidrs
