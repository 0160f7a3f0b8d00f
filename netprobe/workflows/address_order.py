"""Why a sandbox tries one family of a name before the other: what it saw, by RFC 6724's rules."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping

from netprobe.analysis.address_selection import order_destinations
from netprobe.model.addresses import Address, family_of, parse_address

_NOT_THAT_ORDER = (
    "not in RFC 6724's order: the sandbox has an /etc/gai.conf of its own, or another C library"
)


def explain_order(given: Iterable[str], sources: Mapping[str, str]) -> str | None:
    """Return why ``getaddrinfo`` put one family first; None where there is only one.

    ``sources`` has by destination the address the kernel sends from, which is all that the rules
    ask of the host. Within a family the order is the resolver's as much as the rules', so only
    the families' order is held against them.
    """
    try:
        destinations = [parse_address(text) for text in given]
        own = [parse_address(text) for text in dict.fromkeys(sources.values())]
    except ValueError:
        return None
    if len({item.version for item in destinations}) < 2:  # noqa: PLR2004 # families
        return None
    choices = order_destinations(own, destinations)
    if _families(item.destination for item in choices) != _families(destinations):
        return _NOT_THAT_ORDER
    for one, other in itertools.pairwise(choices):
        if one.destination.version != other.destination.version:
            first, then = family_of(one.destination).label, family_of(other.destination).label
            return f"{first} before {then}, RFC 6724 {one.because}"
    return None


def _families(addresses: Iterable[Address]) -> list[int]:
    return [item.version for item in addresses]
