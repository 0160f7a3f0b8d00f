"""Subnets: the attributes and states moto drops, and subnets that may not be deleted yet."""

from __future__ import annotations

import functools
from typing import Any

from netprobe.lab.control import interfaces, internals


def ipv6_associations(subnet: Any) -> list[dict[str, Any]]:
    """Return the associated IPv6 blocks; moto wraps the state of each in a second mapping."""
    return [
        {
            "associationId": item["associationId"],
            "ipv6CidrBlock": item["ipv6CidrBlock"],
            "ipv6CidrBlockState": {"state": "associated"},
            "ipv6AddressAttribute": "public",
            "ipSource": "amazon",
        }
        for item in subnet.ipv6_cidr_block_associations.values()
        if item["ipv6CidrBlockState"]["State"] == "associated"
    ]


def free_addresses(subnet: Any) -> int:
    """Return how many IPv4 addresses are free: none in a subnet that has no IPv4 block."""
    if subnet.ipv6_native:
        return 0
    held = (i for i in list(subnet.ec2_backend.enis.values()) if i.subnet.id == subnet.id)
    taken = sum(len(interface.private_ip_addresses) for interface in held)
    return int(internals.usable_addresses(subnet)) - taken


def modify_subnet_attribute(original: Any, response: Any) -> Any:
    """Keep the attributes that moto answers but forgets, DNS64 first of all."""
    read = functools.partial(internals.parameter, response)
    subnet = response.ec2_backend.get_subnet(read("SubnetId"))
    dns64 = read("EnableDns64.Value")
    if dns64 is not None:
        subnet.enable_dns64 = dns64
    names = subnet.private_dns_name_options_on_launch
    if read("PrivateDnsHostnameTypeOnLaunch"):
        names["HostnameType"] = read("PrivateDnsHostnameTypeOnLaunch")
    aaaa = read("EnableResourceNameDnsAAAARecordOnLaunch.Value")
    if aaaa is not None:
        names["EnableResourceNameDnsAAAARecord"] = aaaa
    return original(response)


def create_subnet(  # noqa: PLR0913, PLR0917 # moto's own signature
    original: Any,
    backend: Any,
    vpc_id: str,
    cidr_block: str,
    ipv6_cidr_block: str | None = None,
    availability_zone: str | None = None,
    availability_zone_id: str | None = None,
    **named: Any,
) -> Any:
    """Create a subnet under its zone's name: by zone id alone moto takes it for a default one."""
    if availability_zone_id and not availability_zone:
        zones = backend.describe_availability_zones(zone_ids=[availability_zone_id])
        availability_zone = zones[0].name
    return original(
        backend,
        vpc_id,
        cidr_block,
        ipv6_cidr_block,
        availability_zone,
        availability_zone_id,
        **named,
    )


def delete_subnet(original: Any, backend: Any, subnet_id: str) -> Any:
    """Delete a subnet unless an interface is in it; its ACL and table let go of it."""
    interfaces.refuse_if_used(backend, "subnet", subnet_id, group=False)
    deleted = original(backend, subnet_id)
    for holder in (*backend.network_acls.values(), *backend.route_tables.values()):
        held = internals.associations(holder)
        for key in [k for k, item in held.items() if _subnet_of(item) == subnet_id]:
            del held[key]
    return deleted


def _subnet_of(association: Any) -> str:
    """A route table's association is the target's id itself, an ACL's is an object."""
    return str(getattr(association, "subnet_id", association))
