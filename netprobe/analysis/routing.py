"""Which route table governs a subnet and which of its routes a destination takes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from netprobe.analysis.walk import Walk
from netprobe.model.addresses import Address, Network, contains
from netprobe.model.resources import Route, RouteTable, TargetKind
from netprobe.model.snapshot import Snapshot
from netprobe.model.trace import Blocker, Component, Half, Reason

READ_TABLES = "ec2:DescribeRouteTables"
READ_PREFIX_LISTS = "ec2:DescribeManagedPrefixLists"
READ_PREFIX_LIST_ENTRIES = "ec2:GetManagedPrefixListEntries"

_STATIC, _PREFIX_LIST, _PROPAGATED = 2, 1, 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteChoice:
    """The route a destination takes in a table, or why none can be named."""

    route: Route | None = None
    prefix: Network | None = None
    """The prefix that matched; for a prefix list, its longest matching entry."""
    rivals: tuple[Route, ...] = ()
    """Routes to other targets that match as well; AWS picks one arbitrarily."""
    unread: tuple[str, ...] = ()
    """Calls without which another route might win."""

    @property
    def decided(self) -> bool:
        """Tell whether the choice is certain."""
        return not self.rivals and not self.unread


@dataclass(frozen=True, slots=True)
class _Candidate:
    length: int
    rank: int
    prefix: Network
    route: Route


def effective_route_table(snapshot: Snapshot, subnet_id: str) -> RouteTable | None:
    """Return the table that governs a subnet: its own, else the VPC's main one, else None.

    "Subnet route tables": https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html
    With a gap on DescribeRouteTables the own table may be among what was not read, so the main
    one is then no answer.
    """
    own = snapshot.associated_route_table(subnet_id)
    subnet = snapshot.subnet(subnet_id)
    if own is not None or subnet is None or snapshot.gap(READ_TABLES):
        return own
    return snapshot.main_route_table(subnet.vpc_id)


def expand_prefix_list(snapshot: Snapshot, prefix_list_id: str) -> tuple[Network, ...] | str:
    """Return the CIDRs of a prefix list, or the call without which they are not known."""
    found = snapshot.prefix_list(prefix_list_id)
    if found is None:
        missing = snapshot.gap(READ_PREFIX_LISTS)
        return READ_PREFIX_LISTS if missing else READ_PREFIX_LIST_ENTRIES
    return found.cidrs if found.entries_read else READ_PREFIX_LIST_ENTRIES


def winning_route(snapshot: Snapshot, table: RouteTable, destination: Address) -> RouteChoice:
    """Return the route AWS would use; a selected blackhole never falls through.

    The longest prefix wins after prefix lists are expanded; at equal length a static route beats
    a prefix list, which beats a propagated route. Equal entries of two prefix lists with
    different targets have no defined winner. "Route priority":
    https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html
    """
    unread: dict[str, None] = {}
    candidates = list(_match(snapshot, table, destination, unread))
    if any(item.route.target is TargetKind.LOCAL for item in candidates):
        # A propagated route that overlaps the VPC loses to local even when it is more specific:
        # https://docs.aws.amazon.com/vpn/latest/s2svpn/vpn-route-priority.html
        candidates = [item for item in candidates if not item.route.propagated]
    if not candidates:
        return RouteChoice(unread=tuple(unread))
    best = max(candidates, key=lambda item: (item.length, item.rank))
    rivals = tuple(
        item.route
        for item in candidates
        if (item.length, item.rank) == (best.length, best.rank)
        and item.route.target_id != best.route.target_id
    )
    return RouteChoice(route=best.route, prefix=best.prefix, rivals=rivals, unread=tuple(unread))


def _match(
    snapshot: Snapshot, table: RouteTable, destination: Address, unread: dict[str, None]
) -> Iterator[_Candidate]:
    """Yield what matches; note in ``unread`` the calls behind lists that are not known."""
    for route in table.routes:
        if route.destination is not None:
            if contains(route.destination, destination):
                rank = _PROPAGATED if route.propagated else _STATIC
                yield _Candidate(route.destination.prefixlen, rank, route.destination, route)
        elif route.prefix_list_id is not None:
            cidrs = expand_prefix_list(snapshot, route.prefix_list_id)
            if isinstance(cidrs, str):
                unread[cidrs] = None
                continue
            inside = [cidr for cidr in cidrs if contains(cidr, destination)]
            if inside:
                longest = max(inside, key=lambda cidr: cidr.prefixlen)
                yield _Candidate(longest.prefixlen, _PREFIX_LIST, longest, route)


def decide_route(walk: Walk, table: RouteTable) -> RouteChoice | None:
    """Return the route the flow takes in a table; None, and the doubt noted, when undecided."""
    choice = winning_route(walk.snapshot, table, walk.flow.destination)
    for call in choice.unread:
        walk.lack(call, Component.ROUTE_TABLE, table.route_table_id, Half.REQUEST)
    if choice.route is not None and choice.rivals:
        targets = sorted(route.target_id for route in (choice.route, *choice.rivals))
        walk.doubt(
            Blocker(
                component=Component.ROUTE_TABLE,
                resource_id=table.route_table_id,
                half=Half.REQUEST,
                reason=Reason.AMBIGUOUS_ROUTE,
                entry=choice.route.written,
                detail=f"{choice.prefix} is in several prefix lists: AWS picks one of "
                f"{', '.join(targets)} and keeps to it",
            )
        )
    return choice if choice.decided else None
