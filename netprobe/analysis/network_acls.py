"""Network ACLs: stateless, the first matching entry by number decides, each half on its own.

"Network ACL rules": https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace

from netprobe.analysis.compiled_acls import CompiledAcl
from netprobe.analysis.fabric import Place
from netprobe.analysis.leg import Leg
from netprobe.analysis.matching import (
    MOST_NEAR_MISSES,
    Packet,
    admits_protocol,
    could_contain,
    describe,
    differences,
)
from netprobe.analysis.walk import Walk
from netprobe.model.addresses import Address, Network, contains
from netprobe.model.ports import PortSet
from netprobe.model.resources import NetworkAcl, NetworkAclEntry
from netprobe.model.trace import Blocker, Component, Half, Reason

READ_ACLS = "ec2:DescribeNetworkAcls"

LAST_USER_RULE = 32766
"""Above it are the ``*`` entries, 32767 for IPv4 and 32768 for IPv6, which deny the rest.

https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class AclVerdict:
    """What an ACL says about a packet whose destination port may be any of a set."""

    open_ports: PortSet
    closed_ports: PortSet
    entry: NetworkAclEntry | None = None
    """The first that allows; with all ports closed, the one that denies most (None: ``*``)."""
    denying: NetworkAclEntry | None = None
    """The entry that denies most of the closed ports; None for ``*``."""


def judge_acl(acl: NetworkAcl, packet: Packet, remote: Address, *, egress: bool) -> AclVerdict:
    """Return which ports pass; entries are tried by number until one matches.

    An entry's ports are destination ports, and its CIDR is where the packet comes from (ingress)
    or goes to (egress).
    """
    left = packet.ports
    open_ports = closed_ports = PortSet()
    allowing: NetworkAclEntry | None = None
    denials: list[tuple[int, NetworkAclEntry | None]] = []
    for entry in _ordered(acl, egress=egress):
        if not contains(entry.cidr, remote) or not admits_protocol(entry, packet):
            continue
        part = left & entry.ports
        if not part:
            continue
        left -= part
        if entry.allow:
            allowing = allowing or entry
            open_ports |= part
        else:
            closed_ports |= part
            denials.append((_count(part), None if _is_last(entry) else entry))
        if not left:
            break
    denials.append((_count(left), None))
    denying = max(denials, key=lambda item: item[0])[1]
    return AclVerdict(
        open_ports=open_ports,
        closed_ports=closed_ports | left,
        entry=allowing or denying,
        denying=denying,
    )


def cross_acl(walk: Walk, leg: Leg, place: Place, *, egress: bool) -> None:
    """Let one half cross a subnet's ACL, and note what it does there."""
    if place.subnet_id is None:
        return  # a regional NAT gateway is in no subnet
    if place.acl is None:
        walk.lack(READ_ACLS, Component.NETWORK_ACL, place.subnet_id, leg.half)
        return
    remote = leg.dst if egress else leg.src
    hop = place.acl.allows(
        leg.protocol, leg.icmp, leg.version, remote, leg.low, leg.high, egress=egress
    )
    if hop is None:
        _judge_at_length(walk, leg, place.acl, place.subnet_id, egress=egress)
    else:
        walk.meet(hop, leg.half)


def _judge_at_length(
    walk: Walk, leg: Leg, compiled: CompiledAcl, subnet_id: str, *, egress: bool
) -> None:
    """Note what denies some or all of the ports, with the words for it."""
    acl, remote = compiled.acl, leg.destination if egress else leg.source
    verdict = judge_acl(acl, leg.packet, remote, egress=egress)
    passage = _Passage(acl, leg.packet, remote, subnet_id, egress, leg.half)
    if verdict.open_ports and verdict.entry:
        walk.meet(compiled.hop(verdict.entry), leg.half)
        if verdict.closed_ports:
            walk.warnings.append(passage.deny(verdict, Reason.SOME_PORTS_DENIED))
    elif walk.assumed and remote == walk.flow.destination and passage.might_pass():
        walk.doubt(passage.deny(verdict, Reason.ASSUMED_ADDRESS))
    else:
        denied = Reason.ENTRY_DENIES if verdict.denying else Reason.NO_ENTRY_ALLOWS
        walk.block(passage.deny(verdict, denied))


def _ordered(acl: NetworkAcl, *, egress: bool) -> list[NetworkAclEntry]:
    entries = [entry for entry in acl.entries if entry.egress is egress]
    return sorted(entries, key=lambda entry: entry.rule_number)


def _is_last(entry: NetworkAclEntry) -> bool:
    return entry.rule_number > LAST_USER_RULE


def _count(ports: PortSet) -> int:
    return sum(high - low + 1 for low, high in ports.ranges)


@dataclass(frozen=True, slots=True)
class _Passage:
    """One half at one ACL, and the words for what happens there."""

    acl: NetworkAcl
    packet: Packet
    remote: Address
    subnet_id: str
    egress: bool
    half: Half

    def deny(self, verdict: AclVerdict, reason: Reason) -> Blocker:
        """Return the blocker, or the warning, for the ports the ACL closes."""
        way = "egress" if self.egress else "ingress"
        closed = replace(self.packet, ports=verdict.closed_ports)
        return Blocker(
            component=Component.NETWORK_ACL,
            resource_id=self.acl.network_acl_id,
            half=self.half,
            reason=reason,
            entry=self._write(verdict.denying, "denies"),
            detail=f"{way} of {self.subnet_id} denies the {self.half}: {closed} "
            f"{self._peer(self.remote)}",
            near_misses=tuple(itertools.islice(self._near_misses(), MOST_NEAR_MISSES)),
            subnet_id=self.subnet_id,
        )

    def might_pass(self) -> bool:
        """Tell whether an entry could allow the real address that the remote one stands for."""
        return any(
            entry.allow
            and could_contain(entry.cidr, self.remote)
            and admits_protocol(entry, self.packet)
            and bool(entry.ports & self.packet.ports)
            for entry in _ordered(self.acl, egress=self.egress)
        )

    def _write(self, entry: NetworkAclEntry | None, verb: str) -> str:
        """Return an entry as people write it; None is the last one, ``*``."""
        if entry is None:
            return f"entry * {verb} all traffic"
        return f"entry {entry.rule_number} {verb} {describe(entry, peer=self._peer(entry.cidr))}"

    def _peer(self, value: Address | Network) -> str:
        return f"{'to' if self.egress else 'from'} {value}"

    def _near_misses(self) -> Iterator[str]:
        """Yield entries that allow all but one thing, and those that come too late."""
        for entry in _ordered(self.acl, egress=self.egress):
            found = differences(entry, self.packet, self.remote) if entry.allow else ()
            if entry.allow and len(found) <= 1:
                why = found[0] if found else "an entry before it denies"
                yield f"{self._write(entry, 'allows')}, {why}"
