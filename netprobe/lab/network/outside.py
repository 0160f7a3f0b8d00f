"""The internet as the lab has it: one namespace that owns every address nobody else has."""

from __future__ import annotations

from ipaddress import IPv4Address, summarize_address_range

from netprobe.lab.network.gateways import RESOLVER_IPV4
from netprobe.lab.network.layout import INTERNET, OUTSIDE, Link, Namespace, Topology, chain, table
from netprobe.lab.network.matches import IPV4, IPV6, family_of
from netprobe.lab.network.routes import INTERNET_IPV4
from netprobe.lab.network.world import Host, World

OUTSIDE_ADDRESS = "198.51.100.254"
"""The source address of functions in no VPC."""
_OUTSIDE_GATEWAY = "169.254.1.1"
_SERVICES_IPV4 = (IPv4Address("198.51.100.40"), IPv4Address("198.51.100.250"))
_FRONT_ENDS = {
    IPV4: ("198.51.100.10/32", *map(str, summarize_address_range(*_SERVICES_IPV4))),
    IPV6: ("3fff:a::/64",),
}
"""Where AWS's own public addresses lie in the lab; S3 and DynamoDB have theirs besides."""
_WEB_PORTS = (80, 443)
_OWNS_THE_REST = ("rule add lookup 200 pref 40000", "route add local ::/0 dev lo table 200")
"""After all routes back: in the main table, a local default would make gateways local too."""


def ports_listened_on(world: World) -> tuple[int, ...]:
    """Return every TCP port that something on the internet listens on."""
    return tuple(sorted({*_WEB_PORTS, *(port for host in world.hosts for port in host.ports)}))


def internet_namespace(
    world: World,
    service_cidrs: tuple[str, ...],
    ipv4: tuple[str, ...],
    ipv6: tuple[str, ...],
) -> Namespace:
    """Return the internet's namespace; ``ipv4`` and ``ipv6`` are the commands that lead back.

    The addresses of all hosts are its own, so one socket a port serves them all, and the filter
    decides which exist. IPv4 answers only from addresses in the table ``local``; IPv6 takes any.
    """
    hosts = (f"{a}/32" for host in world.hosts for a in host.addresses if ":" not in a)
    services = (cidr for cidr in service_cidrs if ":" not in cidr)
    own = dict.fromkeys((*_FRONT_ENDS[IPV4], *services, *hosts))
    return Namespace(
        name=INTERNET,
        forwards=True,  # between the public addresses of two interfaces
        ipv4=(
            f"addr add {INTERNET_IPV4}/32 dev lo",
            "route add blackhole default",
            *(f"route replace local {cidr} dev lo table local" for cidr in own),
            *ipv4,
        ),
        ipv6=(*_OWNS_THE_REST, *ipv6),
        rules=table("internet", [*_sets(service_cidrs), chain("hosts", _rules(world))]),
    )


def _sets(service_cidrs: tuple[str, ...]) -> list[str]:
    sets = []
    for family in (IPV4, IPV6):
        own = (cidr for cidr in service_cidrs if family_of(cidr) == family)
        elements = ", ".join((*_FRONT_ENDS[family], *own))
        sets.append(
            f"  set services{family} {{ type ipv{family}_addr; flags interval; auto-merge; "
            f"elements = {{ {elements} }}; }}"
        )
    return sets


def _rules(world: World) -> list[str]:
    rules = [
        "type filter hook input priority 0; policy drop;",
        "iifname lo accept",
        "ct state established,related accept",
        "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept",
        f"ip daddr {RESOLVER_IPV4} meta l4proto {{ tcp, udp }} th dport 53 accept",
    ]
    for host in world.hosts:
        for address in host.addresses:
            rules += _host_rules(address, host)
    for address in dict.fromkeys(a for host in world.hosts for a in host.addresses):
        rules.append(f"{_to(address)} meta l4proto tcp reject with tcp reset")
    ports = ", ".join(map(str, _WEB_PORTS))
    rules.append(f"ip daddr @services4 tcp dport {{ {ports} }} accept")
    rules.append(f"ip6 daddr @services6 tcp dport {{ {ports} }} accept")
    return rules


def _host_rules(address: str, host: Host) -> list[str]:
    if host.behaviour == "drop":
        return [f"{_to(address)} drop"]
    if host.behaviour == "refuse":
        return []  # a closed port answers with a reset, below
    matches = [f"meta l4proto {number}" for number in host.protocols]
    if host.ports:
        matches.append(f"tcp dport {{ {', '.join(map(str, host.ports))} }}")
    if host.datagram_ports:
        matches.append(f"udp dport {{ {', '.join(map(str, host.datagram_ports))} }}")
    return [f"{_to(address)} {match} accept" for match in matches]


def _to(address: str) -> str:
    return f"{'ip6' if ':' in address else 'ip'} daddr {address}"


def compile_outside(world: World, service_cidrs: tuple[str, ...]) -> Topology:
    """Return the topology of functions in no VPC: the IPv4 internet, and nothing else.

    See "Giving Lambda functions access to resources in an Amazon VPC" in the AWS Lambda guide.
    """
    internet = internet_namespace(
        world,
        service_cidrs,
        (
            f"addr add {RESOLVER_IPV4}/32 dev lo",
            f"addr add {_OUTSIDE_GATEWAY}/32 dev lo",
            "link set open up",
            f"route add {OUTSIDE_ADDRESS}/32 dev open",
        ),
        (),
    )
    function = Namespace(
        name=OUTSIDE,
        has_ipv6=False,
        ipv4=(
            "link set eth0 up",
            f"addr add {OUTSIDE_ADDRESS}/32 dev eth0",
            f"route add {_OUTSIDE_GATEWAY} dev eth0",
            f"route add default via {_OUTSIDE_GATEWAY} dev eth0",
        ),
    )
    return Topology(
        vpc_id="",
        namespaces=(internet, function),
        links=(Link(one=(INTERNET, "open"), other=(OUTSIDE, "eth0")),),
        resolver=(INTERNET, (RESOLVER_IPV4,)),
        functions=(OUTSIDE,),
        internet_ports=ports_listened_on(world),
    )
