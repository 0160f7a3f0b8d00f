"""Whether replies come back through the firewall that saw the requests.

"Avoiding asymmetric routing with AWS Network Firewall":
https://docs.aws.amazon.com/network-firewall/latest/developerguide/asymmetric-routing.html
"""

from __future__ import annotations

from dataclasses import dataclass

from netprobe.diagnosis.case import Case
from netprobe.diagnosis.ways import hops, inspecting_endpoint
from netprobe.model.addresses import Network, contains
from netprobe.model.report import Path
from netprobe.model.resources import NatGateway, Route, RouteTable, Subnet, TargetKind, VpcEndpoint
from netprobe.model.trace import Component


@dataclass(frozen=True, slots=True, kw_only=True)
class Bypass:
    """Where replies are led around a firewall."""

    endpoint_id: str
    resource_id: str
    says: str
    advice: str


def bypass_of_routes(case: Case, path: Path) -> Bypass | None:
    """Return the table that lets replies from the internet by, where the way out can be read."""
    endpoint = inspecting_endpoint(case, path)
    subnet = _inspected_subnet(case, path)
    if endpoint is None or subnet is None or subnet.vpc_id != endpoint.vpc_id:
        return None
    block = _block_of(subnet, path)
    onward = _default_of(case, endpoint, path)
    if block is None or onward is None:
        return None
    if onward.target is TargetKind.INTERNET_GATEWAY:
        table = case.snapshot.gateway_route_table(onward.target_id)
        where = table.route_table_id if table else onward.target_id
    elif onward.target is TargetKind.NAT_GATEWAY:
        table = _table_of_nat(case, onward.target_id)
        where = table.route_table_id if table else ""
    else:
        return None
    if not where or (table is not None and _leads_to(table, block, endpoint)):
        return None
    return Bypass(
        endpoint_id=endpoint.vpc_endpoint_id,
        resource_id=where,
        says=f"has no route for {block} to {endpoint.vpc_endpoint_id}",
        advice=f"add {block} -> {endpoint.vpc_endpoint_id} in the route table of {where}"
        if table is None
        else f"add {block} -> {endpoint.vpc_endpoint_id} in {where}",
    )


def bypass_in_zones(case: Case, path: Path) -> Bypass | None:
    """Return the firewall VPC's attachment when it may use another zone for the replies.

    https://docs.aws.amazon.com/vpc/latest/tgw/transit-gateway-appliance-scenario.html
    """
    endpoint = inspecting_endpoint(case, path)
    source = case.snapshot.subnet(case.source(path).subnet_id)
    target = _subnet_of_destination(case, path)
    if endpoint is None or source is None or target is None or source.zone == target.zone:
        return None
    for hop in hops(path, Component.TRANSIT_GATEWAY_ATTACHMENT):
        attachment = case.snapshot.transit_gateway_attachment(hop.resource_id)
        if (
            attachment is not None
            and attachment.resource_id == endpoint.vpc_id
            and len(attachment.subnet_ids) > 1
            and not attachment.appliance_mode
        ):
            return Bypass(
                endpoint_id=endpoint.vpc_endpoint_id,
                resource_id=attachment.attachment_id,
                says=f"has appliance mode off, and the reply comes from {target.zone} and not "
                f"from {source.zone}",
                advice=f"switch appliance mode on at {attachment.attachment_id}",
            )
    return None


def _inspected_subnet(case: Case, path: Path) -> Subnet | None:
    """Return the subnet whose route leads to the firewall: the NAT gateway's or the source's."""
    for hop in hops(path, Component.NAT_GATEWAY):
        nat = case.snapshot.nat_gateway(hop.resource_id)
        return case.snapshot.subnet(nat.subnet_id) if nat and nat.subnet_id else None
    return case.snapshot.subnet(case.source(path).subnet_id)


def _block_of(subnet: Subnet, path: Path) -> Network | None:
    blocks = (subnet.ipv4_cidr, *(item.cidr for item in subnet.ipv6_blocks))
    version = path.key.family.everything.version
    return next((item for item in blocks if item is not None and item.version == version), None)


def _default_of(case: Case, endpoint: VpcEndpoint, path: Path) -> Route | None:
    """Return the default route of the firewall's own subnet."""
    for subnet_id in endpoint.subnet_ids[:1]:
        table = case.route_table(subnet_id)
        for route in table.routes if table else ():
            if route.destination == path.key.family.everything:
                return route
    return None


def _table_of_nat(case: Case, nat_gateway_id: str) -> RouteTable | None:
    nat: NatGateway | None = case.snapshot.nat_gateway(nat_gateway_id)
    return case.route_table(nat.subnet_id) if nat is not None and nat.subnet_id else None


def _leads_to(table: RouteTable, block: Network, endpoint: VpcEndpoint) -> bool:
    """Tell whether the longest route for a block leads to the endpoint."""
    fitting = [
        route
        for route in table.routes
        if route.destination is not None
        and route.destination.version == block.version
        and contains(route.destination, block.network_address)
    ]
    best = max(
        fitting, key=lambda r: r.destination.prefixlen if r.destination else 0, default=None
    )
    return best is not None and best.target_id == endpoint.vpc_endpoint_id


def _subnet_of_destination(case: Case, path: Path) -> Subnet | None:
    address = path.trace.flow.destination if path.trace else None
    return next(
        (
            subnet
            for subnet in case.snapshot.subnets
            for block in (subnet.ipv4_cidr, *(item.cidr for item in subnet.ipv6_blocks))
            if address is not None and block is not None and contains(block, address)
        ),
        None,
    )
