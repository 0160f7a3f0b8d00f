"""Compiles what AWS says about VPCs into Linux network namespaces: values in, values out.

The shape: for each VPC a router namespace with one link to each network interface's own
namespace, and three links to the internet's, for internet gateway, egress-only gateway and
gateway endpoints. Subnet route tables are routing tables chosen by the interface a packet came
from. A NAT gateway is an interface that translates, so both subnets' tables and ACLs apply to
what passes it. A peering connection is a link between two routers, a transit gateway a namespace
with a link to each subnet it is attached in.
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.lab.network.described import Described
from netprobe.lab.network.endpoints import endpoint_names
from netprobe.lab.network.layout import INTERNET, Link, Topology
from netprobe.lab.network.outside import internet_namespace, ports_listened_on
from netprobe.lab.network.router import (
    OUTWARD,
    interface_namespace,
    resolver_addresses,
    router_namespace,
)
from netprobe.lab.network.routes import (
    INTERNET_GATEWAY,
    INTERNET_IPV6,
    SERVICES,
)
from netprobe.lab.network.sites import ROUTER_IPV4, ROUTER_IPV6, Site, make_sites
from netprobe.lab.network.transit import transit_namespaces
from netprobe.lab.network.world import World


def compile_vpc(described: Described, world: World) -> Topology:
    """Return the topology of one VPC on its own."""
    return compile_vpcs((described,), world)


def compile_vpcs(described: tuple[Described, ...], world: World) -> Topology:
    """Return the topology of VPCs that stand beside each other, on one internet.

    They are joined by what they share: peering connections and transit gateways. The first one
    is at home: the topology's resolver and names are its own. Each interface's namespace has the
    interface's id as its name, each router's the id of its VPC, so a caller can go in anywhere.
    """
    sites, doors = make_sites(described)
    home = sites[0]
    every = [interface for site in sites for interface in site.interfaces]
    services = dict.fromkeys(
        cidr for item in described for cidrs in item.service_addresses.values() for cidr in cidrs
    )
    return Topology(
        vpc_id=home.vpc_id,
        namespaces=(
            *(router_namespace(site, sites) for site in sites),
            *transit_namespaces(sites),
            internet_namespace(world, tuple(services), _back_ipv4(sites), _back_ipv6(sites)),
            *(interface_namespace(interface) for interface in every),
        ),
        links=(*_links(sites), *doors),
        resolver=(home.vpc_id, resolver_addresses(home.described)),
        functions=tuple(i.namespace for i in every if i.kind == "lambda"),
        internet_ports=ports_listened_on(world),
        endpoints=tuple((i.namespace, i.endpoint_id) for i in every if i.kind == "endpoint"),
        names=endpoint_names(home.described, home.interfaces),
        translators=tuple(i.namespace for i in every if i.nat64),
    )


def _links(sites: tuple[Site, ...]) -> Iterator[Link]:
    for site in sites:
        for interface in site.interfaces:
            yield Link(one=(site.vpc_id, interface.device), other=(interface.namespace, "eth0"))
        for name in OUTWARD:
            yield Link(one=(site.vpc_id, name), other=(INTERNET, _far(name, site)))


def _far(link: str, site: Site) -> str:
    """Return the internet's end of one of a router's links."""
    return f"{link}{site.number}"


def _back_ipv4(sites: tuple[Site, ...]) -> tuple[str, ...]:
    """Return the internet's way to public addresses, and AWS services' to private ones.

    Where two VPCs have the same private addresses, services answer the first.
    """
    commands = [f"link set {_far(name, site)} up" for site in sites for name in OUTWARD]
    public: dict[str, str] = {}
    private: dict[str, str] = {}
    for site in sites:
        for interface in site.interfaces:
            for address in interface.public.values():
                public.setdefault(f"{address}/32", _far(INTERNET_GATEWAY, site))
        for cidr in site.described.ipv4_cidrs:
            private.setdefault(cidr, _far(SERVICES, site))
    for destination, device in (*private.items(), *public.items()):
        commands.append(f"route replace {destination} via {ROUTER_IPV4} dev {device} onlink")
    return tuple(commands)


def _back_ipv6(sites: tuple[Site, ...]) -> tuple[str, ...]:
    """Return the internet's way to IPv6 addresses, and AWS services' to private ones."""
    commands = [
        f"addr add {INTERNET_IPV6}/64 dev {_far(name, site)} nodad"
        for site in sites
        for name in OUTWARD
    ]
    routes: dict[str, str] = {}
    for site in sites:
        public = site.described.public_ipv6_cidrs
        for cidr in site.described.ipv6_cidrs:
            link = INTERNET_GATEWAY if cidr in public else SERVICES
            routes.setdefault(cidr, _far(link, site))
    commands += [f"route add {c} via {ROUTER_IPV6} dev {device}" for c, device in routes.items()]
    return tuple(commands)
