"""Network ACLs as numbers, so that a packet which passes costs one short loop.

Only what is allowed as a whole is answered here. What is denied, wholly or for some ports, needs
words, and gets them from ``network_acls.judge_acl``, which says the same at length.
"""

from __future__ import annotations

from netprobe.analysis.matching import describe, matches_icmp
from netprobe.model.resources import NetworkAcl, NetworkAclEntry
from netprobe.model.trace import Component, Hop

Row = tuple[int, int, int, int, Hop | None]
"""First and last address, first and last port, and the hop of an entry that allows."""


class CompiledAcl:
    """One network ACL, its entries in order and sorted by what they can match."""

    def __init__(self, acl: NetworkAcl) -> None:
        self.acl = acl
        self._ordered = sorted(acl.entries, key=lambda entry: entry.rule_number)
        self._hops: dict[int, Hop] = {}
        self._rows: dict[tuple[bool, int, int, tuple[int, int] | None], tuple[Row, ...]] = {}

    def allows(  # noqa: PLR0913 # a packet's five numbers and the direction; the hot path has no value for them
        self,
        protocol: int,
        icmp: tuple[int, int] | None,
        version: int,
        remote: int,
        low: int,
        high: int,
        *,
        egress: bool,
    ) -> Hop | None:
        """Return the entry that lets all ports from ``low`` to ``high`` pass, None otherwise."""
        key = (egress, version, protocol, icmp)
        rows = self._rows.get(key)
        if rows is None:
            rows = self._rows[key] = tuple(self._compile(*key))
        for first, last, from_port, to_port, hop in rows:
            if first <= remote <= last and from_port <= high and low <= to_port:
                return hop if from_port <= low and high <= to_port else None
        return None

    def _compile(
        self, egress: bool, version: int, protocol: int, icmp: tuple[int, int] | None
    ) -> list[Row]:
        rows: list[Row] = []
        for entry in self._ordered:
            if (
                entry.egress is egress
                and entry.cidr.version == version
                and entry.protocol in {None, protocol}
                and matches_icmp(entry.icmp, icmp)
            ):
                first, last = int(entry.cidr.network_address), int(entry.cidr.broadcast_address)
                hop = self.hop(entry) if entry.allow else None
                rows += [(first, last, low, high, hop) for low, high in entry.ports.ranges]
        return rows

    def hop(self, entry: NetworkAclEntry) -> Hop:
        """Return the hop of an entry that allows, always the same one."""
        found = self._hops.get(id(entry))
        if found is None:
            end = "to" if entry.egress else "from"
            what = describe(entry, peer=f"{end} {entry.cidr}")
            found = self._hops[id(entry)] = Hop(
                component=Component.NETWORK_ACL,
                resource_id=self.acl.network_acl_id,
                entry=f"entry {entry.rule_number} allows {what}",
            )
        return found
