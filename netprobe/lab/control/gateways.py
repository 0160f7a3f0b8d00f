"""Gateways: NAT interfaces inside their subnets, and routes that turn into black holes."""

from __future__ import annotations

from typing import Any

from moto.ec2.models import EC2Backend, nat_gateways
from moto.ec2.models.nat_gateways import NatGateway
from moto.ec2.models.route_tables import Route
from moto.ec2.models.vpc_peering_connections import VPCPeeringConnection

from netprobe.lab.control.addresses import free_ipv4
from netprobe.lab.control.patching import add, wrap


def apply() -> None:
    """Correct route states and NAT gateways."""
    add(Route, "state", property(_route_state))
    wrap(NatGateway, "__init__", _make_nat_gateway)
    wrap(EC2Backend, "create_nat_gateway", _create_nat_gateway)
    wrap(EC2Backend, "delete_nat_gateway", _delete_nat_gateway)
    nat_gateways.random_private_ip = lambda *_: None  # the interface picks one in its subnet


def _route_state(route: Any) -> str:
    """Return ``blackhole`` for a route whose target is gone, detached or deleted.

    https://docs.aws.amazon.com/vpc/latest/userguide/route-table-options.html
    """
    if route.local:
        return "active"
    backend = route.route_table.ec2_backend
    gone = (
        (route.nat_gateway is not None and route.nat_gateway.state == "deleted")
        or _is_gone(route.egress_only_igw, backend.egress_only_internet_gateways)
        or _is_unattached(route)
        or _is_peering_gone(route.vpc_pcx)
        or _is_gone(route.interface, backend.enis)
    )
    return "blackhole" if gone else "active"


def _is_gone(target: Any, known: dict[str, Any]) -> bool:
    return target is not None and target.id not in known


def _is_unattached(route: Any) -> bool:
    gateway = route.gateway
    if gateway is None or not str(gateway.id).startswith("igw-"):
        return False
    known = route.route_table.ec2_backend.internet_gateways
    return gateway.id not in known or gateway.vpc is None


def _is_peering_gone(peering: VPCPeeringConnection | None) -> bool:
    return peering is not None and peering._status.code not in {"active", "pending-acceptance"}  # noqa: SLF001 # moto's field


def _make_nat_gateway(
    original: Any,
    gateway: Any,
    backend: Any,
    subnet_id: str,
    allocation_id: str,
    *arguments: Any,
    **keywords: Any,
) -> None:
    """Put the gateway's interface into its subnet, as AWS does, and mark it as one of AWS's."""
    address = free_ipv4(backend, backend.get_subnet(subnet_id))
    nat_gateways.random_private_ip = lambda *_: address
    original(gateway, backend, subnet_id, allocation_id, *arguments, **keywords)
    eni = gateway._eni  # noqa: SLF001 # moto's field
    eni.interface_type = "nat_gateway"
    eni.requester_managed = True
    eni.status = "in-use"
    eni._group_set = []  # noqa: SLF001 # a NAT gateway has no security group
    eni.description = f"Interface for NAT Gateway {gateway.id}"


def _create_nat_gateway(original: Any, backend: Any, *arguments: Any, **keywords: Any) -> Any:
    gateway = original(backend, *arguments, **keywords)
    for address in gateway.address_set:
        address |= {"isPrimary": True, "status": "succeeded"}
    gateway.availability_mode = "zonal"
    return gateway


def _delete_nat_gateway(original: Any, backend: Any, nat_gateway_id: str) -> Any:
    """Take the gateway's interface away with it."""
    gateway = original(backend, nat_gateway_id)
    backend.enis.pop(gateway._eni.id, None)  # noqa: SLF001 # moto's field
    return gateway
