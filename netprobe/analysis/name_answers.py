"""All the addresses a client gets for a name, both families, and which it tries first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address

from netprobe.analysis.address_selection import Choice, first_family, order_destinations
from netprobe.analysis.name_resolution import read_literal, resolve
from netprobe.analysis.places import representative_address
from netprobe.analysis.stand_ins import Compiled, stand_in
from netprobe.model.addresses import Address, Family, Network, family_of
from netprobe.model.flow import Source
from netprobe.model.snapshot import Snapshot
from netprobe.model.trace import Resolution

SANDBOX_IPV4 = IPv4Address("169.254.100.6")
"""Stands for the link-local IPv4 address that a function has in its sandbox.

No AWS page names it; reports differ in the last bytes and agree on 169.254.0.0/16, which is all
that matters here: ``docs/address-selection.md``.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class NameAnswers:
    """What a client at one source makes of a name."""

    resolutions: tuple[Resolution, ...]
    """One for each family that can be asked for; a literal address has only its own."""
    choices: tuple[Choice, ...]
    """In the order a client tries them; addresses that are not known are stood in for."""

    @property
    def first(self) -> Family | None:
        """Return the family a client tries first, None when the name has no address at all."""
        return first_family(self.choices)

    def of(self, family: Family) -> Resolution | None:
        """Return the answer in one family, None for a literal address of the other."""
        return next((item for item in self.resolutions if item.family is family), None)


def answer_name(
    snapshot: Snapshot,
    source: Source,
    name: str,
    observed: tuple[Address, ...] = (),
    compiled: Compiled | None = None,
) -> NameAnswers:
    """Return the addresses of a name for a source: a host name, an API's, a load balancer's.

    Asking is the costly part of tracing to a name; whoever traces many flows keeps the answers by
    the source's VPC and subnet, and gives the tables that are ``compiled`` already.
    """
    literal = read_literal(name)
    families = tuple(Family) if literal is None else (family_of(literal),)
    asked = [resolve(snapshot, source.vpc_id, name, family, observed) for family in families]
    answers = [_answer(snapshot, source, item, observed, compiled) for item in asked]
    # Record sets of one name may repeat an address, as weighted ones do.
    found = dict.fromkeys(address for _, addresses in answers for address in addresses)
    choices = order_destinations(
        source_addresses(snapshot, source), found, _subnets(snapshot, source)
    )
    return NameAnswers(resolutions=tuple(item for item, _ in answers), choices=choices)


def source_addresses(snapshot: Snapshot, source: Source) -> tuple[Address, ...]:
    """Return the addresses a client at the source has, or such as stand for them.

    A function's are not those of its network interface: inside its sandbox IPv4 is link-local.
    """
    if source.addresses:
        return source.addresses
    interface = snapshot.network_interface(source.interface_id or "")
    if interface is not None and source.function_name is None:
        return interface.addresses
    return tuple(_addresses(snapshot, source))


def _addresses(snapshot: Snapshot, source: Source) -> Iterator[Address]:
    ipv4 = representative_address(snapshot, source.subnet_id, Family.IPV4)
    if source.function_name is not None:
        yield SANDBOX_IPV4
    elif ipv4 is not None:
        yield ipv4
    ipv6 = representative_address(snapshot, source.subnet_id, Family.IPV6)
    if ipv6 is not None and source.ipv6_allowed:
        yield ipv6


def _answer(
    snapshot: Snapshot,
    source: Source,
    found: Resolution,
    observed: tuple[Address, ...],
    compiled: Compiled | None,
) -> tuple[Resolution, tuple[Address, ...]]:
    """Return one family's answer and the addresses that a client gets."""
    if found.addresses:
        return found, found.addresses
    found, address = stand_in(snapshot, source, found, observed, compiled)
    return found, () if found.lacks_record else found.addresses or (address,)


def _subnets(snapshot: Snapshot, source: Source) -> tuple[Network, ...]:
    subnet = snapshot.subnet(source.subnet_id)
    return (subnet.ipv4_cidr,) if subnet is not None and subnet.ipv4_cidr is not None else ()
