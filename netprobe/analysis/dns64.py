"""AAAA records that the resolver makes from A records: DNS64, a subnet's option.

"DNS64 and NAT64": https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-nat64-dns64.html
RFC 6147 (DNS64), RFC 6052 (how the address is built).
"""

from __future__ import annotations

from dataclasses import replace

from netprobe.analysis.name_resolution import resolve
from netprobe.analysis.routing import effective_route_table, winning_route
from netprobe.analysis.walk import STAND_INS
from netprobe.model.addresses import NAT64_PREFIX, Address, Family, contains
from netprobe.model.flow import Source
from netprobe.model.snapshot import Snapshot
from netprobe.model.trace import Resolution

_NOT_MADE = frozenset({"none", "literal", "observed", "dns-firewall"})
"""Answers without a record that no record is made for: nobody answered, it is no name, or the
answer that was seen or blocked is the last word."""


def synthesise(
    snapshot: Snapshot, source: Source, resolution: Resolution, observed: tuple[Address, ...]
) -> tuple[Resolution, Address] | None:
    """Return the AAAA answer DNS64 makes for the source's subnet, and an address to walk to.

    Only a name that exists and has no AAAA record gets one (RFC 6147 section 5.1), one address
    for each of its A records. None is returned where none is made.
    """
    if not is_on(snapshot, source) or not _lacks_record(resolution):
        return None
    ipv4 = resolve(snapshot, source.vpc_id, resolution.name, Family.IPV4)
    if ipv4.lacks_record:
        return None
    seen = tuple(item for item in observed if contains(NAT64_PREFIX, item))
    made = seen or tuple(map(embed, ipv4.addresses))
    answer = replace(
        resolution,
        exists=True if seen or (ipv4.is_certain and resolution.is_certain) else None,
        expected=None if seen else ipv4.expected or ipv4.exists,
        origin="dns64",
        addresses=made,
        assumed=not seen and (ipv4.assumed or not made),
        unread=() if seen else tuple(dict.fromkeys((*resolution.unread, *ipv4.unread))),
        undecided="" if seen else resolution.undecided or ipv4.undecided,
        detail="DNS64 makes the AAAA record from the A record",
    )
    return answer, made[0] if made else embed(STAND_INS[Family.IPV4][0])


def embed(address: Address) -> Address:
    """Return the IPv6 address that stands for an IPv4 address (RFC 6052 section 2.2)."""
    return NAT64_PREFIX[int(address)]


def might_synthesise(snapshot: Snapshot, source: Source, resolution: Resolution) -> bool:
    """Tell whether DNS64 makes the record if there is none, which is not known.

    That matters only where the subnet's routes part the two: the made address and any other.
    """
    if resolution.exists is not None or resolution.family is Family.IPV4:
        return False
    if not is_on(snapshot, source):
        return False
    table = effective_route_table(snapshot, source.subnet_id)
    if table is None:
        return True
    made = winning_route(snapshot, table, embed(STAND_INS[Family.IPV4][0])).route
    return made != winning_route(snapshot, table, STAND_INS[Family.IPV6][0]).route


def is_on(snapshot: Snapshot, source: Source) -> bool:
    """Tell whether the source's subnet has DNS64: ``EnableDns64``."""
    subnet = snapshot.subnet(source.subnet_id)
    return subnet is not None and subnet.enable_dns64


def _lacks_record(resolution: Resolution) -> bool:
    return (
        resolution.family is Family.IPV6
        and resolution.lacks_record
        and not resolution.nxdomain
        and resolution.origin not in _NOT_MADE
    )
