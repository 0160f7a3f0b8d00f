"""Route tables as numbers: a look-up costs one dictionary access per prefix length in use."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from netprobe.analysis.prefix_lists import expand_prefix_list
from netprobe.model.addresses import Address, Network, covers, is_private
from netprobe.model.resources import Route, RouteTable, TargetKind
from netprobe.model.snapshot import Snapshot
from netprobe.model.trace import Component, Hop

PROPAGATED, LISTED, STATIC = 0, 1, 2
"""Ranks at equal length: https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html"""

BITS = {4: 32, 6: 128}
_IPV4 = 4


@dataclass(frozen=True, slots=True)
class CompiledRoute:
    """What one prefix of a table leads to."""

    route: Route
    prefix: Network
    rank: int
    rivals: tuple[Route, ...]
    """Routes to other targets with the same prefix and rank; AWS picks one arbitrarily."""
    hop: Hop
    """The table's hop for this route."""


class CompiledTable:
    """One route table, prefix lists expanded, the best route of each prefix kept."""

    def __init__(self, snapshot: Snapshot, table: RouteTable) -> None:
        self.table = table
        unread: dict[str, bool] = {}
        best = self._best(_candidates(snapshot, table, unread))
        self.unread = tuple(unread)
        """Calls without which another route might win."""
        self._unread_of_any = tuple(call for call, any_address in unread.items() if any_address)
        self._by_length: dict[int, tuple[tuple[int, dict[int, CompiledRoute]], ...]] = {
            version: _sort_by_length(best, version) for version in BITS
        }

    def lookup(self, version: int, address: int) -> CompiledRoute | None:
        """Return what the longest prefix leads to."""
        for shift, routes in self._by_length[version]:
            found = routes.get(address >> shift)
            if found is not None:
                return found
        return None

    def doubts(self, destination: Address, found: CompiledRoute | None) -> tuple[str, ...]:
        """Return the calls without which another route might win for this destination.

        The list of a gateway endpoint has a service's public addresses, no private ones and none
        of the VPC's own IPv6 blocks, so what is for those is decided without it:
        https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html
        """
        if not self.unread:
            return ()
        own = found is not None and found.route.target is TargetKind.LOCAL
        if is_private(destination) or (own and destination.version != _IPV4):
            return self._unread_of_any
        return self.unread

    def _best(
        self, candidates: Iterator[tuple[Network, int, Route]]
    ) -> dict[Network, CompiledRoute]:
        best: dict[Network, CompiledRoute] = {}
        local = [
            item.destination
            for item in self.table.routes
            if item.target is TargetKind.LOCAL and item.destination is not None
        ]
        for prefix, rank, route in candidates:
            # A propagated route inside local loses to it, even when it is more specific:
            # https://docs.aws.amazon.com/vpn/latest/s2svpn/vpn-route-priority.html
            if route.propagated and any(covers(block, prefix) for block in local):
                continue
            other = best.get(prefix)
            if other is None or rank > other.rank:
                best[prefix] = CompiledRoute(route, prefix, rank, (), self._hop(route))
            elif rank == other.rank and route.target_id != other.route.target_id:
                best[prefix] = CompiledRoute(
                    other.route, prefix, rank, (*other.rivals, route), other.hop
                )
        return best

    def _hop(self, route: Route) -> Hop:
        return Hop(
            component=Component.ROUTE_TABLE,
            resource_id=self.table.route_table_id,
            entry=route.written,
            detail="the VPC's main route table" if self.table.main else "",
        )


def _candidates(
    snapshot: Snapshot, table: RouteTable, unread: dict[str, bool]
) -> Iterator[tuple[Network, int, Route]]:
    """Yield every prefix of the table; note in ``unread`` the calls behind lists not known.

    With each is noted whether any such list may hold whatever address.
    """
    for route in table.routes:
        if route.destination is not None:
            yield route.destination, PROPAGATED if route.propagated else STATIC, route
        elif route.prefix_list_id is not None:
            cidrs = expand_prefix_list(snapshot, route.prefix_list_id)
            if isinstance(cidrs, str):
                unread[cidrs] = unread.get(cidrs, False) or not _is_of_gateway(snapshot, route)
                continue
            for cidr in cidrs:
                yield cidr, LISTED, route


def _is_of_gateway(snapshot: Snapshot, route: Route) -> bool:
    endpoint = snapshot.vpc_endpoint(route.target_id)
    return endpoint is not None and endpoint.endpoint_type == "Gateway"


def _sort_by_length(
    best: dict[Network, CompiledRoute], version: int
) -> tuple[tuple[int, dict[int, CompiledRoute]], ...]:
    found: dict[int, dict[int, CompiledRoute]] = {}
    for prefix, item in best.items():
        if prefix.version == version:
            shift = BITS[version] - prefix.prefixlen
            found.setdefault(shift, {})[int(prefix.network_address) >> shift] = item
    return tuple(sorted(found.items()))
