"""What a set of changes does to everything it was not made for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from netprobe.analysis.routing import effective_route_table
from netprobe.diagnosis.callers import endpoint_on
from netprobe.diagnosis.case import Case
from netprobe.diagnosis.paths import judge_path
from netprobe.diagnosis.services import endpoints_for, service_of
from netprobe.diagnosis.states import State, state_of
from netprobe.fixes.placing import zones_left
from netprobe.fixes.policies import is_refused_by_policy
from netprobe.fixes.retrace import World, is_open
from netprobe.model import changes as ch
from netprobe.model.addresses import Family, family_of
from netprobe.model.finding import PathKey
from netprobe.model.flow import Source
from netprobe.model.report import Path, PathVerdict, Witnesses
from netprobe.model.resources import TargetKind
from netprobe.model.snapshot import Snapshot
from netprobe.model.trace import Trace
from netprobe.model.words import first_of

_MOST_NAMED = 6
_SUBJECT: dict[type[ch.Change], str] = {
    ch.SetRoute: "route_table_id",
    ch.AddEndpointTable: "route_table_id",
    ch.AllowInGroup: "group_id",
    ch.AllowInAcl: "network_acl_id",
    ch.AllowFunctionIpv6: "function_name",
    ch.AssociateSubnetIpv6: "subnet_id",
    ch.UseRouteTable: "subnet_id",
    ch.MakeApiDualStack: "api_id",
    ch.ExcludeFromBlock: "resource_id",
    ch.UseDualStackName: "target_id",
    ch.CreateInterfaceEndpoint: "vpc_id",
    ch.EnableDns: "vpc_id",
    ch.AttachInternetGateway: "vpc_id",
    ch.DeleteRoute: "route_table_id",
    ch.AddAttachmentSubnet: "attachment_id",
    ch.TakeNameBack: "vpc_id",
    ch.UseAmazonDns: "vpc_id",
    ch.LeaveSubnets: "function_name",
    ch.LeaveZone: "vpc_id",
    ch.SetApiPolicy: "api_id",
    ch.SetEndpointPolicy: "vpc_endpoint_id",
}
"""The field that names what a change concerns."""


def closes(world: World, opened: Iterable[PathKey]) -> bool:
    """Tell whether an asked path fares worse: closed, or silent where it was absent.

    A family that a client never tried may become one that it waits for in vain.
    """
    meant = set(opened)
    return any(_is_worse(world, path) for path in _concerned(world) if path.key not in meant)


def also_opened(world: World, opened: Iterable[PathKey]) -> tuple[PathKey, ...]:
    """Return the other asked paths that a set of changes opens."""
    meant = set(opened)
    return tuple(
        path.key
        for path in _concerned(world)
        if path.key not in meant
        and not is_open(path.trace)
        and is_open(world.trace(path))
        and not is_refused_by_policy(world, path)
    )


def touches(world: World, sources: Iterable[Source], opened: tuple[PathKey, ...]) -> Iterator[str]:
    """Yield what else the changes concern: what shares a table, an ACL or a group with them."""
    own = {subnet for item in sources for subnet in (item.subnet_id, *item.represents)}
    functions = {item.function_name for item in sources}
    said: list[str] = []
    for change in world.changes:
        said.extend(_shared(world.case.snapshot, change, own, functions))
    yield from dict.fromkeys(said)
    yield from dict.fromkeys(_past_endpoints(world))
    if opened:
        named = [f"{key.family.label} {key.source} → {key.target}" for key in opened]
        yield f"also opens {first_of(named, _MOST_NAMED)}"


def _past_endpoints(world: World) -> Iterator[str]:
    """Yield the gateway endpoints that calls of their own service go past afterwards.

    A policy that asks for the endpoint (aws:SourceVpce, aws:SourceVpc) refuses those.
    """
    for path in world.case.paths:
        service = service_of(world.case, path)
        if service is None or path.verdict is PathVerdict.WORKS:
            continue
        for endpoint in endpoints_for(world.case, path, service):
            if endpoint.endpoint_type != "Gateway":
                continue
            trace = world.trace(path)
            if is_open(trace) and endpoint_on(world.tracer.snapshot, trace) is None:
                yield (
                    f"calls to {path.key.target} over {path.key.family.label} go past "
                    f"{endpoint.vpc_endpoint_id}: policies that ask for it refuse them"
                )


def _concerned(world: World) -> Iterator[Path]:
    """Yield the paths whose trace meets something that was changed."""
    touched = {
        family: set(_touched(world.case.snapshot, world.changes, family)) for family in Family
    }
    for path in world.case.paths:
        mine = touched[path.key.family]
        if path.trace is not None and mine and _meets(world.case, path, path.trace, mine):
            yield path


def _meets(case: Case, path: Path, trace: Trace, touched: set[str]) -> bool:
    source, target = case.source(path), case.target(path)
    named = (source.vpc_id, source.subnet_id, source.function_name, target.id, target.api_id)
    return (
        not touched.isdisjoint(named)
        or not touched.isdisjoint(source.security_group_ids)
        or any(
            hop.resource_id in touched
            for half in (trace.request, trace.reply)
            for hop in half.hops
        )
    )


def _touched(snapshot: Snapshot, changes: Iterable[ch.Change], family: Family) -> Iterator[str]:
    """Yield the ids by which a path is known to be concerned; the VPC stands for its names.

    What is new meets no path until something leads to it, and many changes concern one family.
    """
    for change in changes:
        if _family_of(change) not in {None, family}:
            continue
        if isinstance(change, ch.SetPrivateDns):
            endpoint = snapshot.vpc_endpoint(change.vpc_endpoint_id)
            yield endpoint.vpc_id if endpoint else change.vpc_endpoint_id
        elif isinstance(change, ch.CreateGatewayEndpoint):
            yield from change.route_table_ids
        elif type(change) in _SUBJECT:
            yield getattr(change, _SUBJECT[type(change)])


def _family_of(change: ch.Change) -> Family | None:
    """Return the only family that a change concerns, None where it may concern both."""
    match change:
        case ch.SetRoute() | ch.DeleteRoute():
            return family_of(change.destination)
        case ch.AllowInAcl():
            return family_of(change.cidr)
        case ch.AllowFunctionIpv6() | ch.AssociateSubnetIpv6() | ch.MakeApiDualStack():
            return Family.IPV6
        case _:
            return None


def _is_worse(world: World, path: Path) -> bool:
    after = world.trace(path)
    if is_open(path.trace):
        return not is_open(after)
    before = state_of(path)
    if before is not State.ABSENT or not _works_otherwise(world.case, path):
        return False
    target = world.case.target(path)
    verdict, _ = judge_path(target, after, None)
    then = Path(key=path.key, verdict=verdict, witnesses=Witnesses.CONFIGURATION_ONLY, trace=after)
    return verdict is PathVerdict.BLOCKED and state_of(then) is State.SILENT


def _works_otherwise(case: Case, path: Path) -> bool:
    others = case.between(case.source(path), case.target(path)).values()
    return any(item.verdict is PathVerdict.WORKS for item in others if item.key != path.key)


def _shared(
    snapshot: Snapshot, change: ch.Change, own: set[str], functions: set[str | None]
) -> Iterator[str]:
    yield from _lost(snapshot, change)
    match change:
        case ch.SetRoute() | ch.DeleteRoute() | ch.AddEndpointTable():
            yield from _on_tables(snapshot, (change.route_table_id,), own)
            yield from _as_main_table(snapshot, change.route_table_id)
            yield from _from_outside(change)
        case ch.CreateGatewayEndpoint():
            yield from _on_tables(snapshot, change.route_table_ids, own)
        case ch.AllowInAcl():
            acl = snapshot.network_acl(change.network_acl_id)
            held = set(acl.subnet_ids) if acl else set()
            yield from _others(change.network_acl_id, "is also the network ACL of", held - own)
        case ch.AllowInGroup():
            held = {
                f"function {item.function_name}"
                for item in snapshot.functions
                if change.group_id in item.security_group_ids
                and item.function_name not in functions
            } | {
                item.network_interface_id
                for item in snapshot.network_interfaces
                if change.group_id in item.group_ids and item.interface_type != "lambda"
            }
            yield from _others(change.group_id, "is also a group of", held)
        case ch.SetPrivateDns(enabled=False):
            yield from _of_names(change)
            endpoint = snapshot.vpc_endpoint(change.vpc_endpoint_id)
            if endpoint is not None and endpoint.service_name.endswith(".execute-api"):
                yield (
                    "private APIs are then called through it by their names of the form "
                    f"API-{change.vpc_endpoint_id} only"
                )
        case _:
            yield from _of_names(change)


def _of_names(change: ch.Change) -> Iterator[str]:
    """Yield what a change does to the names of everything in a VPC."""
    match change:
        case ch.CreateInterfaceEndpoint() | ch.SetPrivateDns():
            yield "private DNS changes the service's names for everything in the VPC"
        case ch.TakeNameBack():
            yield f"{change.domain_name} leads elsewhere for everything in {change.vpc_id}"
        case ch.LeaveZone():
            zone = change.hosted_zone_id
            yield f"every name of {zone} leads elsewhere for everything in {change.vpc_id}"
            yield f"AWS keeps a zone's last VPC: if {zone} has no other, delete the zone instead"
        case ch.UseAmazonDns():
            yield (
                "names that only its servers know are answered no more for anything in "
                f"{change.vpc_id}, and its other DHCP options end: forward such names by Resolver "
                "rules"
            )
        case ch.EnableDns():
            yield f"names have other answers for everything in {change.vpc_id}"
        case ch.AssociateVpcIpv6():
            yield f"every route table of {change.vpc_id} gets a local route for the new block"
            # https://docs.aws.amazon.com/vpc/latest/userguide/default-network-acl.html
            yield "AWS adds entries for IPv6 to the default network ACL unless they were changed"
        case _:
            yield from _of_policies(change)


def _of_policies(change: ch.Change) -> Iterator[str]:
    match change:
        case ch.MakeApiDualStack():
            yield f"clients with IPv6 come to {change.api_id} from other addresses than before"
        case ch.SetApiPolicy():
            yield f"deploying {change.api_id} publishes all its changes since the last deployment"
        case ch.SetEndpointPolicy():
            yield f"the policy holds for everything that uses {change.vpc_endpoint_id}"
        case _:
            pass


def _lost(snapshot: Snapshot, change: ch.Change) -> Iterator[str]:
    """Yield the routes, and zones, that are gone afterwards for whoever used them."""
    match change:
        case ch.SetRoute(replaces=True):
            table = snapshot.route_table(change.route_table_id)
            lost = [
                i for i in (table.routes if table else ()) if i.destination == change.destination
            ]
            yield from (f"{change.route_table_id} loses {route.written}" for route in lost)
            if any(route.target is TargetKind.INTERNET_GATEWAY for route in lost):
                yield (
                    f"what has a public address in the subnets of {change.route_table_id} is cut "
                    "off from the internet: subnets of its own are better for the function"
                )
        case ch.UseRouteTable():
            before = effective_route_table(snapshot, change.subnet_id)
            after = snapshot.route_table(change.route_table_id)
            kept = {item.written for item in after.routes} if after else set()
            gone = (i for i in (before.routes if before else ()) if i.written not in kept)
            yield from (f"{change.subnet_id} loses {route.written}" for route in gone)
        case ch.LeaveSubnets():
            yield from zones_left(snapshot, change)
        case _:
            pass


def _on_tables(snapshot: Snapshot, table_ids: Iterable[str], own: set[str]) -> Iterator[str]:
    for table_id in table_ids:
        table = snapshot.route_table(table_id)
        held = {
            item.subnet_id
            for item in (snapshot.subnets_of(table.vpc_id) if table else ())
            if effective_route_table(snapshot, item.subnet_id) == table
        }
        yield from _others(table_id, "also routes for", held - own)


def _as_main_table(snapshot: Snapshot, table_id: str) -> Iterator[str]:
    table = snapshot.route_table(table_id)
    if table is not None and table.main:
        yield f"{table_id} is the main table: every subnet without an association follows it"


def _from_outside(change: ch.Change) -> Iterator[str]:
    """Yield what a route to an internet gateway lets in: IPv6 addresses are public.

    https://docs.aws.amazon.com/vpc/latest/userguide/egress-only-internet-gateway.html
    """
    match change:
        case ch.SetRoute(target=TargetKind.INTERNET_GATEWAY) if (
            family_of(change.destination) is Family.IPV6
        ):
            gateway = change.target_id
            yield f"{gateway} lets IPv6 connections in as well: only groups and ACLs keep them out"
        case _:
            pass


def _others(resource_id: str, what: str, held: set[str]) -> Iterator[str]:
    if held:
        yield f"{resource_id} {what} {first_of(sorted(held), _MOST_NAMED)}"
