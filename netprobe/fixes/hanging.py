"""What a working path hangs on: each thing on its way is taken away, and the path traced again.

A rule that another one doubles breaks nothing, and a route behind which another way opens does
not either; what does is named.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from netprobe.analysis.compiled_acls import write_entry
from netprobe.analysis.compiled_groups import write_rule
from netprobe.analysis.tracer import Tracer
from netprobe.diagnosis.case import Case
from netprobe.fixes.retrace import is_open, trace_target
from netprobe.model.addresses import Family
from netprobe.model.passage import Dependency
from netprobe.model.report import Path
from netprobe.model.resources import NatGateway, TargetKind, VpcEndpoint
from netprobe.model.snapshot import Snapshot
from netprobe.model.trace import Component, Disposition, Hop, Trace

MOST_TAKEN = 150
"""Things that are taken away in one case; each makes a configuration of its own to trace."""

MOST_TRACED = 3_000
"""Traces for it; a large VPC has thousands of paths, and nobody reads what each hangs on."""

_Thing = tuple[Component, str, str | None]

_WITH_ENTRIES = frozenset({Component.ROUTE_TABLE, Component.SECURITY_GROUP, Component.NETWORK_ACL})
_CARRYING = frozenset(
    {
        Component.NAT_GATEWAY,
        Component.EGRESS_ONLY_INTERNET_GATEWAY,
        Component.INTERNET_GATEWAY,
        Component.VPC_ENDPOINT,
        Component.VPC_PEERING_CONNECTION,
    }
)
_FULL_ACCESS = ('"Effect":"Allow"', '"Principal":"*"', '"Action":"*"', '"Resource":"*"')


@dataclass(slots=True)
class Hanging:
    """Finds what the paths of one case hang on; what was taken away once is kept."""

    case: Case
    taken: dict[_Thing, Tracer | None] = field(default_factory=dict)
    traced: int = 0

    def on(self, path: Path) -> tuple[Dependency, ...] | None:
        """Return what breaks a working path when it is gone; None where that is too much work."""
        if path.trace is None or self.traced >= MOST_TRACED:
            return None
        things = {thing: hop for hop in _hops(path.trace) for thing in _thing(hop)}
        found = [_flag(self.case, path)] if path.key.family is Family.IPV6 else []
        for thing, hop in things.items():
            if thing not in self.taken and len(self.taken) >= MOST_TAKEN:
                return None
            if self._breaks(path, thing):
                found.append(self._dependency(path, hop))
        return tuple(item for item in found if item is not None)

    def _breaks(self, path: Path, thing: _Thing) -> bool:
        if thing not in self.taken:
            without = take_away(self.case.snapshot, *thing)
            self.taken[thing] = Tracer(without) if without is not None else None
        tracer = self.taken[thing]
        if tracer is None:
            return False
        self.traced += 1
        case, names_change = self.case, thing[0] is Component.VPC_ENDPOINT
        trace = trace_target(
            tracer,
            case.source(path),
            case.target(path),
            path.key.family,
            None if names_change else path.observation,
        )
        before = path.trace.disposition if path.trace else None
        after = trace.disposition if trace else None
        as_far = before is after is Disposition.LEFT_VIEW
        return not (as_far or is_open(trace))

    def _dependency(self, path: Path, hop: Hop) -> Dependency:
        return Dependency(
            component=hop.component,
            resource_id=hop.resource_id,
            entry=hop.entry if hop.component in _WITH_ENTRIES else None,
            says=_say(self.case, path, hop),
        )


def take_away(
    snapshot: Snapshot, component: Component, resource_id: str, entry: str | None
) -> Snapshot | None:
    """Return the snapshot without a route, rule, entry or resource; None where it has none."""
    match component:
        case Component.ROUTE_TABLE:
            after = _without_route(snapshot, resource_id, entry)
        case Component.SECURITY_GROUP:
            after = _without_rule(snapshot, resource_id, entry)
        case Component.NETWORK_ACL:
            after = _without_entry(snapshot, resource_id, entry)
        case _:
            after = without_resource(snapshot, resource_id)
    return None if after == snapshot else after


def without_resource(snapshot: Snapshot, resource_id: str) -> Snapshot:
    """Return the snapshot without a gateway, endpoint or peering, and without routes to it."""
    endpoint = snapshot.vpc_endpoint(resource_id)
    interfaces = endpoint.network_interface_ids if endpoint else ()
    return replace(
        snapshot,
        route_tables=tuple(
            replace(table, routes=tuple(i for i in table.routes if i.target_id != resource_id))
            for table in snapshot.route_tables
        ),
        nat_gateways=tuple(i for i in snapshot.nat_gateways if i.nat_gateway_id != resource_id),
        internet_gateways=tuple(
            i for i in snapshot.internet_gateways if i.gateway_id != resource_id
        ),
        vpc_endpoints=tuple(i for i in snapshot.vpc_endpoints if i.vpc_endpoint_id != resource_id),
        vpc_peering_connections=tuple(
            i
            for i in snapshot.vpc_peering_connections
            if i.vpc_peering_connection_id != resource_id
        ),
        network_interfaces=tuple(
            i for i in snapshot.network_interfaces if i.network_interface_id not in interfaces
        ),
    )


def _without_route(snapshot: Snapshot, table_id: str, written: str | None) -> Snapshot:
    tables = tuple(
        replace(
            table,
            routes=tuple(
                item
                for item in table.routes
                if item.written != written or item.target is TargetKind.LOCAL
            ),
        )
        if table.route_table_id == table_id
        else table
        for table in snapshot.route_tables
    )
    return replace(snapshot, route_tables=tables)


def _without_rule(snapshot: Snapshot, group_id: str, written: str | None) -> Snapshot:
    groups = tuple(
        replace(
            group,
            egress=tuple(i for i in group.egress if write_rule(i, egress=True) != written),
            ingress=tuple(i for i in group.ingress if write_rule(i, egress=False) != written),
        )
        if group.group_id == group_id
        else group
        for group in snapshot.security_groups
    )
    return replace(snapshot, security_groups=groups)


def _without_entry(snapshot: Snapshot, acl_id: str, written: str | None) -> Snapshot:
    acls = tuple(
        replace(acl, entries=tuple(i for i in acl.entries if write_entry(i, "allows") != written))
        if acl.network_acl_id == acl_id
        else acl
        for acl in snapshot.network_acls
    )
    return replace(snapshot, network_acls=acls)


def _hops(trace: Trace) -> Iterator[Hop]:
    yield from trace.request.hops
    yield from trace.reply.hops


def _thing(hop: Hop) -> Iterator[_Thing]:
    if hop.component in _WITH_ENTRIES and hop.entry:
        yield hop.component, hop.resource_id, hop.entry
    elif hop.component in _CARRYING:
        yield hop.component, hop.resource_id, None


def _flag(case: Case, path: Path) -> Dependency | None:
    """Return the function's IPv6 flag, which a function needs whatever else is there."""
    source = case.source(path)
    if source.function_name is None:
        return None
    return Dependency(
        component=Component.FUNCTION,
        resource_id=source.function_name,
        entry="Ipv6AllowedForDualStack = true",
        says=f"the IPv6 flag of {source.function_name}",
    )


def _say(case: Case, path: Path, hop: Hop) -> str:
    match hop.component:
        case Component.ROUTE_TABLE:
            return f"the route {hop.entry} in {hop.resource_id}"
        case Component.SECURITY_GROUP:
            return f"the rule of {hop.resource_id} that {hop.entry}"
        case Component.NETWORK_ACL:
            return f"{hop.entry} in {hop.resource_id}".replace("entry", "the entry", 1)
        case Component.NAT_GATEWAY:
            return f"{hop.resource_id}{_zone(case, path, hop.resource_id)}"
        case Component.VPC_ENDPOINT:
            return f"{hop.resource_id}{_nature(case, hop.resource_id)}"
        case _:
            return hop.resource_id


def _zone(case: Case, path: Path, nat_gateway_id: str) -> str:
    """Return the one zone a NAT gateway is in, and whether the source is in another."""
    gateway: NatGateway | None = case.snapshot.nat_gateway(nat_gateway_id)
    place = case.snapshot.subnet(gateway.subnet_id or "") if gateway else None
    if place is None or place.availability_zone is None:
        return ""
    own = case.snapshot.subnet(case.source(path).subnet_id)
    other = own is not None and own.availability_zone != place.availability_zone
    more = f", while {own.subnet_id} is in {own.availability_zone}" if own and other else ""
    return f", which is in {place.availability_zone} alone{more}"


def _nature(case: Case, endpoint_id: str) -> str:
    """Return the zone of an endpoint that has only one, and whether a policy restricts it."""
    endpoint: VpcEndpoint | None = case.snapshot.vpc_endpoint(endpoint_id)
    if endpoint is None:
        return ""
    places = (case.snapshot.subnet(item) for item in endpoint.subnet_ids)
    zones = {item.availability_zone for item in places if item is not None}
    said = f", which is in {zones.pop()} alone" if len(zones) == 1 else ""
    policy = "".join((endpoint.policy or "").split())
    restricted = policy and not all(word in policy for word in _FULL_ACCESS)
    return f"{said}, and its policy" if restricted else said
