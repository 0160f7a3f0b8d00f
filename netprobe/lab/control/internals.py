"""The private names of moto that corrections use, each in one place.

moto has no public way to these; when an upgrade renames one, it breaks here and nowhere else.
"""
# ruff: noqa: SLF001 # reaching moto's private names is this module's only purpose

from __future__ import annotations

from collections.abc import MutableMapping
from datetime import datetime
from typing import Any


def parameter(response: Any, name: str) -> Any:
    """Return a parameter of the request being answered, None when it was not sent."""
    return response._get_param(name)


def tag_specifications(response: Any) -> dict[str, dict[str, str]]:
    """Return the tags a request wants on what it creates, by resource type."""
    found: dict[str, dict[str, str]] = response._parse_tag_specification()
    return found


def filters(response: Any) -> dict[str, list[str]]:
    """Return the filters of a Describe request by name."""
    found: dict[str, list[str]] = response._filters_from_querystring()
    return found


def put_groups(interface: Any, groups: list[Any]) -> None:
    """Give a network interface these security groups and no others."""
    interface._group_set = groups


def interface_of(nat_gateway: Any) -> Any:
    """Return the network interface of a NAT gateway, None of a regional one."""
    return getattr(nat_gateway, "_eni", None)


def stamp(resource: Any, moment: datetime) -> None:
    """Note when a resource was made."""
    resource._created_at = moment


def associations(holder: Any) -> MutableMapping[str, Any]:
    """Return the associations of a network ACL or route table, by association id."""
    found: MutableMapping[str, Any] = holder._associations
    return found


def block_associations(vpc: Any) -> MutableMapping[str, dict[str, Any]]:
    """Return the CIDR block associations of a VPC, by association id."""
    found: MutableMapping[str, dict[str, Any]] = vpc._cidr_block_association_set
    return found


def routes(table: Any) -> MutableMapping[str, Any]:
    """Return the routes of a route table, by moto's id of each."""
    found: MutableMapping[str, Any] = table._routes
    return found


def given_vpc_config(function: Any) -> dict[str, Any] | None:
    """Return the VpcConfig that a function was created or last updated with."""
    found: dict[str, Any] | None = function._vpc_config
    return found


def every_function(backend: Any) -> list[Any]:
    """Return the latest form of every Lambda function of a region, oldest first."""
    return list(backend._lambdas.latest())


def endpoint_services(backend: Any) -> list[dict[str, Any]]:
    """Return what moto knows of the AWS services of a region that have endpoints."""
    region = backend.region_name
    found: list[dict[str, Any]] = backend._collect_default_endpoint_services(
        backend.account_id, region
    )
    return found


def dhcp_options(options: Any) -> dict[str, Any]:
    """Return the values of a DHCP option set, by key."""
    found: dict[str, Any] = options._options
    return found


def set_status(peering: Any, code: str, message: str) -> None:
    """Give a peering connection a status."""
    peering._status.code, peering._status.message = code, message


def usable_addresses(subnet: Any) -> int:
    """Return how many IPv4 addresses of a subnet AWS does not keep for itself."""
    found: int = subnet._available_ip_addresses
    return found
