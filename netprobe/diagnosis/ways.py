"""What several faults say about the way a path takes, as its trace shows it."""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case, Hit
from netprobe.model.addresses import NAT64_PREFIX, Family, contains, is_private
from netprobe.model.finding import Evidence
from netprobe.model.observation import Outcome, StageName
from netprobe.model.report import Path
from netprobe.model.resources import Route, RouteTable, VpcEndpoint
from netprobe.model.service_names import service_of_host
from netprobe.model.trace import Blocker, Component, Disposition, Hop

_TRANSIT = frozenset(
    {
        Component.TRANSIT_GATEWAY,
        Component.TRANSIT_GATEWAY_ATTACHMENT,
        Component.TRANSIT_GATEWAY_ROUTE_TABLE,
    }
)
_INSPECTING = "GatewayLoadBalancer"
"""``VpcEndpointType`` of what firewalls are reached by; AWS Network Firewall's are such too."""


def target_of_entry(hit: Hit) -> str:
    """Return the id that the blocker's route leads to, its own resource without a route."""
    _, arrow, target = (hit.blocker.entry or "").partition("-> ")
    return target.split(" ", maxsplit=1)[0] if arrow else hit.blocker.resource_id


def own_table(case: Case, path: Path) -> RouteTable | None:
    """Return the route table that governs the path's source."""
    return case.route_table(case.source(path).subnet_id)


def is_own_table(case: Case, hit: Hit) -> bool:
    """Tell whether the blocker is the table of the path's source, and no other on the way."""
    table = own_table(case, hit.path)
    return table is None or table.route_table_id == hit.blocker.resource_id


def taken_route(case: Case, path: Path) -> Route | None:
    """Return the route of the source's table that the request takes, or is lost at."""
    table = own_table(case, path)
    if table is None or path.trace is None:
        return None
    met: tuple[Hop | Blocker, ...] = (*path.trace.request.hops, *path.trace.blockers)
    written = {item.entry for item in met if item.resource_id == table.route_table_id}
    return next((route for route in table.routes if route.written in written), None)


def is_default(route: Route) -> bool:
    """Tell whether a route is for everything of its family."""
    return any(route.destination == family.everything for family in Family)


def other_default(case: Case, path: Path, taken: Route) -> Route | None:
    """Return the default route that a more specific one keeps from being used."""
    table = own_table(case, path)
    everything = path.key.family.everything
    return next(
        (
            route
            for route in (table.routes if table else ())
            if route.destination == everything and route.target_id != taken.target_id
        ),
        None,
    )


def hops(path: Path, *components: Component) -> Iterator[Hop]:
    """Yield what the request passes, of some kinds."""
    for hop in path.trace.request.hops if path.trace else ():
        if hop.component in components:
            yield hop


def goes_by_transit_gateway(path: Path) -> bool:
    """Tell whether the request gets to a transit gateway."""
    return any(hops(path, *_TRANSIT)) or any(
        item.component in _TRANSIT for item in (path.trace.blockers if path.trace else ())
    )


def goes_by_peering(path: Path) -> bool:
    """Tell whether the request crosses a peering connection."""
    return any(hops(path, Component.VPC_PEERING_CONNECTION))


def inspecting_endpoint(case: Case, path: Path) -> VpcEndpoint | None:
    """Return the endpoint of a firewall that the request passes."""
    for hop in hops(path, Component.VPC_ENDPOINT):
        endpoint = case.snapshot.vpc_endpoint(hop.resource_id)
        if endpoint is not None and endpoint.endpoint_type == _INSPECTING:
            return endpoint
    return None


def gateway_endpoint_on(case: Case, path: Path) -> VpcEndpoint | None:
    """Return the gateway endpoint that the request goes to."""
    for hop in hops(path, Component.VPC_ENDPOINT):
        endpoint = case.snapshot.vpc_endpoint(hop.resource_id)
        if endpoint is not None and endpoint.endpoint_type == "Gateway":
            return endpoint
    return None


def central_endpoint(case: Case, path: Path) -> VpcEndpoint | None:
    """Return the interface endpoint of another VPC that the path leads to."""
    if path.trace is None:
        return None
    address, vpc_id = path.trace.flow.destination, case.source(path).vpc_id
    for endpoint in case.snapshot.vpc_endpoints:
        if endpoint.vpc_id == vpc_id or endpoint.endpoint_type != "Interface":
            continue
        for interface_id in endpoint.network_interface_ids:
            interface = case.snapshot.network_interface(interface_id)
            if interface is not None and address in interface.addresses:
                return endpoint
    return None


def silent_paths(case: Case) -> Iterator[Path]:
    """Yield the paths that are silent, stopped by nothing that was read, and leave the view."""
    for path in case.failing():
        seen, trace = path.observation, path.trace
        away = trace is not None and trace.disposition is Disposition.LEFT_VIEW
        if away and seen is not None and seen.outcome is Outcome.TIMEOUT:
            yield path


def silence(path: Path) -> Evidence:
    """Return what the packets met, as a fact."""
    seen = path.observation
    last = seen.stages[-1].stage if seen and seen.stages else "probe"
    where = f" at {seen.address}" if seen and seen.address else ""
    said = seen.outcome if seen else "no answer"
    return Evidence(resource_id=path.key.target, says=f"{last}: {said}{where}")


def is_for_public(path: Path) -> bool:
    """Tell whether the flow is for a public address."""
    return path.trace is not None and not is_private(path.trace.flow.destination)


def is_private_nat(case: Case, nat_gateway_id: str) -> bool:
    """Tell whether this is a NAT gateway without a public address."""
    gateway = case.snapshot.nat_gateway(nat_gateway_id)
    return gateway is not None and gateway.connectivity_type == "private"


def source_block(case: Case, path: Path) -> str:
    """Return the block of the source's subnet in the path's family, else its VPC's id."""
    subnet = case.snapshot.subnet(case.source(path).subnet_id)
    if subnet is not None and path.key.family is Family.IPV4 and subnet.ipv4_cidr:
        return str(subnet.ipv4_cidr)
    if subnet is not None and path.key.family is Family.IPV6 and subnet.ipv6_blocks:
        return str(subnet.ipv6_blocks[0].cidr)
    return case.source(path).vpc_id


def leads_inside_elsewhere(case: Case, path: Path) -> bool:
    """Tell whether an AWS service's name led to a private address of another network."""
    return (
        not is_for_public(path)
        and service_of_host(case.target(path).host, case.snapshot.region) is not None
    )


def silent_at_connect(case: Case) -> Iterator[Path]:
    """Yield the silent paths on which not even the connection came about."""
    for path in silent_paths(case):
        stage = path.observation.stage(StageName.CONNECT) if path.observation else None
        if stage is None or stage.outcome is Outcome.TIMEOUT:
            yield path


def is_at_source(case: Case, hit: Hit) -> bool:
    """Tell whether the blocker was met in the source's own subnet, and not on the way."""
    return hit.blocker.subnet_id in {None, case.source(hit.path).subnet_id}


def is_synthesised(path: Path) -> bool:
    """Tell whether the flow is for an address that DNS64 makes."""
    return path.trace is not None and contains(NAT64_PREFIX, path.trace.flow.destination)
