"""A VPC's route tables as routing tables of its router."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import ip_network

from netprobe.lab.network.described import Described, Json
from netprobe.lab.network.interfaces import Interface
from netprobe.lab.network.matches import IPV4, IPV6, family_of

ROUTER_IPV4 = "169.254.1.1"
ROUTER_IPV6 = "fe80::1"
INTERNET_IPV4 = "169.254.2.1"
INTERNET_IPV6 = "fe80::2"
INTERNET_GATEWAY, EGRESS_ONLY, SERVICES = "igw", "eigw", "svc"
"""The router's links to the internet: one for each gateway, and one for gateway endpoints."""

_FIRST_TABLE = 100
_DEFAULT = {IPV4: "0.0.0.0/0", IPV6: "::/0"}


def table_number(subnet_index: int) -> int:
    """Return the number of the routing table of the subnet with that index."""
    return _FIRST_TABLE + subnet_index


def table_commands(
    number: int, table: Json, described: Described, interfaces: tuple[Interface, ...]
) -> dict[int, list[str]]:
    """Return the ``ip`` commands of one route table, by family.

    The kernel takes the longest prefix, as AWS does, and a blackhole drops without a word. The
    local route is a ``throw``: the search goes on in the main table, where each interface has
    its host route. At equal length a static route beats one of a prefix list, and that a
    propagated one, see "Route priority" in the Amazon VPC user guide.
    """
    chosen: dict[str, Json] = {}
    for route in sorted(table.get("Routes") or (), key=_rank):
        for cidr in _destinations(route, described):
            chosen.setdefault(str(ip_network(cidr, strict=False)), route)
    commands: dict[int, list[str]] = {IPV4: [], IPV6: []}
    for cidr, route in chosen.items():
        hop = _next_hop(route, family_of(cidr), described, interfaces)
        commands[family_of(cidr)].append(_command(cidr, hop, number))
    for family, default in _DEFAULT.items():
        if default not in chosen:
            commands[family].append(f"route add blackhole {default} table {number}")
    return commands


def _rank(route: Json) -> tuple[bool, bool]:
    return (
        route.get("Origin") == "EnableVgwRoutePropagation",
        bool(route.get("DestinationPrefixListId")),
    )


def _destinations(route: Json, described: Described) -> Iterable[str]:
    if prefix_list := route.get("DestinationPrefixListId"):
        return described.prefix_lists.get(prefix_list, ())
    cidr = route.get("DestinationCidrBlock") or route.get("DestinationIpv6CidrBlock")
    return (cidr,) if cidr else ()


def _command(cidr: str, hop: str, number: int) -> str:
    if hop in {"throw", "blackhole"}:
        return f"route add {hop} {cidr} table {number}"
    return f"route add {cidr} {hop} onlink table {number}"


def _next_hop(
    route: Json, family: int, described: Described, interfaces: tuple[Interface, ...]
) -> str:
    """Return where a route leads; what the lab does not carry (yet) is a blackhole."""
    if route.get("State") == "blackhole":
        return "blackhole"
    if route.get("GatewayId") == "local":
        return "throw"
    hops = (
        *_through_internet_gateway(route, described, family),
        *_through_egress_only_gateway(route, described, family),
        *_through_gateway_endpoint(route, described, family),
        *_through_nat_gateway(route, described, interfaces, family),
    )
    return hops[0] if hops else "blackhole"


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
            endpoint["VpcEndpointType"] == "Gateway" and endpoint["State"] == "available"
        ):
            yield internet_hop(SERVICES, family)


def _through_nat_gateway(
    route: Json, described: Described, interfaces: tuple[Interface, ...], family: int
) -> Iterator[str]:
    """Yield the hop to a zonal NAT gateway's interface; it carries IPv4 only (no NAT64 yet)."""
    for gateway in described.nat_gateways:
        if gateway["NatGatewayId"] != route.get("NatGatewayId") or family != IPV4:
            continue
        own = {item.get("NetworkInterfaceId") for item in gateway["NatGatewayAddresses"]}
        for interface in interfaces:
            if interface.kind == "nat" and interface.interface_id in own:
                yield f"via {interface.ipv4[0]} dev {interface.device}"
