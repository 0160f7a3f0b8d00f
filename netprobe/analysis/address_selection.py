"""Which of a name's addresses a client tries first, and from which address of its own.

RFC 6724 as glibc's ``getaddrinfo`` does it, with its own tables and without ``/etc/gai.conf``.
glibc kept the precedences of RFC 3484 and added labels: its precedences have no row for ULA,
Teredo or 6bone, and IPv4 has 10 where RFC 6724 has 35. ``docs/address-selection.md`` has both.

https://www.rfc-editor.org/rfc/rfc6724
https://man7.org/linux/man-pages/man5/gai.conf.5.html
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network

from netprobe.model.addresses import Address, Family, Network, contains, family_of, parse_network

LABELS: tuple[tuple[IPv6Network, int], ...] = tuple(
    (IPv6Network(prefix), label)
    for prefix, label in (
        ("::1/128", 0),
        ("::/96", 3),
        ("::ffff:0:0/96", 4),
        ("2001::/32", 7),
        ("2002::/16", 2),
        ("fec0::/10", 5),
        ("fc00::/7", 6),
        ("::/0", 1),
    )
)
PRECEDENCES: tuple[tuple[IPv6Network, int], ...] = tuple(
    (IPv6Network(prefix), precedence)
    for prefix, precedence in (
        ("::1/128", 50),
        ("::/96", 20),
        ("::ffff:0:0/96", 10),
        ("2002::/16", 30),
        ("::/0", 40),
    )
)
"""glibc's tables, the longest prefix first; IPv4 addresses are looked up as mapped ones."""

_LINK_LOCAL, _SITE_LOCAL, _GLOBAL = 2, 5, 14
"""Scopes, by the numbers of multicast scopes (RFC 6724 section 3.1)."""

_SCOPES: tuple[tuple[Network, int], ...] = tuple(
    (parse_network(prefix), scope)
    for prefix, scope in (
        ("169.254.0.0/16", _LINK_LOCAL),
        ("127.0.0.0/8", _LINK_LOCAL),
        ("fe80::/10", _LINK_LOCAL),
        ("::1/128", _LINK_LOCAL),
        ("fec0::/10", _SITE_LOCAL),
    )
)
_SCOPE_NAMES = {_LINK_LOCAL: "link-local", _SITE_LOCAL: "site-local", _GLOBAL: "global"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One destination at its place in the order."""

    destination: Address
    source: Address | None
    """The own address it would be reached from; None when the host has none of the family."""
    because: str = ""
    """Why it comes before the next one; empty for the last."""


@dataclass(frozen=True, slots=True)
class _Pair:
    destination: Address
    source: Address | None


def order_destinations(
    sources: Iterable[Address],
    destinations: Iterable[Address],
    subnets: Iterable[Network] = (),
) -> tuple[Choice, ...]:
    """Return the destinations in the order ``getaddrinfo`` returns them, with the reasons.

    ``sources`` are the host's own addresses of the families it has a route for, the preferred one
    first; ``subnets`` are those its IPv4 addresses are in, which matter between IPv4 destinations.
    """
    own, near = tuple(sources), tuple(subnets)
    pairs = [_Pair(item, choose_source(own, item)) for item in destinations]
    pairs.sort(key=functools.cmp_to_key(lambda one, other: _compare(one, other, near)[0]))
    reasons = [_compare(one, other, near)[1] for one, other in itertools.pairwise(pairs)]
    return tuple(
        Choice(destination=pair.destination, source=pair.source, because=reason)
        for pair, reason in zip(pairs, [*reasons, ""], strict=False)
    )


def choose_source(sources: Iterable[Address], destination: Address) -> Address | None:
    """Return the own address a destination is reached from (RFC 6724 section 5).

    Rules 1 (the same address), 2 (scope), 6 (label) and 8 (longest prefix); the others are about
    interfaces, deprecated, home and temporary addresses, which VPCs do not have. The kernel takes
    an IPv4 source from the route, which is the interface's first address.
    """
    usable = [item for item in sources if item.version == destination.version]
    if not usable or isinstance(destination, IPv4Address):
        return usable[0] if usable else None
    return max(usable, key=lambda item: _merit(item, destination))


def first_family(choices: Iterable[Choice]) -> Family | None:
    """Return the family a client tries first, None without any destination."""
    return next((family_of(item.destination) for item in choices), None)


def label_of(address: Address) -> int:
    """Return an address's label: equal ones go well together."""
    return _entry(LABELS, address)


def precedence_of(address: Address) -> int:
    """Return an address's precedence: the higher is preferred."""
    return _entry(PRECEDENCES, address)


def scope_of(address: Address) -> int:
    """Return how far an address is valid; private IPv4 and ULA are global (RFC 6724 3.2)."""
    return next((scope for network, scope in _SCOPES if contains(network, address)), _GLOBAL)


def _merit(source: Address, destination: Address) -> tuple[bool, int, bool, int]:
    """Return what makes a source the better one, the most important thing first."""
    scope, wanted = scope_of(source), scope_of(destination)
    # Of scopes that are wide enough the narrowest is best, of the others the widest.
    fits = _GLOBAL + 1 + _GLOBAL - scope if scope >= wanted else scope
    return (
        source == destination,
        fits,
        label_of(source) == label_of(destination),
        _common_bits(source, destination),
    )


def _compare(one: _Pair, other: _Pair, near: tuple[Network, ...]) -> tuple[int, str]:
    """Return which of two destinations comes first, and the first rule that tells them apart."""
    for rule in (_usable, _same_scope, _same_label, _precedence, _smaller_scope):
        found = rule(one, other)
        if found is not None:
            return found
    return _longest_prefix(one, other, near) or (0, "rule 10: in the order of the answer")


_Verdict = tuple[int, str] | None


def _usable(one: _Pair, other: _Pair) -> _Verdict:
    return _prefer(
        one.source is not None,
        other.source is not None,
        "rule 1: the host has no address to reach {loser} from",
        one,
        other,
    )


def _same_scope(one: _Pair, other: _Pair) -> _Verdict:
    text = "rule 2: the scope of {loser} is not that of its source {loser_source} ({scope})"
    return _prefer(_scopes_match(one), _scopes_match(other), text, one, other)


def _same_label(one: _Pair, other: _Pair) -> _Verdict:
    text = "rule 5: the label of {loser} is not that of its source {loser_source}"
    return _prefer(_labels_match(one), _labels_match(other), text, one, other)


def _precedence(one: _Pair, other: _Pair) -> _Verdict:
    ours, theirs = precedence_of(one.destination), precedence_of(other.destination)
    high, low = max(ours, theirs), min(ours, theirs)
    text = f"rule 6 with glibc's table: {{winner}} has precedence {high}, {{loser}} {low}"
    return _prefer(ours, theirs, text, one, other)


def _smaller_scope(one: _Pair, other: _Pair) -> _Verdict:
    text = "rule 8: the scope of {winner} is smaller"
    return _prefer(-scope_of(one.destination), -scope_of(other.destination), text, one, other)


def _longest_prefix(one: _Pair, other: _Pair, near: tuple[Network, ...]) -> _Verdict:
    """Compare the bits a destination shares with its source; of IPv4, inside a subnet only."""
    if one.destination.version != other.destination.version:
        return None
    text = "rule 9: {winner} shares the longer prefix with its source"
    return _prefer(_shared(one, near), _shared(other, near), text, one, other)


def _prefer(ours: int, theirs: int, text: str, one: _Pair, other: _Pair) -> _Verdict:
    """Return the verdict for the higher value, None for equal ones."""
    if ours == theirs:
        return None
    winner, loser = (one, other) if ours > theirs else (other, one)
    scope = _SCOPE_NAMES[scope_of(loser.source)] if loser.source is not None else ""
    said = text.format(
        winner=winner.destination,
        loser=loser.destination,
        loser_source=loser.source,
        scope=scope,
    )
    return (-1 if winner is one else 1), said


def _scopes_match(pair: _Pair) -> bool:
    return pair.source is not None and scope_of(pair.source) == scope_of(pair.destination)


def _labels_match(pair: _Pair) -> bool:
    return pair.source is not None and label_of(pair.source) == label_of(pair.destination)


def _shared(pair: _Pair, near: tuple[Network, ...]) -> int:
    if pair.source is None:
        return 0
    source, destination = pair.source, pair.destination
    if isinstance(destination, IPv4Address) and not any(
        contains(network, source) and contains(network, destination) for network in near
    ):
        return 0
    return _common_bits(source, destination)


def _common_bits(one: Address, other: Address) -> int:
    return one.max_prefixlen - (int(one) ^ int(other)).bit_length()


def _entry(table: tuple[tuple[IPv6Network, int], ...], address: Address) -> int:
    mapped = IPv6Address(f"::ffff:{address}") if isinstance(address, IPv4Address) else address
    return next(value for network, value in table if mapped in network)
