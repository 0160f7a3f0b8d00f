"""Which route table governs a subnet and which of its routes a destination takes."""

from __future__ import annotations

from dataclasses import dataclass

from netprobe.analysis.compiled_routes import CompiledTable
from netprobe.model.addresses import Address, Network
from netprobe.model.resources import Route, RouteTable
from netprobe.model.snapshot import Snapshot

READ_TABLES = "ec2:DescribeRouteTables"


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


def effective_route_table(
    snapshot: Snapshot, subnet_id: str, vpc_id: str | None = None
) -> RouteTable | None:
    """Return the table that governs a subnet: its own, else the VPC's main one, else None.

    "Subnet route tables": https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html
    With a gap on DescribeRouteTables the own table may be among what was not read, so the main
    one is then no answer. ``vpc_id`` is for a subnet that was not read itself.
    """
    own = snapshot.associated_route_table(subnet_id)
    subnet = snapshot.subnet(subnet_id)
    vpc_id = subnet.vpc_id if subnet else vpc_id
    if own is not None or vpc_id is None or snapshot.gap(READ_TABLES):
        return own
    return snapshot.main_route_table(vpc_id)


def winning_route(snapshot: Snapshot, table: RouteTable, destination: Address) -> RouteChoice:
    """Return the route AWS would use; a selected blackhole never falls through.

    The longest prefix wins after prefix lists are expanded; at equal length a static route beats
    a prefix list, which beats a propagated route. Equal entries of two prefix lists with
    different targets have no defined winner. "Route priority":
    https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html
    """
    compiled = CompiledTable(snapshot, table)
    found = compiled.lookup(destination.version, int(destination))
    unread = compiled.doubts(destination, found)
    if found is None:
        return RouteChoice(unread=unread)
    return RouteChoice(route=found.route, prefix=found.prefix, rivals=found.rivals, unread=unread)
