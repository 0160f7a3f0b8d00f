"""What a VPC's router remembers of a connection, beyond that there is one: bits of its mark."""

from __future__ import annotations

from netprobe.lab.network.interfaces import Interface
from netprobe.lab.network.layout import chain
from netprobe.lab.network.routes import EGRESS_ONLY, INTERNET_GATEWAY, SERVICES
from netprobe.lab.network.sites import Door, Site

EGRESS_ONLY_MARK = 1
"""It left by an egress-only gateway or an endpoint: its IPv6 replies come in by the internet
gateway's link."""
_RETURN_UNIT, _RETURN_BITS = 0x100, 0xFF00
_FIRST_MIDDLEBOX, _MOST_MIDDLEBOXES = 0x10000, 15


def middlebox_marks(site: Site) -> list[tuple[Interface, int]]:
    """Return the bit of each interface that passes packets on: the connection came by it."""
    boxes = [i for i in site.interfaces if i.forwards and i.group_ids is not None]
    return [
        (box, _FIRST_MIDDLEBOX << number) for number, box in enumerate(boxes[:_MOST_MIDDLEBOXES])
    ]


def return_marks(site: Site) -> list[tuple[Door, int]]:
    """Return the mark of what came from a NAT gateway through each peering connection."""
    doors = [door for door in site.doors if door.kind == "peering"]
    return [(door, _RETURN_UNIT * number) for number, door in enumerate(doors, 1)]


def mark_chains(site: Site, sites: tuple[Site, ...]) -> list[str]:
    """Return the chains that lead replies back the way the request came, where AWS does so.

    What a NAT gateway sends through a peering connection is answered through it, whatever the
    far subnet's table says: "return to sender" in
    https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html
    """
    arriving, leaving = [], []
    bit = EGRESS_ONLY_MARK
    leaving.append(f"oifname {{ {EGRESS_ONLY}, {SERVICES} }} ct mark set ct mark or {bit}")
    arriving.append(
        f"iifname {INTERNET_GATEWAY} ct direction reply ct mark and {bit} == {bit} "
        f"meta mark set {bit}"
    )
    by_id = {item.vpc_id: item for item in sites}
    for door, mark in return_marks(site):
        senders = [a for i in by_id[door.far].interfaces if i.kind == "nat" for a in i.ipv4]
        if senders:
            origin = f"iifname {door.device} ip saddr {{ {', '.join(senders)} }}"
            arriving.append(f"{origin} ct mark set ct mark or {mark}")
            known = f"ct direction reply ct mark and {_RETURN_BITS} == {mark}"
            arriving.append(f"{known} meta mark set {mark}")
    # Before the routing decision for replies, after it for what leaves.
    heads = (
        ("mark_in", "prerouting priority -140", arriving),
        ("mark_out", "forward priority 0", leaving),
    )
    return [
        chain(name, [f"type filter hook {hook}; policy accept;", *rules])
        for name, hook, rules in heads
        if rules
    ]
