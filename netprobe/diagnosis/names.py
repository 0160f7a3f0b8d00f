"""What several faults say about names: who would answer, and answers that lead nowhere.

"Private DNS": https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator

from netprobe.diagnosis.case import Case, Hit
from netprobe.model.addresses import Address, is_private, parse_address
from netprobe.model.names import HostedZone
from netprobe.model.observation import Outcome, StageName
from netprobe.model.report import Path
from netprobe.model.resources import VpcEndpoint
from netprobe.model.service_names import (
    matches_name,
    normalise_host,
    private_names,
    service_suffix,
)
from netprobe.model.trace import Half, Reason, Resolution

NO_WAY_OUT = frozenset({"route-v4-no-default-route", "route-v6-no-default"})
"""Names of faults that are beside the point where the name should lead inside the VPC."""

UNROUTED_FAULTS = frozenset(
    {*NO_WAY_OUT, "private-destination-via-internet-gateway", "nat-deleted-blackhole"}
)
"""Names of faults that say of a private answer only what the walk to it ran into."""

_LEADS_NOWHERE = frozenset(
    {
        Reason.NO_ROUTE,
        Reason.BLACKHOLE_ROUTE,
        Reason.NO_PUBLIC_IPV4,
        Reason.NAT_WITHOUT_INTERNET,
        Reason.NAT_NOT_AVAILABLE,
        Reason.GATEWAY_DETACHED,
    }
)
_ENDPOINT_ZONE = ".vpce.amazonaws.com"


def host_of(case: Case, path: Path) -> str:
    """Return the host of the path's target in lower case."""
    return normalise_host(case.target(path).host)


def resolution_of(path: Path) -> Resolution | None:
    """Return what the name of the path resolves to."""
    return path.trace.resolution if path.trace else None


def stays_public(case: Case, path: Path) -> bool:
    """Tell whether a failing path leads to public addresses that the subnet has no way to."""
    resolution, trace = resolution_of(path), path.trace
    if resolution is None or trace is None or not case.is_in_play(path):
        return False
    if resolution.endpoint_id is not None or resolution.lacks_record or resolution.unserved:
        return False
    return any(item.reason in _LEADS_NOWHERE for item in trace.blockers)


def within(host: str, domain: str) -> bool:
    """Tell whether a host is a domain or below it."""
    return not domain or host == domain or host.endswith(f".{domain}")


def names_of_endpoint(case: Case, endpoint: VpcEndpoint) -> tuple[str, ...]:
    """Return the names that an interface endpoint answers, or would with private DNS on."""
    vpc = case.snapshot.vpc(endpoint.vpc_id)
    region = endpoint.service_region or (vpc.region if vpc else None) or case.snapshot.region
    told = [
        name
        for item in case.snapshot.endpoint_services
        if item.service_name == endpoint.service_name
        for name in item.private_dns_names
    ]
    listed = [name for name in endpoint.dns_names if not name.endswith(_ENDPOINT_ZONE)]
    documented = private_names(service_suffix(endpoint.service_name, region), region)
    return tuple(dict.fromkeys((*listed, *told, *documented)))


def endpoint_answering(case: Case, vpc_id: str, host: str) -> VpcEndpoint | None:
    """Return the VPC's interface endpoint whose private DNS is on for this name."""
    return next(
        (
            item
            for item in case.snapshot.vpc_endpoints
            if item.vpc_id == vpc_id
            and item.endpoint_type == "Interface"
            and item.private_dns_enabled
            and any(matches_name(name, host) for name in names_of_endpoint(case, item))
        ),
        None,
    )


def zone_answering(case: Case, vpc_id: str, host: str) -> HostedZone | None:
    """Return the most specific private zone of the VPC that has this name."""
    zones = (i for i in case.snapshot.hosted_zones if vpc_id in i.vpc_ids and within(host, i.name))
    return max(zones, key=lambda item: len(item.name), default=None)


def has_record(zone: HostedZone, host: str) -> bool:
    """Tell whether a zone has a record of a name, or a wildcard over it."""
    owners = {host, f"*.{host.partition('.')[2]}"}
    return any(item.name.replace("\\052", "*") in owners for item in zone.records)


def addresses_of(case: Case, endpoint: VpcEndpoint) -> frozenset[Address]:
    """Return the addresses of an endpoint's interfaces, as far as they were read."""
    interfaces = map(case.snapshot.network_interface, endpoint.network_interface_ids)
    return frozenset(address for item in interfaces if item for address in item.addresses)


def seen_addresses(path: Path) -> tuple[Address, ...]:
    """Return the addresses that the probe's resolver answered, and the one it used."""
    seen = path.observation
    if seen is None:
        return ()
    texts = dict.fromkeys((*((seen.address,) if seen.address else ()), *seen.resolved_addresses))
    return tuple(parse_address(text) for text in texts)


def outcome_of(path: Path) -> Outcome | None:
    """Return how the packets ended, None where none were sent."""
    return path.observation.outcome if path.observation else None


def error_type(path: Path) -> str:
    """Return the ``x-amzn-errortype`` of the answer, empty where there is none."""
    stage = path.observation.stage(StageName.REQUEST) if path.observation else None
    headers = (stage.detail.get("headers") if stage else None) or {}
    return str(headers.get("x-amzn-errortype", ""))


def unrouted(case: Case) -> Iterator[Hit]:
    """Yield what stops paths whose name leads to a private address no route reaches."""
    reasons = (Reason.NO_ROUTE, Reason.BLACKHOLE_ROUTE, Reason.PRIVATE_DESTINATION)
    for hit in case.hits(*reasons):
        resolution, trace = resolution_of(hit.path), hit.path.trace
        if resolution is None or trace is None or resolution.assumed:
            continue
        destination = trace.flow.destination
        is_answer = resolution.origin != "literal" and resolution.endpoint_id is None
        if is_answer and is_private(destination) and hit.blocker.half is Half.REQUEST:
            table = case.route_table(case.source(hit.path).subnet_id)
            own = table is not None and table.route_table_id == hit.blocker.resource_id
            if own or hit.blocker.reason is Reason.PRIVATE_DESTINATION:
                yield hit


def other_names(
    case: Case, service_of: Callable[[Case, Path], str | None]
) -> Iterator[tuple[VpcEndpoint, list[Path]]]:
    """Yield endpoints with the failing paths that miss them by another name of the service."""
    found: dict[str, list[Path]] = defaultdict(list)
    for path in case.failing():
        service = service_of(case, path)
        if service is None or not stays_public(case, path):
            continue
        for item in case.snapshot.vpc_endpoints:
            if item.vpc_id == case.source(path).vpc_id and _serves(case, item, service):
                found[item.vpc_endpoint_id].append(path)
                break
    for item in case.snapshot.vpc_endpoints:
        if item.vpc_endpoint_id in found:
            yield item, found[item.vpc_endpoint_id]


def _serves(case: Case, endpoint: VpcEndpoint, service: str) -> bool:
    """Tell whether it is an interface endpoint of the Regional service with private DNS on."""
    return (
        endpoint.endpoint_type == "Interface"
        and endpoint.private_dns_enabled
        and endpoint.service_name.endswith(f".{case.snapshot.region}.{service}")
    )


def waits_for_attributes(case: Case, hit: Hit) -> bool:
    """Tell whether a private API's name lacks nothing but the VPC's DNS attributes here.

    Both are needed for the private DNS of an endpoint:
    https://docs.aws.amazon.com/vpc/latest/privatelink/manage-dns-names.html
    """
    vpc = case.snapshot.vpc(case.source(hit.path).vpc_id)
    if vpc is None or (
        vpc.enable_dns_support is not False and vpc.enable_dns_hostnames is not False
    ):
        return False
    return any(
        item.private_dns_enabled and item.state.lower() == "available"
        for item in case.snapshot.vpc_endpoints
        if item.vpc_id == vpc.vpc_id and item.service_name.endswith(".execute-api")
    )


def closed_groups(hit: Hit) -> tuple[str, ...]:
    """Return the groups that let no question to a VPC's own servers out, or none in, by id."""
    closed = {Reason.EGRESS_NOT_ALLOWED, Reason.INGRESS_NOT_ALLOWED}
    found = (item.resource_id for item in hit.blocker.behind if item.reason in closed)
    return tuple(dict.fromkeys(found))
