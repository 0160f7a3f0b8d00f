"""A VPC's route tables as routing tables of its router."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Network, IPv6Network, ip_network

from netprobe.lab.network.described import Described, Json
from netprobe.lab.network.interfaces import Interface
from netprobe.lab.network.matches import IPV4, IPV6, family_of
from netprobe.lab.network.sites import Site

INTERNET_IPV4 = "169.254.2.1"
INTERNET_IPV6 = "fe80::2"
NAT64_IPV6 = "fe80::64"
"""Where the router finds a NAT gateway that takes IPv6."""
INTERNET_GATEWAY, EGRESS_ONLY, SERVICES = "igw", "eigw", "svc"
"""The router's links to the internet: one for each gateway, and one for gateway endpoints."""
_FIRST_TABLE = 100
_DEFAULT = {IPV4: "0.0.0.0/0", IPV6: "::/0"}
_BY_GATEWAY = "EnableVgwRoutePropagation"
_PROPAGATED = {_BY_GATEWAY, "Advertisement"}
"""Origins of routes nobody wrote: from a virtual private gateway, from a route server."""
_NAT64 = IPv6Network("64:ff9b::/96")


def table_number(index: int) -> int:
    """Return the number of the routing table of the subnet with that index."""
    return _FIRST_TABLE + index


def table_commands(number: int, table: Json, site: Site, zone: str = "") -> dict[int, list[str]]:
    """Return the ``ip`` commands of one route table for packets from a zone, by family.

    The kernel takes the longest prefix, as AWS does, and a blackhole drops without a word. The
    local route is a ``throw``: the search goes on in the main table, where each interface has
    its host route. At equal length a static route beats one of a prefix list, and that a
    propagated one:
    https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html
    """
    chosen: dict[str, Json] = {}
    for route in sorted(table.get("Routes") or (), key=_rank):
        for cidr in _destinations(route, site.described):
            chosen.setdefault(str(ip_network(cidr, strict=False)), route)
    commands: dict[int, list[str]] = {IPV4: [], IPV6: []}
    for cidr, route in chosen.items():
        hop = _next_hop(route, cidr, site, zone)
        commands[family_of(cidr)].append(_command(cidr, hop, number))
    for family, default in _DEFAULT.items():
        if default not in chosen:
            commands[family].append(f"route add blackhole {default} table {number}")
    return commands


def _rank(route: Json) -> tuple[bool, bool, bool]:
    """Order routes to one destination; of two static ones that cannot both be, the live one."""
    return (
        route.get("Origin") in _PROPAGATED,
        bool(route.get("DestinationPrefixListId")),
        route.get("State") == "blackhole",
    )


def _destinations(route: Json, described: Described) -> Iterable[str]:
    """Yield a route's destinations.

    "If a propagated route of a virtual private gateway overlaps the local route, the local route
    is preferred even if the propagated one is more specific":
    https://docs.aws.amazon.com/vpn/latest/s2svpn/vpn-route-priority.html
    """
    if prefix_list := route.get("DestinationPrefixListId"):
        yield from described.prefix_lists.get(prefix_list, ())
        return
    cidr = route.get("DestinationCidrBlock") or route.get("DestinationIpv6CidrBlock")
    if cidr and not (route.get("Origin") == _BY_GATEWAY and _is_local(cidr, described)):
        yield cidr


def _is_local(cidr: str, described: Described) -> bool:
    own = (ip_network(item) for item in (*described.ipv4_cidrs, *described.ipv6_cidrs))
    return any(_contains(item, ip_network(cidr, strict=False)) for item in own)


def _contains(outer: IPv4Network | IPv6Network, inner: IPv4Network | IPv6Network) -> bool:
    if isinstance(outer, IPv4Network):
        return isinstance(inner, IPv4Network) and inner.subnet_of(outer)
    return isinstance(inner, IPv6Network) and inner.subnet_of(outer)


def _command(cidr: str, hop: str, number: int) -> str:
    if hop in {"throw", "blackhole"}:
        return f"route add {hop} {cidr} table {number}"
    return f"route add {cidr} {hop} onlink table {number}"


def _next_hop(route: Json, cidr: str, site: Site, zone: str) -> str:
    """Return where a route leads.

    Behind a virtual private gateway, and whatever else the lab does not carry, nothing answers:
    that is a blackhole. ``filtered`` routes forward nothing either.
    """
    if route.get("State", "active") != "active":
        return "blackhole"
    family = family_of(cidr)
    hops = (
        *_through_interface(route, site, family),
        *_through_nat_gateway(route, site, cidr, zone),
        *_through_internet_gateway(route, site.described, family),
        *_through_egress_only_gateway(route, site.described, family),
        *_through_gateway_endpoint(route, site.described, family),
        *_through_door(route, site, family, zone),
    )
    if hops:
        return hops[0]
    return "throw" if route.get("GatewayId") == "local" else "blackhole"


def internet_hop(link: str, family: int) -> str:
    """Return the next hop onto the internet over one of the router's links."""
    return f"via {INTERNET_IPV4 if family == IPV4 else INTERNET_IPV6} dev {link}"


def _through_internet_gateway(route: Json, described: Described, family: int) -> Iterator[str]:
    attached = {item["InternetGatewayId"] for item in described.internet_gateways}
    if route.get("GatewayId") in attached:
        yield internet_hop(INTERNET_GATEWAY, family)


def _through_egress_only_gateway(route: Json, described: Described, family: int) -> Iterator[str]:
    attached = {item["EgressOnlyInternetGatewayId"] for item in described.egress_only_gateways}
    if route.get("EgressOnlyInternetGatewayId") in attached and family == IPV6:
        yield internet_hop(EGRESS_ONLY, family)


def _through_gateway_endpoint(route: Json, described: Described, family: int) -> Iterator[str]:
    for endpoint in described.vpc_endpoints:
        if endpoint["VpcEndpointId"] == route.get("GatewayId") and (
            endpoint["VpcEndpointType"] == "Gateway"
            and str(endpoint["State"]).lower() == "available"
        ):
            yield internet_hop(SERVICES, family)


def _through_interface(route: Json, site: Site, family: int) -> Iterator[str]:
    """Yield the hop to an instance or its interface: a middlebox, if it passes packets on.

    https://docs.aws.amazon.com/vpc/latest/userguide/route-table-options.html
    """
    interface_id, instance_id = route.get("NetworkInterfaceId"), route.get("InstanceId")
    for interface in site.interfaces:
        wanted = interface.interface_id == interface_id or (
            not interface_id and instance_id and interface.owner_id == instance_id
        )
        addresses = interface.ipv4 if family == IPV4 else interface.ipv6
        if wanted and addresses:
            yield f"via {addresses[0]} dev {interface.device}"
    if interface_id or instance_id:
        yield "blackhole"


def _through_nat_gateway(route: Json, site: Site, cidr: str, zone: str) -> Iterator[str]:
    """Yield the hop to a NAT gateway: IPv4, and what lies in 64:ff9b::/96.

    https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-nat64-dns64.html
    """
    for interface in site.interfaces:
        if interface.kind != "nat" or interface.owner_id != route.get("NatGatewayId"):
            continue
        if not _serves(interface, zone):
            yield "blackhole"
        elif ":" not in cidr:
            yield f"via {interface.ipv4[0]} dev {interface.device}"
        elif interface.nat64 and _contains(_NAT64, ip_network(cidr, strict=False)):
            yield f"via {NAT64_IPV6} dev {interface.device}"


def _serves(gateway: Interface, zone: str) -> bool:
    return not gateway.zones or zone in gateway.zones


def _through_door(route: Json, site: Site, family: int, zone: str) -> Iterator[str]:
    """Yield the hop through a peering connection, or to a transit gateway in the same zone.

    "Resources in Availability Zones where there is no transit gateway attachment cannot reach
    the transit gateway": https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html
    """
    for door in site.doors:
        if door.resource_id == route.get("VpcPeeringConnectionId") or (
            door.resource_id == route.get("TransitGatewayId") and door.zone == zone
        ):
            yield f"via {door.via[family]} dev {door.device}"
