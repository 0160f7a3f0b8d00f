"""Compiles what AWS says about a VPC into Linux network namespaces: values in, values out.

The shape: a router namespace with one link to each network interface's own namespace, and three
links to the internet's, for internet gateway, egress-only gateway and gateway endpoints. Subnet
route tables are routing tables chosen by the interface a packet came from. A NAT gateway is an
interface that translates, so both subnets' tables and ACLs apply to what passes it. Peerings and
transit gateways will be more routers in one topology.
"""

from __future__ import annotations

from ipaddress import IPv4Network

from netprobe.lab.network.described import Described
from netprobe.lab.network.endpoints import endpoint_names
from netprobe.lab.network.filters import network_acl_chains, security_group_chains
from netprobe.lab.network.gateways import (
    RESOLVER_IPV4,
    RESOLVER_IPV6,
    edge_chains,
    nat_gateway_rules,
    resolver_chain,
)
from netprobe.lab.network.interfaces import Interface, list_interfaces
from netprobe.lab.network.layout import INTERNET, ROUTER, Link, Namespace, Topology, table
from netprobe.lab.network.matches import IPV4, IPV6
from netprobe.lab.network.outside import internet_namespace, ports_listened_on
from netprobe.lab.network.routes import (
    EGRESS_ONLY,
    INTERNET_GATEWAY,
    INTERNET_IPV6,
    ROUTER_IPV4,
    ROUTER_IPV6,
    SERVICES,
    table_commands,
    table_number,
)
from netprobe.lab.network.world import World

_OUTWARD = (INTERNET_GATEWAY, EGRESS_ONLY, SERVICES)


def compile_vpc(described: Described, world: World) -> Topology:
    """Return the topology of one VPC on its own."""
    interfaces = list_interfaces(described)
    resolver = resolver_addresses(described)
    service_cidrs = tuple(c for cidrs in described.service_addresses.values() for c in cidrs)
    internet = internet_namespace(
        world, service_cidrs, _back_ipv4(described, interfaces), _back_ipv6(described)
    )
    links = [Link(one=(ROUTER, i.device), other=(i.namespace, "eth0")) for i in interfaces]
    links += [Link(one=(ROUTER, name), other=(INTERNET, name)) for name in _OUTWARD]
    return Topology(
        vpc_id=described.vpc_id,
        namespaces=(
            _router(described, interfaces, resolver),
            internet,
            *(_interface_namespace(interface) for interface in interfaces),
        ),
        links=tuple(links),
        resolver=(ROUTER, resolver),
        functions=tuple(i.namespace for i in interfaces if i.kind == "lambda"),
        internet_ports=ports_listened_on(world),
        endpoints=tuple((i.namespace, i.endpoint_id) for i in interfaces if i.kind == "endpoint"),
        names=endpoint_names(described, interfaces),
    )


def resolver_addresses(described: Described) -> tuple[str, ...]:
    """Return where Amazon DNS listens: 169.254.169.253, fd00:ec2::253 and "VPC+2".

    See "Amazon DNS server" in the Amazon VPC user guide.
    """
    plus_two = str(IPv4Network(described.ipv4_cidrs[0])[2])
    return (RESOLVER_IPV4, plus_two, RESOLVER_IPV6)


def _router(
    described: Described, interfaces: tuple[Interface, ...], resolver: tuple[str, ...]
) -> Namespace:
    ipv4 = [f"addr add {address}/32 dev lo" for address in resolver if ":" not in address]
    ipv4 += [f"addr add {ROUTER_IPV4}/32 dev lo", "route add blackhole default"]
    ipv6 = [f"addr add {address}/128 dev lo nodad" for address in resolver if ":" in address]
    ipv6 += ["route add blackhole default metric 4096"]
    for device in (*_OUTWARD, *(interface.device for interface in interfaces)):
        ipv4.append(f"link set {device} up")
        ipv6.append(f"addr add {ROUTER_IPV6}/64 dev {device} nodad")
    subnets = sorted({interface.subnet_id for interface in interfaces})
    for interface in interfaces:
        number = table_number(subnets.index(interface.subnet_id))
        rule = f"rule add iif {interface.device} lookup {number} pref 100"
        ipv4 += [rule, *(f"route replace {a}/32 dev {interface.device}" for a in interface.ipv4)]
        ipv6 += [rule, *(f"route replace {a}/128 dev {interface.device}" for a in interface.ipv6)]
    for index, subnet_id in enumerate(subnets):
        own = described.route_table_of(subnet_id)
        commands = table_commands(table_number(index), own, described, interfaces)
        ipv4 += commands[IPV4]
        ipv6 += commands[IPV6]
    return Namespace(
        name=ROUTER,
        forwards=True,
        ipv4=tuple(ipv4),
        ipv6=tuple(ipv6),
        rules=table(
            "vpc",
            [
                *network_acl_chains(described, interfaces),
                *security_group_chains(described, interfaces),
                *edge_chains(described, interfaces),
                resolver_chain(dns_support=described.dns_support),
            ],
        ),
    )


def _interface_namespace(interface: Interface) -> Namespace:
    ipv4 = ["link set eth0 up"]
    ipv4 += [f"addr add {address}/32 dev eth0" for address in interface.ipv4]
    ipv4 += [f"route add {ROUTER_IPV4} dev eth0", f"route add default via {ROUTER_IPV4} dev eth0"]
    ipv6 = [f"addr add {address}/128 dev eth0 nodad" for address in interface.ipv6]
    if interface.ipv6:
        ipv6.append(f"route add default via {ROUTER_IPV6} dev eth0")
    return Namespace(
        name=interface.namespace,
        forwards=interface.kind == "nat",
        has_ipv6=bool(interface.ipv6),
        ipv4=tuple(ipv4),
        ipv6=tuple(ipv6),
        rules=nat_gateway_rules(interface) if interface.kind == "nat" else "",
    )


def _back_ipv4(described: Described, interfaces: tuple[Interface, ...]) -> tuple[str, ...]:
    """Return the internet's way to public addresses, and AWS services' to private ones."""
    public = [address for interface in interfaces for address in interface.public.values()]
    return (
        *(f"link set {name} up" for name in _OUTWARD),
        *(_via_router(f"{address}/32", INTERNET_GATEWAY) for address in public),
        *(_via_router(cidr, SERVICES) for cidr in described.ipv4_cidrs),
    )


def _via_router(destination: str, link: str) -> str:
    return f"route replace {destination} via {ROUTER_IPV4} dev {link} onlink"


def _back_ipv6(described: Described) -> tuple[str, ...]:
    return (
        *(f"addr add {INTERNET_IPV6}/64 dev {name} nodad" for name in _OUTWARD),
        *(
            f"route add {cidr} via {ROUTER_IPV6} dev {INTERNET_GATEWAY}"
            for cidr in described.ipv6_cidrs
        ),
    )
