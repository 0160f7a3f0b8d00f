"""What several faults say about route tables."""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case
from netprobe.model.addresses import Family
from netprobe.model.finding import Evidence
from netprobe.model.resources import Route, RouteState, RouteTable, TargetKind
from netprobe.model.trace import Reason

ROUTE_REASONS = (Reason.NO_ROUTE, Reason.BLACKHOLE_ROUTE, Reason.NO_PUBLIC_IPV4)
"""Why a route stops a flow."""

_WAYS_OUT = {
    Family.IPV4: frozenset({TargetKind.NAT_GATEWAY, TargetKind.TRANSIT_GATEWAY}),
    Family.IPV6: frozenset({TargetKind.EGRESS_ONLY_INTERNET_GATEWAY, TargetKind.INTERNET_GATEWAY}),
}
"""Targets of a default route that lead a function out; an internet gateway does for IPv6 only."""


def route_evidence(case: Case, subnet_id: str) -> Iterator[Evidence]:
    """Yield the default routes of the subnet's table as facts."""
    table = case.route_table(subnet_id)
    if table is None:
        return
    defaults = [route.written for route in table.routes if _is_default(route)]
    said = ", ".join(defaults) or "no default route"
    yield Evidence(resource_id=table.route_table_id, says=f"is {subnet_id}'s table: {said}")


def is_implicit(case: Case, subnet_id: str) -> bool:
    """Tell whether the subnet relies on the main table for want of an association."""
    return case.snapshot.associated_route_table(subnet_id) is None


def table_with_a_way(case: Case, subnet_id: str, family: Family) -> RouteTable | None:
    """Return another table of the VPC whose default route leads a function out."""
    subnet = case.snapshot.subnet(subnet_id)
    return next(
        (
            table
            for table in case.snapshot.route_tables
            if subnet is not None
            and table.vpc_id == subnet.vpc_id
            and not table.main
            and any(_leads_out(route, family) for route in table.routes)
        ),
        None,
    )


def _is_default(route: Route) -> bool:
    return any(route.destination == family.everything for family in Family)


def _leads_out(route: Route, family: Family) -> bool:
    return (
        route.destination == family.everything
        and route.state is RouteState.ACTIVE
        and route.target in _WAYS_OUT[family]
    )
