"""Sets of security groups as numbers: what a set allows is found by the address's prefixes.

Only what is allowed is answered here; what is not needs words, and gets them from
``security_groups.judge_groups``.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from netprobe.analysis.compiled_routes import BITS
from netprobe.analysis.matching import describe, matches_icmp
from netprobe.analysis.prefix_lists import expand_prefix_list
from netprobe.model.addresses import Network
from netprobe.model.resources import SecurityGroupRule
from netprobe.model.snapshot import Snapshot
from netprobe.model.trace import Component, Hop

Row = tuple[int, int, int, Hop]
"""The rule's place among all of the set, its first and last port, and its hop."""


@dataclass(slots=True)
class _Rules:
    """The rules of one direction, family and protocol."""

    by_length: list[tuple[int, dict[int, list[Row]]]] = field(default_factory=list)
    by_group: dict[str, list[Row]] = field(default_factory=dict)


class CompiledGroups:
    """The union of some security groups; groups and lists that were not read allow nothing."""

    def __init__(self, snapshot: Snapshot, group_ids: tuple[str, ...]) -> None:
        self._snapshot = snapshot
        self._groups = [group for i in group_ids if (group := snapshot.security_group(i))]
        self._refers: tuple[bool, bool] | None = None
        self._rules: dict[tuple[bool, int, int, tuple[int, int] | None], _Rules] = {}

    def allows(  # noqa: PLR0913 # a packet's numbers and the direction; the hot path has no value for them
        self,
        protocol: int,
        icmp: tuple[int, int] | None,
        version: int,
        peer: int,
        port: int,
        peer_groups: frozenset[str] | None,
        *,
        egress: bool,
    ) -> Hop | None:
        """Return the first rule that allows one port to or from a peer, None when none does."""
        key = (egress, version, protocol, icmp)
        rules = self._rules.get(key)
        if rules is None:
            rules = self._rules[key] = self._compile(*key)
        best: Row | None = None
        for shift, rows in rules.by_length:
            for row in rows.get(peer >> shift, ()):
                if row[1] <= port <= row[2] and (best is None or row[0] < best[0]):
                    best = row
        if rules.by_group and peer_groups:
            for group_id in peer_groups:
                for row in rules.by_group.get(group_id, ()):
                    if row[1] <= port <= row[2] and (best is None or row[0] < best[0]):
                        best = row
        return None if best is None else best[3]

    def refers(self, *, egress: bool) -> bool:
        """Tell whether a rule of the direction refers to another group."""
        if self._refers is None:
            self._refers = (
                any(rule.group_id for group in self._groups for rule in group.ingress),
                any(rule.group_id for group in self._groups for rule in group.egress),
            )
        return self._refers[egress]

    def _compile(
        self, egress: bool, version: int, protocol: int, icmp: tuple[int, int] | None
    ) -> _Rules:
        rules = _Rules()
        lengths: dict[int, dict[int, list[Row]]] = {}
        place = 0
        for group in self._groups:
            for rule in group.egress if egress else group.ingress:
                place += 1
                if rule.protocol not in {None, protocol} or not matches_icmp(rule.icmp, icmp):
                    continue
                hop = _hop(group.group_id, rule, egress=egress)
                rows = [(place, low, high, hop) for low, high in rule.ports.ranges]
                if rule.group_id is not None:
                    rules.by_group.setdefault(rule.group_id, []).extend(rows)
                for cidr in self._cidrs(rule):
                    if cidr.version == version:
                        shift = BITS[version] - cidr.prefixlen
                        nets = lengths.setdefault(shift, {})
                        nets.setdefault(int(cidr.network_address) >> shift, []).extend(rows)
        rules.by_length = sorted(lengths.items())
        return rules

    def _cidrs(self, rule: SecurityGroupRule) -> tuple[Network, ...]:
        if rule.cidr is not None:
            return (rule.cidr,)
        if rule.prefix_list_id is None:
            return ()
        cidrs = expand_prefix_list(self._snapshot, rule.prefix_list_id)
        return () if isinstance(cidrs, str) else cidrs


def write_rule(rule: SecurityGroupRule, *, egress: bool) -> str:
    """Return a rule as people write it: ``tcp 443 to 0.0.0.0/0``."""
    peer = rule.cidr or rule.prefix_list_id or rule.group_id
    return describe(rule, peer=f"{'to' if egress else 'from'} {peer}")


def _hop(group_id: str, rule: SecurityGroupRule, *, egress: bool) -> Hop:
    return Hop(
        component=Component.SECURITY_GROUP,
        resource_id=group_id,
        entry=f"allows {write_rule(rule, egress=egress)}",
    )
