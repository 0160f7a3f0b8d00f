"""Sets of security groups as numbers: what a set allows is found by the address's prefixes.

What is not allowed is looked at once for every block of addresses and ports that the rules tell
apart; ``security_groups`` makes the words of it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from netprobe.analysis.compiled_routes import BITS
from netprobe.analysis.matching import Kind, could_contain, describe, matches_icmp
from netprobe.analysis.near_misses import Candidate, Unlike, candidate, find_near_misses
from netprobe.analysis.prefix_lists import expand_prefix_list
from netprobe.model.addresses import Address, Network
from netprobe.model.resources import SecurityGroup, SecurityGroupRule
from netprobe.model.snapshot import Snapshot
from netprobe.model.trace import Component, Hop

READ_GROUPS = "ec2:DescribeSecurityGroups"
READ_INTERFACES = "ec2:DescribeNetworkInterfaces"
MOST_REFUSALS = 8192
"""What is kept of refusals is bounded."""

Row = tuple[int, int, int, Hop]
"""The rule's place among all of the set, its first and last port, and its hop."""
Groups = frozenset[str] | None
"""Groups of the interface that has the peer's address; None when they could not be read."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a set of groups says about a packet that no rule is known to allow."""

    near_misses: tuple[tuple[str, Unlike], ...]
    unread: tuple[str, ...]
    """Calls without which a rule might allow it."""


class Lane:
    """The rules of one direction, as packets of one family and protocol meet them."""

    def __init__(
        self,
        snapshot: Snapshot,
        rules: Iterable[tuple[str, SecurityGroupRule, Hop]],
        kind: Kind,
    ) -> None:
        version, protocol, icmp = kind
        lengths: dict[int, dict[int, list[Row]]] = {}
        self._by_group: dict[str, list[Row]] = {}
        self._candidates: list[Candidate] = []
        self._unread: list[tuple[SecurityGroupRule, str]] = []
        self._rules: list[SecurityGroupRule] = []
        for place, (text, rule, hop) in enumerate(rules):
            cidrs = _cidrs(snapshot, rule)
            known = () if isinstance(cidrs, str) else cidrs
            self._candidates.append(candidate(rule, text, known, kind))
            if rule.protocol not in {None, protocol} or not matches_icmp(rule.icmp, icmp):
                continue
            self._rules.append(rule)
            if isinstance(cidrs, str):
                self._unread.append((rule, cidrs))
            rows = [(place, low, high, hop) for low, high in rule.ports.ranges]
            if rule.group_id is not None:
                self._by_group.setdefault(rule.group_id, []).extend(rows)
            for cidr in known:
                if cidr.version == version:
                    shift = BITS[version] - cidr.prefixlen
                    nets = lengths.setdefault(shift, {})
                    nets.setdefault(int(cidr.network_address) >> shift, []).extend(rows)
        self._by_length = sorted(lengths.items())
        blocks = [block for item in self._candidates for block in item.blocks]
        self._addresses = sorted({edge for first, last in blocks for edge in (first, last + 1)})
        ranges = [pair for item in self._candidates for pair in item.ports]
        self._ports = sorted({edge for low, high in ranges for edge in (low, high + 1)})
        self._refusals: dict[tuple[int, int, Groups], Refusal] = {}

    def allows(self, peer: int, port: int, groups: Groups) -> Hop | None:
        """Return the first rule that allows one port to or from a peer, None when none does."""
        best: Row | None = None
        for shift, rows in self._by_length:
            for row in rows.get(peer >> shift, ()):
                if row[1] <= port <= row[2] and (best is None or row[0] < best[0]):
                    best = row
        if self._by_group and groups:
            best = self._allows_by_group(port, groups, best)
        return None if best is None else best[3]

    def _allows_by_group(self, port: int, groups: frozenset[str], best: Row | None) -> Row | None:
        for group_id in groups:
            for row in self._by_group.get(group_id, ()):
                if row[1] <= port <= row[2] and (best is None or row[0] < best[0]):
                    best = row
        return best

    def refuse(self, peer: int, port: int, groups: Groups) -> Refusal:
        """Return what keeps a packet out that no rule is known to allow."""
        key = (bisect_right(self._addresses, peer), bisect_right(self._ports, port), groups)
        found = self._refusals.get(key)
        if found is None:
            if len(self._refusals) >= MOST_REFUSALS:
                self._refusals.clear()
            unread = [call for rule, call in self._unread if port in rule.ports]
            if groups is None and any(
                low <= port <= high for rows in self._by_group.values() for _, low, high, _ in rows
            ):
                unread.append(READ_INTERFACES)
            near_misses = find_near_misses(self._candidates, peer, port, port, groups)
            found = Refusal(near_misses=near_misses, unread=tuple(dict.fromkeys(unread)))
            self._refusals[key] = found
        return found

    def might_allow(self, snapshot: Snapshot, address: Address, port: int) -> bool:
        """Tell whether a rule could allow the real address that this one stands for.

        The lists AWS manages hold one service each; an assumed address of that service is taken
        from its list, so any other assumed address is not in it.
        """
        for rule in self._rules:
            if port not in rule.ports:
                continue
            cidrs = () if _is_managed(snapshot, rule) else _cidrs(snapshot, rule)
            if not isinstance(cidrs, str) and any(could_contain(i, address) for i in cidrs):
                return True
        return False


class CompiledGroups:
    """The union of some security groups; groups and lists that were not read allow nothing."""

    def __init__(self, snapshot: Snapshot, group_ids: tuple[str, ...]) -> None:
        self._snapshot = snapshot
        groups = [snapshot.security_group(item) for item in group_ids]
        self.unread = None in groups
        """A group of the set was not read, or is another account's."""
        known = [group for group in groups if group is not None]
        self._rules = {egress: _named(known, egress=egress) for egress in (False, True)}
        self._inward: dict[Kind, Lane] = {}
        self._outward: dict[Kind, Lane] = {}
        self.refers = any(rule.group_id for _, rule, _ in self._rules[True])
        """An egress rule refers to another group."""

    def lane(self, kind: Kind, *, egress: bool) -> Lane:
        """Return the rules as packets of one direction and kind meet them."""
        lanes = self._outward if egress else self._inward
        found = lanes.get(kind)
        if found is None:
            found = lanes[kind] = Lane(self._snapshot, self._rules[egress], kind)
        return found


def write_rule(rule: SecurityGroupRule, *, egress: bool) -> str:
    """Return a rule as people write it: ``allows tcp 443 to 0.0.0.0/0``."""
    peer = rule.cidr or rule.prefix_list_id or rule.group_id
    end = "to" if egress else "from"
    return f"allows {describe(rule, peer=f'{end} {peer}')}"


def _named(
    groups: Iterable[SecurityGroup], *, egress: bool
) -> tuple[tuple[str, SecurityGroupRule, Hop], ...]:
    """Return every rule with the words for it and its hop."""
    found = []
    for group in groups:
        for rule in group.egress if egress else group.ingress:
            entry = write_rule(rule, egress=egress)
            hop = Hop(component=Component.SECURITY_GROUP, resource_id=group.group_id, entry=entry)
            found.append((f"{group.group_id} {entry}", rule, hop))
    return tuple(found)


def _cidrs(snapshot: Snapshot, rule: SecurityGroupRule) -> tuple[Network, ...] | str:
    """Return what a rule's peer covers, or the call without which that is not known."""
    if rule.cidr is not None:
        return (rule.cidr,)
    if rule.prefix_list_id is None:
        return ()
    return expand_prefix_list(snapshot, rule.prefix_list_id)


def _is_managed(snapshot: Snapshot, rule: SecurityGroupRule) -> bool:
    found = snapshot.prefix_list(rule.prefix_list_id) if rule.prefix_list_id else None
    return found is not None and found.name.startswith("com.amazonaws.")
