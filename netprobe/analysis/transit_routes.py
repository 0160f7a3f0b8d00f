"""Transit gateway route tables as numbers, and which route of them wins."""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.analysis.compiled_routes import BITS
from netprobe.analysis.prefix_lists import expand_prefix_list
from netprobe.model.addresses import Network
from netprobe.model.interconnect import TransitGatewayRoute, TransitGatewayRouteTable
from netprobe.model.snapshot import Snapshot

READ_ROUTES = "ec2:SearchTransitGatewayRoutes"
READ_ASSOCIATIONS = "ec2:GetTransitGatewayRouteTableAssociations"

_STATIC, _LISTED = 100, 90
_PROPAGATED = {"vpc": 80, "direct-connect-gateway": 70, "connect": 60, "vpn": 50}
"""Ranks at equal length: static, prefix list, then propagated ones by what they come from.

"Route evaluation order": https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html
"""


class CompiledTransitTable:
    """One transit gateway route table, prefix lists expanded, the best route of each prefix."""

    def __init__(self, snapshot: Snapshot, table: TransitGatewayRouteTable) -> None:
        unread: dict[str, None] = {}
        best: dict[Network, tuple[int, TransitGatewayRoute]] = {}
        for prefix, rank, route in _candidates(snapshot, table, unread):
            if prefix not in best or rank > best[prefix][0]:
                best[prefix] = (rank, route)
        self.unread = tuple(unread)
        """Calls without which another route might win."""
        self._by_length: dict[tuple[int, int], dict[int, TransitGatewayRoute]] = {}
        for prefix, (_, route) in best.items():
            shift = BITS[prefix.version] - prefix.prefixlen
            nets = self._by_length.setdefault((prefix.version, shift), {})
            nets[int(prefix.network_address) >> shift] = route
        self._lengths = sorted(self._by_length)

    def lookup(self, version: int, address: int) -> TransitGatewayRoute | None:
        """Return the route with the longest prefix."""
        for family, shift in self._lengths:
            if family == version:
                found = self._by_length[family, shift].get(address >> shift)
                if found is not None:
                    return found
        return None


def _candidates(
    snapshot: Snapshot, table: TransitGatewayRouteTable, unread: dict[str, None]
) -> Iterator[tuple[Network, int, TransitGatewayRoute]]:
    for route in table.routes:
        if route.destination is not None:
            rank = _PROPAGATED.get(route.resource_type, 0) if route.propagated else _STATIC
            yield route.destination, rank, route
        elif route.prefix_list_id is not None:
            cidrs = expand_prefix_list(snapshot, route.prefix_list_id)
            if isinstance(cidrs, str):
                unread[cidrs] = None
                continue
            for cidr in cidrs:
                yield cidr, _LISTED, route
