"""Network ACLs: stateless, the first matching entry by number decides, each half on its own.

"Network ACL rules": https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from netprobe.analysis.compiled_acls import CompiledAcl, Lane, Refusal, write_entry
from netprobe.analysis.considered import weigh_acl
from netprobe.analysis.fabric import Place
from netprobe.analysis.leg import Leg
from netprobe.analysis.matching import admits_protocol, could_contain
from netprobe.analysis.near_misses import write_near_misses
from netprobe.analysis.walk import Walk
from netprobe.model.addresses import Address
from netprobe.model.trace import Blocker, Component, Dropped, Reason

READ_ACLS = "ec2:DescribeNetworkAcls"


def cross_acl(walk: Walk, leg: Leg, place: Place, *, egress: bool) -> None:
    """Let one half cross a subnet's ACL, and note what it does there."""
    acl = place.acl
    if acl is None:
        if place.subnet_id is not None:  # a regional NAT gateway is in no subnet
            walk.lack(READ_ACLS, Component.NETWORK_ACL, place.subnet_id, leg.half)
        return
    weigh_acl(walk, leg, acl.acl, egress=egress)
    lane = acl.lane(leg.kind, egress=egress)
    hop = lane.allows(leg.dst if egress else leg.src, leg.low, leg.high)
    if hop is None:
        _refuse(walk, leg, lane, _Crossing(acl, place, egress))
    else:
        leg.hops.append(hop)


@dataclass(frozen=True, slots=True)
class _Crossing:
    """One ACL, where and which way it is crossed."""

    acl: CompiledAcl
    place: Place
    egress: bool

    @property
    def way(self) -> str:
        """Return the direction and the subnet as people write them."""
        return f"{'egress' if self.egress else 'ingress'} of {self.place.subnet_id}"


def _refuse(walk: Walk, leg: Leg, lane: Lane, crossing: _Crossing) -> None:
    """Note what denies some or all of the ports, with the words for it."""
    egress = crossing.egress
    refusal = lane.refuse(leg.dst if egress else leg.src, leg.ports)
    if refusal.open_ports and refusal.allowing:
        leg.hops.append(crossing.acl.hop(refusal.allowing))
        walk.warnings.append(_warn(leg, refusal, crossing))
        return
    remote = leg.destination if egress else leg.source
    packet, end = leg.packet, "to" if egress else "from"
    perhaps = _might_pass(walk, leg, crossing.acl, remote, egress=egress)
    denied = Reason.ENTRY_DENIES if refusal.denying else Reason.NO_ENTRY_ALLOWS
    blocker = _write(
        leg,
        refusal,
        crossing,
        Reason.ASSUMED_ADDRESS if perhaps else denied,
        f"{crossing.way} denies the {leg.half}: {packet} {end} {remote}",
    )
    near_misses = write_near_misses(refusal.near_misses, packet, remote)
    dropped = Dropped(egress=egress, remote=remote, protocol=packet.protocol, ports=packet.ports)
    blocker = replace(blocker, near_misses=near_misses, dropped=dropped)
    if perhaps:
        walk.doubt(blocker)
    else:
        walk.block(blocker)


def _warn(leg: Leg, refusal: Refusal, crossing: _Crossing) -> Blocker:
    """Return the warning that some of the ports are closed, the same one at every crossing."""
    key = (crossing.place.subnet_id or "", leg.half)
    found = refusal.warnings.get(key)
    if found is None:
        closed = replace(leg.packet, ports=refusal.closed_ports or leg.ports)
        detail = f"{crossing.way} denies some ports of the {leg.half}: {closed}"
        found = _write(leg, refusal, crossing, Reason.SOME_PORTS_DENIED, detail)
        refusal.warnings[key] = found
    return found


def _write(
    leg: Leg, refusal: Refusal, crossing: _Crossing, reason: Reason, detail: str
) -> Blocker:
    denying = refusal.denying
    return Blocker(
        component=Component.NETWORK_ACL,
        resource_id=crossing.acl.acl.network_acl_id,
        half=leg.half,
        reason=reason,
        entry=write_entry(denying, "denies") if denying else "entry * denies all traffic",
        detail=detail,
        subnet_id=crossing.place.subnet_id,
    )


def _might_pass(walk: Walk, leg: Leg, acl: CompiledAcl, remote: Address, *, egress: bool) -> bool:
    """Tell whether an entry could allow the real address that the remote one stands for."""
    if not walk.assumed or remote != walk.flow.destination:
        return False
    packet = leg.packet
    return any(
        entry.allow
        and entry.egress is egress
        and could_contain(entry.cidr, remote)
        and admits_protocol(entry, packet)
        and bool(entry.ports & packet.ports)
        for entry in acl.acl.entries
    )
