"""The namespace of a VPC's router: routing tables, and the filters and gateways in its way."""

from __future__ import annotations

from ipaddress import IPv4Network

from netprobe.lab.network import nat64
from netprobe.lab.network.described import Described
from netprobe.lab.network.filters import network_acl_chains, security_group_chains
from netprobe.lab.network.gateways import (
    RESOLVER_IPV4,
    RESOLVER_IPV6,
    TIME_IPV4,
    TIME_IPV6,
    edge_chains,
    nat_gateway_rules,
    resolver_chain,
)
from netprobe.lab.network.interfaces import Interface
from netprobe.lab.network.layout import Namespace, table
from netprobe.lab.network.marks import EGRESS_ONLY_MARK, mark_chains, return_marks
from netprobe.lab.network.matches import IPV4, IPV6, family_of
from netprobe.lab.network.public_access import public_access_chains
from netprobe.lab.network.routes import (
    EGRESS_ONLY,
    INTERNET_GATEWAY,
    NAT64_IPV6,
    SERVICES,
    table_commands,
    table_number,
)
from netprobe.lab.network.sites import ROUTER_IPV4, ROUTER_IPV6, Site

OUTWARD = (INTERNET_GATEWAY, EGRESS_ONLY, SERVICES)
_PEERS_TABLE, _EDGE_TABLE, _REGIONAL_TABLES, _RETURN_TABLES = 90, 91, 3000, 5000

Commands = dict[int, list[str]]


def resolver_addresses(described: Described) -> tuple[str, ...]:
    """Return where Amazon DNS listens: 169.254.169.253, fd00:ec2::253 and "VPC+2".

    See "Amazon DNS server" in the Amazon VPC user guide.
    """
    plus_two = str(IPv4Network(described.ipv4_cidrs[0])[2])
    return (RESOLVER_IPV4, plus_two, RESOLVER_IPV6)


def router_namespace(site: Site, sites: tuple[Site, ...]) -> Namespace:
    """Return the router of a VPC that stands among others."""
    commands = _addresses(site)
    for part in (_interfaces(site), _subnet_tables(site), _doors(site), _edge(site)):
        for family, lines in part.items():
            commands[family] += lines
    return Namespace(
        name=site.vpc_id,
        forwards=True,
        ipv4=tuple(commands[IPV4]),
        ipv6=tuple(commands[IPV6]),
        rules=table(
            "vpc",
            [
                *network_acl_chains(site),
                *security_group_chains(site, sites),
                *public_access_chains(site),
                *edge_chains(site),
                resolver_chain(site),
                *mark_chains(site, sites),
            ],
        ),
    )


def _addresses(site: Site) -> Commands:
    ipv4, ipv6 = [], []
    for address in (*resolver_addresses(site.described), TIME_IPV4, TIME_IPV6):
        if ":" in address:
            ipv6.append(f"addr add {address}/128 dev lo nodad")
        else:
            ipv4.append(f"addr add {address}/32 dev lo")
    peer_ipv4, peer_ipv6 = site.peer_addresses
    ipv4.append(f"addr add {ROUTER_IPV4}/32 dev lo")
    ipv4.append("route add blackhole default")
    ipv6.append("route add blackhole default metric 4096")
    doors = {door.device: door for door in site.doors}
    for device in (*OUTWARD, *doors, *(interface.device for interface in site.interfaces)):
        ipv4.append(f"link set {device} up")
        door = doors.get(device)
        if door is not None and door.kind == "peering":
            # Each router asks by an address the other does not have: it drops its own as forged.
            ipv4.append(f"addr add {peer_ipv4}/32 dev {device}")
            ipv6.append(f"addr add {peer_ipv6}/64 dev {device} nodad")
        else:
            ipv6.append(f"addr add {ROUTER_IPV6}/64 dev {device} nodad")
    return {IPV4: ipv4, IPV6: ipv6}


def _interfaces(site: Site) -> Commands:
    """Return the host route of each interface, and which table its packets follow.

    Inside a subnet no route table is asked: "Subnet routing" in
    https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html
    """
    ipv4, ipv6 = [], []
    subnets = site.subnet_ids
    regional = _REGIONAL_TABLES
    for interface in site.interfaces:
        device = interface.device
        ipv4 += [f"route replace {address}/32 dev {device}" for address in interface.ipv4]
        ipv6 += [f"route replace {address}/128 dev {device}" for address in interface.ipv6]
        if interface.nat64:
            ipv6.append(f"route replace {NAT64_IPV6} dev {device}")
        for cidr in site.described.cidrs_of(interface.subnet_id):
            rule = f"rule add iif {device} to {cidr} lookup main pref 90"
            (ipv6 if ":" in cidr else ipv4).append(rule)
        if interface.subnet_id:
            number = table_number(subnets.index(interface.subnet_id))
        else:
            number = regional = regional + 1
            own = site.described.route_table(interface.route_table_id)
            commands = table_commands(number, own, site)
            ipv4 += commands[IPV4]
            ipv6 += commands[IPV6]
        rule = f"rule add iif {device} lookup {number} pref 100"
        ipv4.append(rule)
        ipv6.append(rule)
    return {IPV4: ipv4, IPV6: ipv6}


def _subnet_tables(site: Site) -> Commands:
    commands: Commands = {IPV4: [], IPV6: []}
    for index, subnet_id in enumerate(site.subnet_ids):
        own = site.described.route_table_of(subnet_id)
        zone = site.described.zone_of(subnet_id)
        for family, lines in table_commands(table_number(index), own, site, zone).items():
            commands[family] += lines
    return commands


def _doors(site: Site) -> Commands:
    """Return the tables of what comes from other routers.

    A transit gateway's packets follow the table of the attachment's subnet; what comes through a
    peering connection goes to the VPC's own addresses and nowhere else:
    https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html
    """
    commands: Commands = {IPV4: [], IPV6: []}
    for door in site.doors:
        number = _PEERS_TABLE
        if door.kind == "transit":
            number = table_number(site.subnet_ids.index(door.subnet_id))
            for cidr in site.described.cidrs_of(door.subnet_id):  # no table inside a subnet
                rule = f"rule add iif {door.device} to {cidr} lookup main pref 90"
                commands[family_of(cidr)].append(rule)
        for lines in commands.values():
            lines.append(f"rule add iif {door.device} lookup {number} pref 100")
    if any(door.kind == "peering" for door in site.doors):
        for cidr in (*site.described.ipv4_cidrs, *site.described.ipv6_cidrs):
            commands[family_of(cidr)].append(f"route add throw {cidr} table {_PEERS_TABLE}")
        for lines in commands.values():
            lines.append(f"route add blackhole default table {_PEERS_TABLE}")
    return commands


def _edge(site: Site) -> Commands:
    """Return the route table of an internet gateway, which what comes in by it follows.

    Replies through an egress-only gateway come in by the same link and do not.
    """
    commands: Commands = {IPV4: [], IPV6: []}
    if own := _edge_table(site):
        commands = table_commands(_EDGE_TABLE, own, site)
        for lines in commands.values():
            lines.append(f"rule add iif {INTERNET_GATEWAY} lookup {_EDGE_TABLE} pref 100")
            lines.append(f"rule add fwmark {EGRESS_ONLY_MARK} lookup main pref 80")
    for number, (door, mark) in enumerate(return_marks(site), _RETURN_TABLES):
        commands[IPV4] += [
            f"rule add fwmark {mark} lookup {number} pref 81",
            f"route add default via {door.via[IPV4]} dev {door.device} onlink table {number}",
        ]
    return commands


def _edge_table(site: Site) -> dict[str, object] | None:
    for gateway in site.described.internet_gateways:
        if found := site.described.edge_table_of(gateway["InternetGatewayId"]):
            return dict(found)
    return None


def interface_namespace(interface: Interface) -> Namespace:
    """Return the namespace of a network interface."""
    ipv4 = ["link set eth0 up"]
    ipv4 += [f"addr add {address}/32 dev eth0" for address in interface.ipv4]
    ipv4 += [f"route add {ROUTER_IPV4} dev eth0", f"route add default via {ROUTER_IPV4} dev eth0"]
    ipv6 = [f"addr add {address}/128 dev eth0 nodad" for address in interface.ipv6]
    if interface.ipv6 or interface.nat64:
        ipv6.append(f"route add default via {ROUTER_IPV6} dev eth0")
    if interface.nat64:
        ipv6.insert(0, f"addr add {NAT64_IPV6}/64 dev eth0 nodad")
        more_ipv4, more_ipv6 = nat64.device_commands()
        ipv4 += more_ipv4
        ipv6 += more_ipv6
    return Namespace(
        name=interface.namespace,
        forwards=interface.forwards,
        has_ipv6=bool(interface.ipv6) or interface.nat64,
        ipv4=tuple(ipv4),
        ipv6=tuple(ipv6),
        rules=nat_gateway_rules(interface) if interface.kind == "nat" else "",
    )
