"""Faults in front of others, each with the configuration as it would be without it.

What is right for a name or a table only its owner knows; this is the simplest that lets the walk
go on to what lies behind, and nothing of it is offered as a fix.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from netprobe.diagnosis.case import Case
from netprobe.fixes.apply import apply_all
from netprobe.fixes.block import Block
from netprobe.fixes.endpoints import gateway_endpoint
from netprobe.fixes.routes import nat_exits
from netprobe.model.addresses import Address, Family, contains, is_private
from netprobe.model.changes import EnableDns, LeaveZone, SetPrivateDns, SetRoute
from netprobe.model.finding import Finding
from netprobe.model.interconnect import TransitGatewayRoute
from netprobe.model.report import Path
from netprobe.model.resources import Route, TargetKind
from netprobe.model.snapshot import Snapshot

Mend = Callable[[Snapshot, Case, Path, Finding], Snapshot]


def _ask_amazon(snapshot: Snapshot, case: Case, path: Path, _: Finding) -> Snapshot:
    """Ask the Amazon resolver, which knows public names and those of the VPC."""
    vpc_id = case.source(path).vpc_id
    vpcs = tuple(
        replace(item, dhcp_options_id=None) if item.vpc_id == vpc_id else item
        for item in snapshot.vpcs
    )
    return replace(snapshot, vpcs=vpcs)


def _enable_dns(snapshot: Snapshot, case: Case, path: Path, _: Finding) -> Snapshot:
    vpc_id = case.source(path).vpc_id
    vpcs = tuple(
        replace(item, enable_dns_hostnames=True) if item.vpc_id == vpc_id else item
        for item in snapshot.vpcs
    )
    return apply_all(replace(snapshot, vpcs=vpcs), (EnableDns(vpc_id=vpc_id),))


def _private_dns_on(snapshot: Snapshot, case: Case, path: Path, finding: Finding) -> Snapshot:
    """Let the endpoint that the finding names answer for its service."""
    vpc_id = case.source(path).vpc_id
    named = {item.resource_id for item in finding.evidence}
    changes = [
        SetPrivateDns(vpc_endpoint_id=item.vpc_endpoint_id, enabled=True)
        for item in snapshot.vpc_endpoints
        if item.vpc_endpoint_id in named and item.vpc_id == vpc_id
    ]
    return apply_all(snapshot, changes[:1])


def _release(snapshot: Snapshot, _: Case, path: Path, __: Finding) -> Snapshot:
    """Let public DNS answer for a name that an endpoint captures."""
    resolution = path.trace.resolution if path.trace else None
    if resolution is None or resolution.endpoint_id is None:
        return snapshot
    off = SetPrivateDns(vpc_endpoint_id=resolution.endpoint_id, enabled=False)
    return apply_all(snapshot, (off,))


def _leave_zone(snapshot: Snapshot, case: Case, path: Path, _: Finding) -> Snapshot:
    resolution, source = path.trace.resolution if path.trace else None, case.source(path)
    if resolution is None or resolution.authority_id is None:
        return snapshot
    left = LeaveZone(
        hosted_zone_id=resolution.authority_id, vpc_id=source.vpc_id, region=snapshot.region
    )
    return apply_all(snapshot, (left,))


def _use_gateway_endpoint(snapshot: Snapshot, case: Case, path: Path, _: Finding) -> Snapshot:
    """Associate the service's gateway endpoint with the source's table, or make it for that."""
    source, target = case.source(path), case.target(path)
    use = gateway_endpoint(snapshot, target.host, (source,))
    if use is None or path.trace is None:
        return snapshot
    block = Block(snapshot=snapshot, key=path.key, source=source, target=target, trace=path.trace)
    return apply_all(snapshot, use(block) or ())


def _drop_rule(snapshot: Snapshot, case: Case, path: Path, finding: Finding) -> Snapshot:
    """Let public DNS answer instead of the servers of a Resolver rule."""
    named, vpc_id = {item.resource_id for item in finding.evidence}, case.source(path).vpc_id
    rules = tuple(
        replace(item, vpc_ids=item.vpc_ids - {vpc_id}) if item.resolver_rule_id in named else item
        for item in snapshot.resolver_rules
    )
    return replace(snapshot, resolver_rules=rules)


def _move_out(snapshot: Snapshot, case: Case, path: Path, _: Finding) -> Snapshot:
    """Take the block from the VPC in which the target's address lies, and every route to it."""
    if path.trace is None:
        return snapshot
    vpc_id, address = case.source(path).vpc_id, path.trace.flow.destination
    vpcs = tuple(
        replace(item, ipv4_cidrs=tuple(i for i in item.ipv4_cidrs if not contains(i, address)))
        if item.vpc_id == vpc_id
        else item
        for item in snapshot.vpcs
    )
    tables = tuple(
        replace(item, routes=tuple(i for i in item.routes if not _is_local_to(i, address)))
        if item.vpc_id == vpc_id
        else item
        for item in snapshot.route_tables
    )
    attached = {
        item.attachment_id
        for item in snapshot.transit_gateway_attachments
        if item.resource_id == vpc_id
    }
    return replace(
        snapshot,
        vpcs=vpcs,
        route_tables=tables,
        transit_gateway_route_tables=tuple(
            replace(item, routes=tuple(i for i in item.routes if not _is_to(i, address, attached)))
            for item in snapshot.transit_gateway_route_tables
        ),
    )


def _is_local_to(route: Route, address: Address) -> bool:
    block = route.destination
    return route.target is TargetKind.LOCAL and block is not None and contains(block, address)


def _is_to(route: TransitGatewayRoute, address: Address, attached: set[str]) -> bool:
    """Tell whether a route was propagated from the VPC's block that holds the address."""
    block = route.destination
    back = route.propagated and not attached.isdisjoint(route.attachment_ids)
    return back and block is not None and contains(block, address)


def _lead_out(snapshot: Snapshot, case: Case, path: Path, _: Finding) -> Snapshot:
    """Lead the default route to a NAT gateway that is there, whose address is known."""
    source = case.source(path)
    table = case.route_table(source.subnet_id)
    way = next((item for item in nat_exits(snapshot, source) if not item.made_by), None)
    inner = path.trace is not None and is_private(path.trace.flow.destination)
    if table is None or way is None or inner:
        return snapshot
    change = SetRoute(
        route_table_id=table.route_table_id,
        destination=Family.IPV4.everything,
        target=way.target,
        target_id=way.target_id,
        replaces=True,
    )
    return apply_all(snapshot, (change,))


LEAD_ASTRAY = frozenset({"nat-private-connectivity", "peering-transitive"})
"""Faults of a default route that say nothing of what another way out would meet.

Only what the far end makes of the address of a way that is there lies behind them. A hub has
addresses of its own.
"""
OF_THE_WAY = LEAD_ASTRAY | {
    *("gateway-endpoint-not-in-table", "gateway-endpoint-absent", "vpc-cidr-public-range"),
}
"""Faults that leave the name's answer as it is."""
BY_OTHERS = frozenset(
    {
        *("sg-blocks-custom-dns", "dhcp-dns-unaware", "resolver-rule-hijack"),
        "stale-central-zone-association",
    }
)
"""Faults of names that somebody else may have another answer for than public DNS."""
MENDS: dict[str, Mend] = {
    "sg-blocks-custom-dns": _ask_amazon,
    "dhcp-dns-unaware": _ask_amazon,
    "resolver-rule-hijack": _drop_rule,
    "vpc-dns-support-off": _enable_dns,
    "endpoint-private-dns-disabled": _private_dns_on,
    "private-api-name-unresolvable": _private_dns_on,
    "apigw-private-dns-hijack-rest-http": _release,
    "apigw-private-dns-hijack-websocket": _release,
    "stale-central-zone-association": _leave_zone,
    "gateway-endpoint-not-in-table": _use_gateway_endpoint,
    "gateway-endpoint-absent": _use_gateway_endpoint,
    "vpc-cidr-public-range": _move_out,
    **dict.fromkeys(LEAD_ASTRAY, _lead_out),
}
"""What each fault in front keeps the call from, as the configuration would be without it."""
