"""Network interfaces: their addresses, those that AWS services keep in a VPC, and who may go."""

from __future__ import annotations

from dataclasses import dataclass
from threading import RLock
from typing import Any

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.utils import generate_dns_from_ip

from netprobe.lab.control import addresses, internals

CHANGES = RLock()
"""Held while an address is chosen and its interface made: requests come in parallel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeper:
    """The service that keeps an interface, as DescribeNetworkInterfaces tells it."""

    interface_type: str
    """``nat_gateway``, ``vpc_endpoint`` or ``lambda``, as real answers spell them."""
    description: str
    deny_all_igw_traffic: bool = False
    """True for interface endpoints: no internet gateway serves their addresses."""


def create_network_interface(  # noqa: PLR0913, PLR0917 # moto's own signature
    original: Any,
    backend: Any,
    subnet: Any,
    private_ip_address: Any,
    private_ip_addresses: Any = None,
    group_ids: Any = None,
    description: Any = None,
    tags: Any = None,
    **named: Any,
) -> Any:
    """Create an interface; one without an address gets a free one, never a reserved one.

    Where the world has a server behind it, it is attached to that.
    """
    with CHANGES:
        if not (private_ip_address or private_ip_addresses):
            found = backend.get_subnet(subnet) if isinstance(subnet, str) else subnet
            if found.cidr_block:
                private_ip_address = addresses.free_ipv4(backend, found)
        made = original(
            backend,
            subnet,
            private_ip_address,
            private_ip_addresses,
            group_ids,
            description,
            tags,
            **named,
        )
    if made.private_ip_address in backend.lab_manned:
        made.status = "in-use"
    return made


def assign_ipv6(original: Any, response: Any) -> Any:
    """Answer CreateNetworkInterface or RunInstances; some subnets give IPv6 addresses unasked.

    See AssignIpv6AddressOnCreation of ModifySubnetAttribute in the EC2 API reference; moto keeps
    the attribute, ignores it, and forgets the count that RunInstances asks for.
    """
    backend = response.ec2_backend
    with CHANGES:
        before = set(backend.enis)
        answer = original(response)
        for interface in [item for key, item in backend.enis.items() if key not in before]:
            wanted = _wanted_ipv6(response, interface)
            while len(interface.ipv6_addresses) < wanted:
                found = addresses.free_ipv6(backend, interface.subnet)
                interface.ipv6_addresses = [*interface.ipv6_addresses, found]
    return answer


def _wanted_ipv6(response: Any, interface: Any) -> int:
    """Return how many IPv6 addresses an interface is to have at least."""
    asked = internals.parameter(response, "NetworkInterfaces") or ()
    counts = [
        int(item.get("Ipv6AddressCount") or 0)
        for item in asked
        if int(item.get("DeviceIndex") or 0) == (interface.device_index or 0)
    ]
    counts.append(int(internals.parameter(response, "Ipv6AddressCount") or 0))
    unasked = interface.subnet.assign_ipv6_address_on_creation
    has_block = addresses.ipv6_block(interface.subnet) is not None
    return max(*counts, int(str(unasked).lower() == "true" and has_block))


def hand_over(interface: Any, keeper: Keeper, groups: list[Any]) -> None:
    """Make an interface one that a service keeps: in use, and not the user's to delete."""
    interface.interface_type = keeper.interface_type
    interface.description = keeper.description
    interface.deny_all_igw_traffic = keeper.deny_all_igw_traffic
    interface.requester_managed = True
    interface.status = "in-use"
    internals.put_groups(interface, list(groups))


def readdress(interface: Any, ipv4: str) -> None:
    """Give an interface another primary private address."""
    interface.private_ip_address = ipv4
    primary: dict[str, Any] = {"Primary": True, "PrivateIpAddress": ipv4}
    if hasattr(interface, "private_dns_name"):
        interface.private_dns_name = generate_dns_from_ip(ipv4)
        primary["PrivateDnsName"] = interface.private_dns_name
    interface.private_ip_addresses = [primary]


def move_into_subnet(backend: Any, interface: Any, wanted: str | None = None) -> None:
    """Replace an address that moto made up by one of the interface's own subnet."""
    readdress(interface, wanted or addresses.free_ipv4(backend, interface.subnet))


def delete_network_interface(original: Any, response: Any) -> Any:
    """Refuse to delete an interface that is in use.

    AWS answers InvalidParameterValue "Network interface 'eni-...' is currently in use."
    """
    wanted = internals.parameter(response, "NetworkInterfaceId")
    interface = response.ec2_backend.get_network_interface(wanted)
    if interface.requester_managed or interface.instance:
        raise EC2ClientError(
            "InvalidParameterValue", f"Network interface '{wanted}' is currently in use."
        )
    return original(response)


def refuse_if_used(backend: Any, kind: str, resource_id: str, *, group: bool) -> None:
    """Raise DependencyViolation while any interface is in the subnet or holds the group."""
    for interface in list(backend.enis.values()):
        groups = {item.id for item in interface.group_set}
        if resource_id in groups if group else interface.subnet.id == resource_id:
            raise EC2ClientError(
                "DependencyViolation",
                f"The {kind} '{resource_id}' has dependencies and cannot be deleted."
                if not group
                else f"resource {resource_id} has a dependent object",
            )
