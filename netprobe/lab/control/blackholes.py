"""Routes: when their target is gone they are blackholes, and some targets are refused."""

from __future__ import annotations

from ipaddress import IPv6Network, ip_network
from typing import Any

from moto.ec2.exceptions import EC2ClientError

from netprobe.lab.control import addresses, internals

NAT64 = IPv6Network("64:ff9b::/96")
"""The one IPv6 destination a NAT gateway takes; RFC 6052, and "DNS64 and NAT64" in the guide."""


def state(route: Any) -> str:
    """Return ``blackhole`` when the route's target is deleted, detached or not active.

    See Route.State in the EC2 API reference: "blackhole indicates that the route's target isn't
    available (for example, the specified gateway isn't attached to the VPC ...)".
    """
    if route.local:
        return "active"
    backend = route.route_table.ec2_backend
    checks = (
        (route.gateway, _gateway_serves),
        (route.nat_gateway, lambda _, __, target: target.state in {"pending", "available"}),
        (route.egress_only_igw, _egress_only_serves),
        (route.vpc_pcx, lambda _, __, target: target.status["Code"] == "active"),
        (route.transit_gateway, lambda b, _, target: target.id in b.transit_gateways),
        (route.interface, lambda b, _, target: target.id in b.enis),
    )
    vpc_id = route.route_table.vpc_id
    dead = any(target and not serves(backend, vpc_id, target) for target, serves in checks)
    return "blackhole" if dead else "active"


def _egress_only_serves(backend: Any, _vpc_id: str, target: Any) -> bool:
    return target.id in backend.egress_only_internet_gateways


def _gateway_serves(backend: Any, vpc_id: str, target: Any) -> bool:
    kind = target.id.partition("-")[0]
    if kind == "igw":
        vpc = target.vpc if target.id in backend.internet_gateways else None
        return vpc is not None and vpc.id == vpc_id
    if kind == "vgw":
        attachment = target.attachments.get(vpc_id)
        return attachment is not None and attachment.state == "attached"
    return target.id in backend.vpc_end_points


def create_route(  # moto's own signature
    original: Any,
    backend: Any,
    route_table_id: str,
    destination_cidr_block: str | None = None,
    destination_ipv6_cidr_block: str | None = None,
    *rest: Any,
    **named: Any,
) -> Any:
    """Create a route unless AWS would refuse its target or already has its destination."""
    ipv4, ipv6 = destination_cidr_block, destination_ipv6_cidr_block
    if not named.get("local"):
        table = backend.get_route_table(route_table_id)
        _refuse_wrong_family(ipv4, ipv6, named)
        _refuse_unknown_nat_gateway(backend, named.get("nat_gateway_id"))
        _refuse_foreign_gateway(backend, table, named.get("gateway_id"))
        _refuse_second_route(table, ipv6)
        _refuse_way_out_of_a_subnet(backend, table.vpc_id, ipv4 or ipv6, named)
    return original(backend, route_table_id, ipv4, ipv6, *rest, **named)


def _refuse_wrong_family(ipv4: str | None, ipv6: str | None, named: dict[str, Any]) -> None:
    """An egress-only gateway is for IPv6 alone; a NAT gateway takes IPv6 only as NAT64."""
    if ipv4 and named.get("egress_only_igw_id"):
        raise EC2ClientError(
            "InvalidParameterValue",
            f"cidrBlock {ipv4} is not supported for {named['egress_only_igw_id']}: an egress-only"
            " internet gateway carries IPv6 traffic only.",
        )
    if ipv6 and named.get("nat_gateway_id") and not _inside(ipv6, NAT64):
        raise EC2ClientError(
            "InvalidParameterValue",
            f"ipv6CidrBlock {ipv6} is not supported for {named['nat_gateway_id']}.",
        )


def _inside(cidr: str, network: IPv6Network) -> bool:
    wanted = ip_network(cidr, strict=False)
    return isinstance(wanted, IPv6Network) and wanted.subnet_of(network)


def _refuse_unknown_nat_gateway(backend: Any, nat_gateway_id: str | None) -> None:
    if nat_gateway_id and nat_gateway_id not in backend.nat_gateways:
        raise EC2ClientError(
            "InvalidNatGatewayID.NotFound",
            f"The natGateway ID '{nat_gateway_id}' does not exist",
        )


def _refuse_foreign_gateway(backend: Any, table: Any, gateway_id: str | None) -> None:
    if gateway_id and gateway_id.startswith("igw-"):
        gateway = backend.get_internet_gateway(gateway_id)
        if not gateway.vpc or gateway.vpc.id != table.vpc_id:
            raise EC2ClientError(
                "InvalidParameterValue",
                f"route table {table.id} and network gateway {gateway_id} belong to different"
                " networks",
            )


def _refuse_second_route(table: Any, ipv6: str | None) -> None:
    """Refuse a second route to one IPv6 destination: moto overwrites the first in silence."""
    if ipv6 and any(r.destination_ipv6_cidr_block == ipv6 for r in table.routes):
        raise EC2ClientError(
            "RouteAlreadyExists", f"The route identified by {ipv6} already exists."
        )


def _refuse_way_out_of_a_subnet(
    backend: Any, vpc_id: str, destination: str | None, named: dict[str, Any]
) -> None:
    """Refuse what is more specific than a local route, but for a whole subnet to a middlebox.

    "You can add a route to your route tables that is more specific than the local route. The
    destination must match the entire CIDR block of a subnet in your VPC. The target must be a NAT
    gateway, network interface, or Gateway Load Balancer endpoint":
    https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html
    """
    vpc = backend.get_vpc(vpc_id)
    blocks = [item["cidr_block"] for item in internals.block_associations(vpc).values()]
    if not destination or not any(_within(destination, block) for block in blocks):
        return
    targets = ("interface_id", "instance_id", "nat_gateway_id", "vpc_endpoint_id")
    if not any(named.get(key) for key in targets):
        raise EC2ClientError(
            "InvalidParameterValue",
            f"The destination CIDR block {destination} is equal to or more specific than one of"
            " this VPC's CIDR blocks. This route can target only an interface or an instance.",
        )
    wanted = ip_network(destination, strict=False)
    subnets = backend.describe_subnets(filters={"vpc-id": [vpc_id]})
    whole = {ip_network(item.cidr_block) for item in subnets if item.cidr_block}
    whole |= {block for block in map(addresses.ipv6_block, subnets) if block is not None}
    if wanted not in whole:
        raise EC2ClientError(
            "InvalidParameterValue",
            f"The destination CIDR block {destination} does not match a subnet of {vpc_id}.",
        )


def _within(destination: str, block: str) -> bool:
    inner, outer = ip_network(destination, strict=False), ip_network(block)
    return inner.version == outer.version and inner.subnet_of(outer)  # type: ignore[arg-type] # of one version


def replace_route(original: Any, backend: Any, *arguments: Any, **named: Any) -> Any:
    """Replace a route's target; the local route keeps its origin and loses ``local``.

    https://docs.aws.amazon.com/vpc/latest/userguide/replace-local-route-target.html
    """
    route = original(backend, *arguments, **named)
    route.made_with_table = route.made_with_table or route.local
    if route.local and (route.interface or route.instance or route.nat_gateway):
        route.local = False
    return route


def origin(route: Any) -> str:
    """Return how a route came to be: the local one, whatever its target, with its table."""
    return "CreateRouteTable" if route.local or route.made_with_table else "CreateRoute"


def replace_with_local(original: Any, response: Any) -> Any:
    """Answer ReplaceRoute; ``LocalTarget`` gives the local route its own target again."""
    answer = original(response)
    if internals.parameter(response, "LocalTarget"):
        table = response.ec2_backend.get_route_table(internals.parameter(response, "RouteTableId"))
        wanted = {
            internals.parameter(response, "DestinationCidrBlock"),
            internals.parameter(response, "DestinationIpv6CidrBlock"),
        } - {None}
        for route in table.routes:
            if route.made_with_table and wanted & {
                route.destination_cidr_block,
                route.destination_ipv6_cidr_block,
            }:
                route.local = True
    return answer
