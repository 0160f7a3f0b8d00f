"""Network ACLs: stateless, the first matching entry by number decides, each half on its own.

"Network ACL rules": https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from netprobe.analysis.matching import (
    Packet,
    admits_protocol,
    could_contain,
    describe,
    differences,
)
from netprobe.analysis.walk import Crossing, Walk
from netprobe.model.addresses import Address, Network, contains
from netprobe.model.ports import PortSet
from netprobe.model.resources import NetworkAcl, NetworkAclEntry
from netprobe.model.trace import Blocker, Component, Half, Hop, Reason

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


def cross_acl(walk: Walk, crossing: Crossing, half: Half) -> None:
    """Let one half cross a subnet's ACL, and note what it does there."""
    acl = walk.snapshot.network_acl_of(crossing.subnet_id)
    if acl is None:
        walk.lack(READ_ACLS, Component.NETWORK_ACL, crossing.subnet_id, half)
        return
    packet = walk.request if half is Half.REQUEST else walk.reply(crossing.ports)
    verdict = judge_acl(acl, packet, crossing.remote, egress=crossing.egress)
    passage = _Passage(acl, packet, crossing, half)
    if verdict.open_ports:
        entry = passage.write(verdict.entry, "allows")
        walk.meet(
            Hop(component=Component.NETWORK_ACL, resource_id=acl.network_acl_id, entry=entry), half
        )
        if verdict.closed_ports:
            walk.warnings.append(passage.deny(verdict, Reason.SOME_PORTS_DENIED))
    elif _is_assumed(walk, crossing) and passage.might_pass():
        walk.doubt(passage.deny(verdict, Reason.ASSUMED_ADDRESS))
    else:
        denied = Reason.ENTRY_DENIES if verdict.denying else Reason.NO_ENTRY_ALLOWS
        walk.block(passage.deny(verdict, denied))


def _is_assumed(walk: Walk, crossing: Crossing) -> bool:
    return walk.assumed and crossing.remote == walk.flow.destination


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
    crossing: Crossing
    half: Half

    def write(self, entry: NetworkAclEntry | None, verb: str) -> str:
        """Return an entry as people write it; None is the last one, ``*``."""
        if entry is None:
            return f"entry * {verb} all traffic"
        return f"entry {entry.rule_number} {verb} {describe(entry, peer=self._peer(entry.cidr))}"

    def deny(self, verdict: AclVerdict, reason: Reason) -> Blocker:
        """Return the blocker, or the warning, for the ports the ACL closes."""
        way = "egress" if self.crossing.egress else "ingress"
        closed = replace(self.packet, ports=verdict.closed_ports)
        return Blocker(
            component=Component.NETWORK_ACL,
            resource_id=self.acl.network_acl_id,
            half=self.half,
            reason=reason,
            entry=self.write(verdict.denying, "denies"),
            detail=f"{way} of {self.crossing.subnet_id} denies the {self.half}: {closed} "
            f"{self._peer(self.crossing.remote)}",
            near_misses=tuple(self._near_misses()),
            subnet_id=self.crossing.subnet_id,
        )

    def might_pass(self) -> bool:
        """Tell whether an entry could allow the real address that the remote one stands for."""
        return any(
            entry.allow
            and could_contain(entry.cidr, self.crossing.remote)
            and admits_protocol(entry, self.packet)
            and bool(entry.ports & self.packet.ports)
            for entry in _ordered(self.acl, egress=self.crossing.egress)
        )

    def _peer(self, value: Address | Network) -> str:
        return f"{'to' if self.crossing.egress else 'from'} {value}"

    def _near_misses(self) -> Iterator[str]:
        """Yield entries that allow all but one thing, and those that come too late."""
        for entry in _ordered(self.acl, egress=self.crossing.egress):
            found = differences(entry, self.packet, self.crossing.remote) if entry.allow else ()
            if entry.allow and len(found) <= 1:
                why = found[0] if found else "an entry before it denies"
                yield f"{self.write(entry, 'allows')}, {why}"
