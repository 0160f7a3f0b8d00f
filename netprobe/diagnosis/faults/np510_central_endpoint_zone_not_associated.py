"""The hub has an endpoint for this service, and this VPC does not see its private zone.

## What it means

Another VPC holds an interface endpoint and a private zone that leads to it. This VPC has a
route there and is not associated with the zone, so the name stays public.

## Why traffic fails

Private DNS of an endpoint holds in the endpoint's own VPC. Any other VPC needs a private zone
that is associated with it.

## How netprobe knows

A private zone with the service's name is associated with another VPC only, its record leads to
an endpoint there, this subnet's table has a route to its address, and the public address that
the name gives here leads nowhere.

## Known limits

A zone or a Route 53 Profile of another account is not seen.

## Example

A spoke that was added to the transit gateway and not to the zones of the shared endpoints.

## Fix

Associate the zone with this VPC; or make an endpoint here.

## Fix safety

The zone then answers for the whole VPC: every subnet needs the route to the hub.

## References

- https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-private-associate-vpcs.html
- https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from netprobe.diagnosis.case import Case
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.names import (
    addresses_of,
    endpoint_answering,
    host_of,
    stays_public,
    within,
)
from netprobe.diagnosis.services import service_of
from netprobe.model.addresses import Address, contains, parse_address
from netprobe.model.finding import Evidence, Finding
from netprobe.model.names import HostedZone
from netprobe.model.report import Path
from netprobe.model.resources import Route, RouteState, TargetKind, VpcEndpoint

_TO_OTHER_VPCS = frozenset({TargetKind.TRANSIT_GATEWAY, TargetKind.VPC_PEERING_CONNECTION})


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per VPC and zone that it ought to be associated with."""
    found: dict[tuple[str, str], list[Path]] = defaultdict(list)
    for path in case.failing():
        vpc_id = case.source(path).vpc_id
        if service_of(case, path) is None or not stays_public(case, path):
            continue
        if endpoint_answering(case, vpc_id, host_of(case, path)) is None:
            for zone in _zones(case, path):
                found[vpc_id, zone.hosted_zone_id].append(path)
    for (vpc_id, zone_id), paths in found.items():
        zone = next(i for i in case.snapshot.hosted_zones if i.hosted_zone_id == zone_id)
        others = ", ".join(sorted(zone.vpc_ids))
        yield FAULT.found_with(
            (
                Evidence(
                    resource_id=zone_id,
                    says=f"({zone.name}) is associated with {others} and not with {vpc_id}",
                ),
                *_endpoints(case, zone),
            ),
            (path.key for path in paths),
            reason="an endpoint's private names hold in VPCs that its zone is associated with",
            advice=f"associate {zone_id} with {vpc_id}",
            standing_cost="none",
        )


def _zones(case: Case, path: Path) -> Iterator[HostedZone]:
    """Yield zones of other VPCs that have the name, and an address there is a route to."""
    host, source = host_of(case, path), case.source(path)
    for zone in case.snapshot.hosted_zones:
        if zone.vpc_ids and source.vpc_id not in zone.vpc_ids and within(host, zone.name):
            addresses = _addresses(case, zone, host)
            if any(_has_route(case, source.subnet_id, address) for address in addresses):
                yield zone


def _addresses(case: Case, zone: HostedZone, host: str) -> Iterator[Address]:
    """Yield the addresses of other VPCs' endpoints that a zone's records of a name lead to."""
    records = [i for i in zone.records if i.name in {host, f"*.{host.partition('.')[2]}"}]
    written = {text for item in records for text in item.values}
    targets = {(item.alias_target or "").rstrip(".") for item in records}
    for endpoint in _hub_endpoints(case, zone):
        own = addresses_of(case, endpoint)
        if any(endpoint.vpc_endpoint_id in name for name in targets | written):
            yield from own
        else:
            yield from (parse_address(str(i)) for i in own if str(i) in written)


def _hub_endpoints(case: Case, zone: HostedZone) -> Iterator[VpcEndpoint]:
    return (item for item in case.snapshot.vpc_endpoints if item.vpc_id in zone.vpc_ids)


def _has_route(case: Case, subnet_id: str, address: Address) -> bool:
    """Tell whether the subnet's most specific route for an address leads to another VPC."""
    table = case.route_table(subnet_id)
    routes = [i for i in table.routes if _matches(i, address)] if table else []
    best = max(routes, key=lambda i: i.destination.prefixlen if i.destination else 0, default=None)
    return best is not None and best.state is RouteState.ACTIVE and best.target in _TO_OTHER_VPCS


def _matches(route: Route, address: Address) -> bool:
    return route.destination is not None and contains(route.destination, address)


def _endpoints(case: Case, zone: HostedZone) -> Iterator[Evidence]:
    for item in _hub_endpoints(case, zone):
        if any(item.service_name.endswith(f".{part}") for part in (zone.name.split(".")[0],)):
            said = f"serves {zone.name} in {item.vpc_id}"
            yield Evidence(resource_id=item.vpc_endpoint_id, says=said)


FAULT = Fault(
    code="NP510",
    name="central-endpoint-zone-not-associated",
    title="Hub-and-spoke endpoints: the spoke VPC is not associated with the endpoint's private zone/Profile",
    phrase="central endpoint's zone not associated",
    since="0.1.0",
    symptoms=("aws-service-timeout", "wrong-address"),
    check=check,
    doc=__doc__,
    explains=frozenset(
        {"service-endpoint-absent", "route-v4-no-default-route", "route-v6-no-default"}
    ),
)
