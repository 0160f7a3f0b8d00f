"""The network interfaces of a VPC that get a namespace each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from netprobe.lab.network.described import Described, Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Interface:
    """One network interface: who owns it, what it is called here, which addresses it has."""

    interface_id: str
    device: str
    """The router's end of its link."""
    kind: str
    """``lambda``, ``nat``, ``endpoint`` or ``other``."""
    subnet_id: str
    ipv4: tuple[str, ...]
    ipv6: tuple[str, ...]
    public: Mapping[str, str]
    """Public IPv4 address by private address."""
    group_ids: tuple[str, ...] | None
    """None where AWS has no group: a NAT gateway."""
    endpoint_id: str = ""

    @property
    def namespace(self) -> str:
        """The name of its namespace."""
        return self.interface_id


def list_interfaces(described: Described) -> tuple[Interface, ...]:
    """Return every interface of the VPC, in an order that depends on their ids alone."""
    nat_addresses = {
        address["NetworkInterfaceId"]: address
        for gateway in described.nat_gateways
        if gateway["State"] == "available"
        for address in gateway["NatGatewayAddresses"]
    }
    endpoint_of = {
        interface_id: endpoint
        for endpoint in described.vpc_endpoints
        for interface_id in endpoint.get("NetworkInterfaceIds") or ()
    }
    found = sorted(described.network_interfaces, key=lambda item: str(item["NetworkInterfaceId"]))
    gone = {
        address["NetworkInterfaceId"]
        for gateway in described.nat_gateways
        for address in gateway["NatGatewayAddresses"]
    } - set(nat_addresses)
    return tuple(
        _interface(item, f"e{number}", nat_addresses, endpoint_of, described)
        for number, item in enumerate(found)
        if item["NetworkInterfaceId"] not in gone
    )


def _interface(
    item: Json,
    device: str,
    nat_addresses: Mapping[str, Any],
    endpoint_of: Mapping[str, Any],
    described: Described,
) -> Interface:
    interface_id = str(item["NetworkInterfaceId"])
    groups: tuple[str, ...] | None = tuple(g["GroupId"] for g in item.get("Groups") or ())
    ipv4 = tuple(_private_addresses(item))
    public = {
        address["PrivateIpAddress"]: address["Association"]["PublicIp"]
        for address in item.get("PrivateIpAddresses") or ()
        if (address.get("Association") or {}).get("PublicIp")
    }
    kind, endpoint_id = ("lambda" if item.get("InterfaceType") == "lambda" else "other"), ""
    if interface_id in nat_addresses:
        kind, groups = "nat", None
        address = nat_addresses[interface_id]
        ipv4 = (address["PrivateIp"],)
        public = {ipv4[0]: address["PublicIp"]} if address.get("PublicIp") else {}
    elif interface_id in endpoint_of:
        endpoint = endpoint_of[interface_id]
        kind, endpoint_id = "endpoint", endpoint["VpcEndpointId"]
        groups = _endpoint_groups(endpoint, described) or groups
    return Interface(
        interface_id=interface_id,
        device=device,
        kind=kind,
        subnet_id=str(item.get("SubnetId", "")),
        ipv4=ipv4,
        ipv6=tuple(address["Ipv6Address"] for address in item.get("Ipv6Addresses") or ()),
        public=public,
        group_ids=groups,
        endpoint_id=endpoint_id,
    )


def _private_addresses(item: Json) -> Iterator[str]:
    listed = [a["PrivateIpAddress"] for a in item.get("PrivateIpAddresses") or ()]
    if not listed and item.get("PrivateIpAddress"):
        listed = [item["PrivateIpAddress"]]
    yield from listed


def _endpoint_groups(endpoint: Json, described: Described) -> tuple[str, ...]:
    """Return an endpoint's groups; made without any it gets the VPC's default group.

    See SecurityGroupIds of CreateVpcEndpoint in the Amazon EC2 API reference.
    """
    named = tuple(group["GroupId"] for group in endpoint.get("Groups") or ())
    default = tuple(
        group["GroupId"] for group in described.security_groups if group["GroupName"] == "default"
    )
    return named or default
