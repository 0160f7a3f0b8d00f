"""The network interfaces of a VPC that get a namespace each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Address

from netprobe.lab.network.described import Described, Json

_FIRST_REGIONAL = IPv4Address("169.254.64.1")
"""A regional NAT gateway has no subnet, so inside the lab it gets a link-local address."""
_NAT64_PREFIX = "64:ff9b::"


@dataclass(frozen=True, slots=True, kw_only=True)
class Interface:
    """One network interface: who owns it, what it is called here, which addresses it has."""

    interface_id: str
    """Of a regional NAT gateway, which has none: the gateway's own id."""
    device: str
    """The router's end of its link."""
    kind: str
    """``lambda``, ``nat``, ``endpoint`` or ``other``."""
    subnet_id: str
    """Empty for a regional NAT gateway."""
    ipv4: tuple[str, ...]
    ipv6: tuple[str, ...]
    public: Mapping[str, str]
    """Public IPv4 address by private address."""
    group_ids: tuple[str, ...] | None
    """None where AWS has no group: a NAT gateway."""
    owner_id: str = ""
    """The endpoint, NAT gateway or instance that it belongs to."""
    forwards: bool = False
    """Passes on what is not addressed to it."""
    nat64: bool = False
    """A NAT gateway that some route sends 64:ff9b::/96 to."""
    no_internet_gateway: bool = False
    """``DenyAllIgwTraffic``: an internet gateway carries nothing from or to it."""
    route_table_id: str = ""
    """A regional NAT gateway's own route table."""
    zones: frozenset[str] = field(default_factory=frozenset)
    """Where a regional NAT gateway of manual mode serves; empty where every zone is served."""

    @property
    def namespace(self) -> str:
        """The name of its namespace."""
        return self.interface_id

    @property
    def endpoint_id(self) -> str:
        """The interface endpoint it belongs to, empty for others."""
        return self.owner_id if self.kind == "endpoint" else ""


def list_interfaces(described: Described) -> tuple[Interface, ...]:
    """Return every interface of the VPC, in an order that depends on their ids alone."""
    nat_of = {
        address["NetworkInterfaceId"]: gateway
        for gateway in described.nat_gateways
        for address in gateway.get("NatGatewayAddresses") or ()
        if address.get("NetworkInterfaceId")
    }
    endpoint_of = {
        interface_id: endpoint
        for endpoint in described.vpc_endpoints
        for interface_id in endpoint.get("NetworkInterfaceIds") or ()
    }
    found = sorted(described.network_interfaces, key=lambda item: str(item["NetworkInterfaceId"]))
    interfaces = []
    for number, item in enumerate(found):
        device, interface_id = f"e{number}", item["NetworkInterfaceId"]
        if item.get("InterfaceType") == "transit_gateway":
            continue  # the attachment's links stand for it
        if gateway := nat_of.get(interface_id):
            if gateway["State"] == "available":
                interfaces.append(_nat_interface(gateway, item, device, described))
        elif endpoint := endpoint_of.get(interface_id):
            interfaces.append(_endpoint_interface(endpoint, item, device, described))
        else:
            interfaces.append(_interface(item, device))
    return (*interfaces, *_regional_gateways(described))


def _interface(item: Json, device: str) -> Interface:
    """Return an instance's or function's interface.

    An instance passes on what is not its own only with the check switched off: "Disable
    source/destination checks" in
    https://docs.aws.amazon.com/vpc/latest/userguide/work-with-nat-instances.html
    """
    is_function = item.get("InterfaceType") == "lambda"
    return Interface(
        interface_id=str(item["NetworkInterfaceId"]),
        device=device,
        kind="lambda" if is_function else "other",
        subnet_id=str(item.get("SubnetId", "")),
        ipv4=tuple(_private_addresses(item)),
        ipv6=_ipv6_addresses(item),
        public=_public_addresses(item),
        group_ids=tuple(group["GroupId"] for group in item.get("Groups") or ()),
        owner_id=str((item.get("Attachment") or {}).get("InstanceId") or ""),
        forwards=not is_function and item.get("SourceDestCheck") is False,
        no_internet_gateway=bool(item.get("DenyAllIgwTraffic")),
    )


def _private_addresses(item: Json) -> Iterator[str]:
    listed = [a["PrivateIpAddress"] for a in item.get("PrivateIpAddresses") or ()]
    if not listed and item.get("PrivateIpAddress"):
        listed = [item["PrivateIpAddress"]]
    yield from listed


def _public_addresses(item: Json) -> dict[str, str]:
    """Return public addresses by private one; an answer may name the primary one's apart."""
    found = {
        address["PrivateIpAddress"]: address["Association"]["PublicIp"]
        for address in item.get("PrivateIpAddresses") or ()
        if (address.get("Association") or {}).get("PublicIp")
    }
    primary, apart = item.get("PrivateIpAddress"), item.get("Association") or {}
    if primary and apart.get("PublicIp"):
        found.setdefault(primary, apart["PublicIp"])
    return found


def _ipv6_addresses(item: Json) -> tuple[str, ...]:
    return tuple(address["Ipv6Address"] for address in item.get("Ipv6Addresses") or ())


def _nat_interface(gateway: Json, item: Json, device: str, described: Described) -> Interface:
    """Return a zonal NAT gateway's interface, its primary address first."""
    addresses = sorted(
        (a for a in gateway["NatGatewayAddresses"] if a.get("PrivateIp")),
        key=lambda address: not address.get("IsPrimary"),
    )
    return Interface(
        interface_id=str(item["NetworkInterfaceId"]),
        device=device,
        kind="nat",
        subnet_id=str(gateway.get("SubnetId") or item.get("SubnetId", "")),
        ipv4=tuple(address["PrivateIp"] for address in addresses),
        ipv6=(),
        public={a["PrivateIp"]: a["PublicIp"] for a in addresses if a.get("PublicIp")},
        group_ids=None,
        owner_id=str(gateway["NatGatewayId"]),
        forwards=True,
        nat64=_takes_nat64(gateway["NatGatewayId"], described),
    )


def _takes_nat64(nat_gateway_id: str, described: Described) -> bool:
    return any(
        route.get("NatGatewayId") == nat_gateway_id
        and str(route.get("DestinationIpv6CidrBlock", "")).startswith(_NAT64_PREFIX)
        for table in described.route_tables
        for route in table.get("Routes") or ()
    )


def _regional_gateways(described: Described) -> Iterator[Interface]:
    """Yield regional NAT gateways, which have a route table of their own and no subnet.

    In manual mode they serve the zones they were given addresses in; in automatic mode another
    zone's address serves until the gateway has expanded. See
    https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateways-regional.html
    """
    regional = (
        gateway
        for gateway in described.nat_gateways
        if gateway.get("AvailabilityMode") == "regional" and gateway["State"] == "available"
    )
    for number, gateway in enumerate(regional):
        own = str(_FIRST_REGIONAL + number)
        addresses = [a for a in gateway.get("NatGatewayAddresses") or () if a.get("PublicIp")]
        zones = {described.zone_named(address) for address in addresses} - {""}
        manual = gateway.get("AutoProvisionZones") == "disabled"
        yield Interface(
            interface_id=str(gateway["NatGatewayId"]),
            device=f"r{number}",
            kind="nat",
            subnet_id="",
            ipv4=(own,),
            ipv6=(),
            public={own: addresses[0]["PublicIp"]} if addresses else {},
            group_ids=None,
            owner_id=str(gateway["NatGatewayId"]),
            forwards=True,
            nat64=_takes_nat64(gateway["NatGatewayId"], described),
            route_table_id=str(gateway.get("RouteTableId", "")),
            zones=frozenset(zones) if manual else frozenset(),
        )


def _endpoint_interface(
    endpoint: Json, item: Json, device: str, described: Described
) -> Interface:
    return Interface(
        interface_id=str(item["NetworkInterfaceId"]),
        device=device,
        kind="endpoint",
        subnet_id=str(item.get("SubnetId", "")),
        ipv4=tuple(_private_addresses(item)),
        ipv6=_ipv6_addresses(item),
        public={},
        group_ids=_endpoint_groups(endpoint, described)
        or tuple(group["GroupId"] for group in item.get("Groups") or ()),
        owner_id=str(endpoint["VpcEndpointId"]),
        no_internet_gateway=True,
    )


def _endpoint_groups(endpoint: Json, described: Described) -> tuple[str, ...]:
    """Return an endpoint's groups; made without any it gets the VPC's default group.

    See SecurityGroupIds of CreateVpcEndpoint in the Amazon EC2 API reference.
    """
    named = tuple(group["GroupId"] for group in endpoint.get("Groups") or ())
    default = tuple(
        group["GroupId"] for group in described.security_groups if group["GroupName"] == "default"
    )
    return named or default
