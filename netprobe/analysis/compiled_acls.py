"""Network ACLs as numbers, so that a packet which passes costs one short loop.

What is denied, wholly or for some ports, is looked at once for every block of addresses and ports
that the entries tell apart; ``network_acls`` makes the words of it.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field

from netprobe.analysis.matching import Kind, describe, matches_icmp
from netprobe.analysis.near_misses import Candidate, Unlike, candidate, find_near_misses
from netprobe.model.ports import PortSet
from netprobe.model.resources import NetworkAcl, NetworkAclEntry
from netprobe.model.trace import Blocker, Component, Half, Hop

LAST_USER_RULE = 32766
"""Above it are the ``*`` entries, 32767 for IPv4 and 32768 for IPv6, which deny the rest.

https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html
"""
MOST_REFUSALS = 4096
"""Ranges of source ports come with the flows, so what is kept for them is bounded."""

Row = tuple[int, int, int, int, Hop | None, NetworkAclEntry]
"""First and last address, first and last port, the hop of an entry that allows, the entry."""


@dataclass(slots=True)
class Refusal:
    """What an ACL says about a packet it does not let pass as a whole."""

    open_ports: PortSet
    closed_ports: PortSet | None
    """None for all of the packet's, when those are one port."""
    allowing: NetworkAclEntry | None
    """The first that allows some ports."""
    denying: NetworkAclEntry | None
    """The entry that denies most of the closed ports; None for ``*``."""
    near_misses: tuple[tuple[str, Unlike], ...]
    warnings: dict[tuple[str, Half], Blocker] = field(default_factory=dict, compare=False)
    """What was said of it at each subnet, where some ports pass: the same for every address."""


class Lane:
    """The entries of one direction, as packets of one family and protocol meet them."""

    def __init__(
        self,
        entries: list[NetworkAclEntry],
        hops: dict[int, Hop],
        kind: Kind,
    ) -> None:
        version, protocol, icmp = kind
        rows: list[Row] = []
        self._candidates: list[Candidate] = []
        for entry in entries:
            if entry.allow:
                text = hops[id(entry)].entry or ""
                self._candidates.append(candidate(entry, text, (entry.cidr,), kind))
            if (
                entry.cidr.version == version
                and entry.protocol in {None, protocol}
                and matches_icmp(entry.icmp, icmp)
            ):
                first, last = int(entry.cidr.network_address), int(entry.cidr.broadcast_address)
                hop = hops.get(id(entry))
                rows += [(first, last, low, high, hop, entry) for low, high in entry.ports.ranges]
        self._rows = tuple(rows)
        blocks = [block for item in self._candidates for block in item.blocks]
        blocks += [(row[0], row[1]) for row in rows]
        self._addresses = sorted({edge for first, last in blocks for edge in (first, last + 1)})
        ranges = [pair for item in self._candidates for pair in item.ports]
        ranges += [(row[2], row[3]) for row in rows]
        self._ports = sorted({edge for low, high in ranges for edge in (low, high + 1)})
        self._rows_of_block: dict[int, tuple[tuple[int, int, Hop | None], ...]] = {}
        self._refusals: dict[tuple[int, int, int], Refusal] = {}

    def allows(self, remote: int, low: int, high: int) -> Hop | None:
        """Return the entry that lets all ports from ``low`` to ``high`` pass, None otherwise."""
        block = bisect_right(self._addresses, remote)
        rows = self._rows_of_block.get(block)
        if rows is None:
            rows = self._rows_of_block[block] = tuple(
                (row[2], row[3], row[4]) for row in self._rows if row[0] <= remote <= row[1]
            )
        for from_port, to_port, hop in rows:
            if from_port <= high and low <= to_port:
                return hop if from_port <= low and high <= to_port else None
        return None

    def refuse(self, remote: int, ports: PortSet) -> Refusal:
        """Return what becomes of a packet that does not pass as a whole."""
        low, high = ports.ranges[0][0], ports.ranges[-1][1]
        where = bisect_right(self._addresses, remote)
        key = (where, -1, bisect_right(self._ports, low)) if low == high else (where, low, high)
        if len(ports.ranges) > 1:
            return self._refuse(remote, ports)
        found = self._refusals.get(key)
        if found is None:
            if len(self._refusals) >= MOST_REFUSALS:
                self._refusals.clear()
            found = self._refusals[key] = self._refuse(remote, ports)
        return found

    def _refuse(self, remote: int, ports: PortSet) -> Refusal:
        """Try the entries by number until one matches, port by port.

        An entry's ports are destination ports, and its CIDR is where the packet comes from
        (ingress) or goes to (egress).
        """
        left, opened, closed = ports, PortSet(), PortSet()
        allowing: NetworkAclEntry | None = None
        denials: list[tuple[int, NetworkAclEntry | None]] = []
        for first, last, from_port, to_port, _, entry in self._rows:
            part = left & PortSet.of(from_port, to_port) if first <= remote <= last else None
            if not part:
                continue
            left -= part
            if entry.allow:
                allowing = allowing or entry
                opened |= part
            else:
                closed |= part
                last_one = entry.rule_number > LAST_USER_RULE
                denials.append((_count(part), None if last_one else entry))
        denials.append((_count(left), None))
        closed |= left
        low, high = ports.ranges[0][0], ports.ranges[-1][1]
        return Refusal(
            open_ports=opened,
            closed_ports=None if low == high else closed,
            allowing=allowing,
            denying=max(denials, key=lambda item: item[0])[1],
            near_misses=() if opened else find_near_misses(self._candidates, remote, low, high),
        )


class CompiledAcl:
    """One network ACL, its entries in order and sorted by what they can match."""

    def __init__(self, acl: NetworkAcl) -> None:
        self.acl = acl
        ordered = sorted(acl.entries, key=lambda entry: entry.rule_number)
        self._entries = {
            egress: [entry for entry in ordered if entry.egress is egress]
            for egress in (False, True)
        }
        self._hops = {id(entry): self._hop(entry) for entry in ordered if entry.allow}
        self._inward: dict[Kind, Lane] = {}
        self._outward: dict[Kind, Lane] = {}

    def lane(self, kind: Kind, *, egress: bool) -> Lane:
        """Return the entries as packets of one direction and kind meet them."""
        lanes = self._outward if egress else self._inward
        found = lanes.get(kind)
        if found is None:
            found = lanes[kind] = Lane(self._entries[egress], self._hops, kind)
        return found

    def hop(self, entry: NetworkAclEntry) -> Hop:
        """Return the hop of an entry that allows, always the same one."""
        return self._hops[id(entry)]

    def _hop(self, entry: NetworkAclEntry) -> Hop:
        return Hop(
            component=Component.NETWORK_ACL,
            resource_id=self.acl.network_acl_id,
            entry=write_entry(entry, "allows"),
        )


def write_entry(entry: NetworkAclEntry, verb: str) -> str:
    """Return an entry as people write it: ``entry 100 allows tcp 443 to 0.0.0.0/0``."""
    end = "to" if entry.egress else "from"
    return f"entry {entry.rule_number} {verb} {describe(entry, peer=f'{end} {entry.cidr}')}"


def _count(ports: PortSet) -> int:
    return sum(high - low + 1 for low, high in ports.ranges)
