"""NAT gateways: an interface in their subnet while they live, nothing when they are deleted."""

from __future__ import annotations

from typing import Any

from moto.ec2.exceptions import EC2ClientError

from netprobe.lab.control import interfaces, internals


def make_nat_gateway(original: Any, gateway: Any, *arguments: Any, **named: Any) -> None:
    """Make the gateway, its interface inside the subnet and marked as the gateway's.

    Real answers say ``nat_gateway`` where the model's enumeration says ``natGateway``.
    """
    with interfaces.CHANGES:
        original(gateway, *arguments, **named)
        interface = internals.interface_of(gateway)
        del gateway.ec2_backend.enis[interface.id]  # its made-up address must not count as taken
        interfaces.move_into_subnet(gateway.ec2_backend, interface)
        gateway.ec2_backend.enis[interface.id] = interface
    gateway.private_ip = interface.private_ip_address
    gateway.connectivity_type = gateway.connectivity_type or "public"
    gateway.availability_mode = "zonal"
    keeper = interfaces.Keeper(
        interface_type="nat_gateway", description=f"Interface for NAT Gateway {gateway.id}"
    )
    interfaces.hand_over(interface, keeper, groups=[])


def create_nat_gateway(original: Any, backend: Any, *arguments: Any, **named: Any) -> Any:
    """Create the gateway; its first address is primary and its association has succeeded."""
    gateway = original(backend, *arguments, **named)
    gateway.address_set[0] |= {"isPrimary": True, "status": "succeeded"}
    return gateway


def delete_nat_gateway(original: Any, backend: Any, nat_gateway_id: str) -> Any:
    """Delete the gateway, its interface, and its hold on the Elastic IP (which stays allocated).

    See "Delete a NAT gateway" in the Amazon VPC user guide.
    """
    if nat_gateway_id not in backend.nat_gateways:
        raise EC2ClientError(
            "NatGatewayNotFound", f"The Nat Gateway {nat_gateway_id} was not found"
        )
    gateway = original(backend, nat_gateway_id)
    interface = internals.interface_of(gateway)
    if interface is None:  # a regional one has a table instead
        backend.delete_route_table(gateway.route_table_id)
        return gateway
    for address in backend.addresses:
        if address.eni is interface:
            backend.disassociate_address(address=address.public_ip)
    backend.enis.pop(interface.id, None)
    return gateway
