"""Transit gateways: a namespace each, with a table for every attachment packets come by."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network

from netprobe.lab.network.described import Described, Json
from netprobe.lab.network.layout import Namespace
from netprobe.lab.network.matches import IPV4, IPV6, family_of
from netprobe.lab.network.sites import (
    ROUTER_IPV4,
    ROUTER_IPV6,
    TRANSIT_IPV4,
    TRANSIT_IPV6,
    Door,
    Site,
    attachment_device,
)

_FIRST_TABLE = 100
_VIA = {IPV4: ROUTER_IPV4, IPV6: ROUTER_IPV6}
_DEFAULT = {IPV4: "0.0.0.0/0", IPV6: "::/0"}


def transit_namespaces(sites: tuple[Site, ...]) -> Iterator[Namespace]:
    """Yield a namespace for each transit gateway that VPCs of the topology are attached to."""
    doors: dict[str, list[tuple[Door, Described]]] = {}
    for site in sites:
        for door in site.doors:
            if door.kind == "transit":
                doors.setdefault(door.resource_id, []).append((door, site.described))
    for gateway_id, own in sorted(doors.items()):
        ipv4 = [f"addr add {TRANSIT_IPV4}/32 dev lo", "route add blackhole default"]
        ipv4 += [f"link set {attachment_device(door)} up" for door, _ in own]
        ipv6 = ["route add blackhole default metric 4096"]
        # Every link is up before the first route over any of them.
        ipv4 += [f"link set {attachment_device(door)} up" for door, _ in own]
        for number, (door, described) in enumerate(own, _FIRST_TABLE):
            device = attachment_device(door)
            rule = f"rule add iif {device} lookup {number} pref 100"
            ipv4.append(rule)
            ipv6 += [f"addr add {TRANSIT_IPV6}/64 dev {device} nodad", rule]
            commands = _table(number, door, described, [item for item, _ in own])
            ipv4 += commands[IPV4]
            ipv6 += commands[IPV6]
        yield Namespace(name=gateway_id, forwards=True, ipv4=tuple(ipv4), ipv6=tuple(ipv6))


def _table(
    number: int, door: Door, described: Described, doors: list[Door]
) -> dict[int, list[str]]:
    """Return the routes that packets from one subnet of an attachment follow.

    An attachment is associated with at most one route table; without any it reaches nothing.
    The most specific route wins, then a static one, one of a prefix list, a propagated one:
    https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html
    """
    table_id = described.shared.transit_associations.get(door.attachment_id, "")
    chosen: dict[str, Json] = {}
    for route in sorted(described.shared.transit_routes.get(table_id, ()), key=_rank):
        for cidr in _destinations(route, described):
            chosen.setdefault(str(ip_network(cidr, strict=False)), route)
    commands: dict[int, list[str]] = {IPV4: [], IPV6: []}
    for cidr, route in chosen.items():
        family = family_of(cidr)
        hop = _next_hop(route, family, door, doors)
        lead = f"route add {cidr} {hop} onlink" if hop else f"route add blackhole {cidr}"
        commands[family].append(f"{lead} table {number}")
    for family, default in _DEFAULT.items():
        if default not in chosen:
            commands[family].append(f"route add blackhole {default} table {number}")
    return commands


def _rank(route: Json) -> tuple[bool, bool]:
    return route.get("Type") == "propagated", bool(route.get("PrefixListId"))


def _destinations(route: Json, described: Described) -> tuple[str, ...]:
    if prefix_list := route.get("PrefixListId"):
        return described.prefix_lists.get(prefix_list, ())
    cidr = route.get("DestinationCidrBlock")
    return (cidr,) if cidr else ()


def _next_hop(route: Json, family: int, door: Door, doors: list[Door]) -> str:
    """Return the hop into the attachment a route names, nothing where it leads out of the lab.

    Packets stay in the Availability Zone they came from where the attachment has a subnet in it:
    "Appliance mode" in https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html
    A transit gateway of another account answers nothing.
    """
    if route.get("State", "active") != "active":
        return ""
    named = {
        item.get("TransitGatewayAttachmentId")
        for item in route.get("TransitGatewayAttachments") or ()
    }
    candidates = [item for item in doors if item.attachment_id in named]
    candidates.sort(key=lambda item: (item.zone != door.zone, item.device))
    return f"via {_VIA[family]} dev {attachment_device(candidates[0])}" if candidates else ""
