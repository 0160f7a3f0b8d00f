"""What a compiled network consists of: namespaces, links, and where things listen in them."""

from __future__ import annotations

from dataclasses import dataclass

from netprobe.lab.network.endpoints import EndpointName

INTERNET, OUTSIDE = "internet", "outside"
"""Namespaces without an AWS id for their name: an interface's, a VPC's, a transit gateway's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Namespace:
    """A network namespace: kernel settings, ``ip`` commands of each family, nftables."""

    name: str
    forwards: bool = False
    has_ipv6: bool = True
    ipv4: tuple[str, ...] = ()
    ipv6: tuple[str, ...] = ()
    rules: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A pair of devices: namespace and device name at each end."""

    one: tuple[str, str]
    other: tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Topology:
    """All that must exist for the packets of a VPC, or of functions outside any."""

    vpc_id: str
    """Empty for the functions outside any VPC."""
    namespaces: tuple[Namespace, ...]
    links: tuple[Link, ...]
    resolver: tuple[str, tuple[str, ...]]
    """Where Amazon DNS listens: namespace and addresses."""
    functions: tuple[str, ...]
    """The namespaces functions run in: the ids of their interfaces."""
    internet_ports: tuple[int, ...]
    """The TCP ports that anything on the internet listens on."""
    endpoints: tuple[tuple[str, str], ...] = ()
    """The namespace of each interface endpoint's interface, and the endpoint's id."""
    names: tuple[EndpointName, ...] = ()
    translators: tuple[str, ...] = ()
    """The namespaces of NAT gateways that translate between IPv6 and IPv4."""


def chain(name: str, rules: list[str]) -> str:
    """Return one nftables chain."""
    lines = "\n".join(f"    {rule}" for rule in rules)
    return f"  chain {name} {{\n{lines}\n  }}"


def table(name: str, parts: list[str]) -> str:
    """Return one nftables table for both families."""
    return f"table inet {name} {{\n" + "\n".join(parts) + "\n}\n"
