"""Rules that almost admit a packet, and the one thing that keeps each of them from it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from netprobe.analysis.matching import Kind, Packet, matches_icmp
from netprobe.model.addresses import Address, Network, family_of
from netprobe.model.resources import NetworkAclEntry, SecurityGroupRule

MOST = 10
"""More rules that almost match than a person would read."""


class Unlike(StrEnum):
    """The one difference between a rule and a packet, as the words for it."""

    FAMILY = "the flow is {family}"
    ADDRESS = "{address} is outside"
    PROTOCOL = "the flow is {packet}"
    PORT = "the flow needs {packet}"
    GROUP = "{address} is not in that group"
    LIST = "{address} is not in that list"
    NOTHING = "an entry before it denies"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A rule that allows, as numbers, for packets of one family and protocol."""

    text: str
    """The rule as people write it."""
    ports: tuple[tuple[int, int], ...]
    protocol_fits: bool
    blocks: tuple[tuple[int, int], ...] = ()
    """First and last addresses of the packet's family; empty when the rule has none of it."""
    elsewhere: Unlike = Unlike.ADDRESS
    """What it means to be in none of the blocks."""
    group_id: str | None = None

    def unlike(
        self, address: int, low: int, high: int, groups: frozenset[str] | None
    ) -> Unlike | None:
        """Return the only difference, ``NOTHING`` when there is none, None for more than one."""
        found = Unlike.NOTHING
        if self.group_id is not None:
            if self.group_id not in (groups or ()):
                found = Unlike.GROUP
        elif not any(first <= address <= last for first, last in self.blocks):
            found = self.elsewhere
        if not self.protocol_fits:
            other = Unlike.PROTOCOL
        elif not any(first <= high and low <= last for first, last in self.ports):
            other = Unlike.PORT
        else:
            return found
        return other if found is Unlike.NOTHING else None


def candidate(
    rule: SecurityGroupRule | NetworkAclEntry,
    text: str,
    cidrs: Iterable[Network],
    kind: Kind,
) -> Candidate:
    """Return a rule as a candidate for packets of one kind."""
    version, protocol, icmp = kind
    blocks = tuple(
        (int(cidr.network_address), int(cidr.broadcast_address))
        for cidr in cidrs
        if cidr.version == version
    )
    elsewhere = Unlike.ADDRESS if blocks else Unlike.FAMILY
    group_id = None
    if isinstance(rule, SecurityGroupRule):
        group_id = rule.group_id
        elsewhere = Unlike.LIST if rule.prefix_list_id else elsewhere
    return Candidate(
        text=text,
        ports=rule.ports.ranges,
        protocol_fits=rule.protocol in {None, protocol} and matches_icmp(rule.icmp, icmp),
        blocks=blocks,
        elsewhere=elsewhere,
        group_id=group_id,
    )


def find_near_misses(
    candidates: Iterable[Candidate],
    address: int,
    low: int,
    high: int,
    groups: frozenset[str] | None = None,
) -> tuple[tuple[str, Unlike], ...]:
    """Return the first candidates that one difference at most keeps from admitting a packet."""
    found: list[tuple[str, Unlike]] = []
    for item in candidates:
        unlike = item.unlike(address, low, high, groups)
        if unlike is not None:
            found.append((item.text, unlike))
            if len(found) == MOST:
                break
    return tuple(found)


def write_near_misses(
    found: Iterable[tuple[str, Unlike]], packet: Packet, address: Address
) -> tuple[str, ...]:
    """Return near misses as sentences about this packet."""
    words: dict[Unlike, str] = {}
    sentences = []
    for text, unlike in found:
        if unlike not in words:
            family = family_of(address).label
            words[unlike] = unlike.format(family=family, address=address, packet=packet)
        sentences.append(f"{text}, {words[unlike]}")
    return tuple(sentences)
