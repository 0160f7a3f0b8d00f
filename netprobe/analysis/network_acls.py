"""Network ACLs: stateless, the first matching entry by number decides, each half on its own.

"Network ACL rules": https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html
"""

from __future__ import annotations

from dataclasses import replace

from netprobe.analysis.compiled_acls import CompiledAcl, Lane, Refusal, write_entry
from netprobe.analysis.fabric import Place
from netprobe.analysis.leg import Leg
from netprobe.analysis.matching import admits_protocol, could_contain
from netprobe.analysis.near_misses import write_near_misses
from netprobe.analysis.walk import Walk
from netprobe.model.addresses import Address
from netprobe.model.trace import Blocker, Component, Crossing, Reason

READ_ACLS = "ec2:DescribeNetworkAcls"


def cross_acl(walk: Walk, leg: Leg, place: Place, *, egress: bool) -> None:
    """Let one half cross a subnet's ACL, and note what it does there."""
    acl = place.acl
    if acl is None:
        if place.subnet_id is not None:  # a regional NAT gateway is in no subnet
            walk.lack(READ_ACLS, Component.NETWORK_ACL, place.subnet_id, leg.half)
        return
    lane = acl.lane(leg.kind, egress=egress)
    hop = lane.allows(leg.dst if egress else leg.src, leg.low, leg.high)
    if hop is None:
        _refuse(walk, leg, lane, place, egress=egress)
    else:
        leg.hops.append(hop)


def _refuse(walk: Walk, leg: Leg, lane: Lane, place: Place, *, egress: bool) -> None:
    """Note what denies some or all of the ports, with the words for it."""
    acl = place.acl
    if acl is None:
        return
    refusal = lane.refuse(leg.dst if egress else leg.src, leg.ports)
    if refusal.open_ports and refusal.allowing:
        leg.hops.append(acl.hop(refusal.allowing))
        walk.warnings.append(_warn(leg, acl, place, refusal, egress=egress))
        return
    remote = leg.destination if egress else leg.source
    packet, end = leg.packet, "to" if egress else "from"
    perhaps = _might_pass(walk, leg, acl, remote, egress=egress)
    denied = Reason.ENTRY_DENIES if refusal.denying else Reason.NO_ENTRY_ALLOWS
    blocker = _write(
        leg,
        acl,
        place,
        refusal,
        reason=Reason.ASSUMED_ADDRESS if perhaps else denied,
        detail=f"{_way(place, egress=egress)} denies the {leg.half}: {packet} {end} {remote}",
        near_misses=write_near_misses(refusal.near_misses, packet, remote),
        crossing=Crossing(
            egress=egress, remote=remote, protocol=packet.protocol, ports=packet.ports
        ),
    )
    if perhaps:
        walk.doubt(blocker)
    else:
        walk.block(blocker)


def _warn(leg: Leg, acl: CompiledAcl, place: Place, refusal: Refusal, *, egress: bool) -> Blocker:
    """Return the warning that some of the ports are closed, the same one at every crossing."""
    key = (place.subnet_id or "", leg.half)
    found = refusal.warnings.get(key)
    if found is None:
        closed = replace(leg.packet, ports=refusal.closed_ports or leg.ports)
        way = _way(place, egress=egress)
        detail = f"{way} denies some ports of the {leg.half}: {closed}"
        reason = Reason.SOME_PORTS_DENIED
        found = _write(leg, acl, place, refusal, reason=reason, detail=detail)
        refusal.warnings[key] = found
    return found


def _way(place: Place, *, egress: bool) -> str:
    return f"{'egress' if egress else 'ingress'} of {place.subnet_id}"


def _write(  # noqa: PLR0913 # a blocker is made of all of these
    leg: Leg,
    acl: CompiledAcl,
    place: Place,
    refusal: Refusal,
    *,
    reason: Reason,
    detail: str,
    near_misses: tuple[str, ...] = (),
    crossing: Crossing | None = None,
) -> Blocker:
    denying = refusal.denying
    return Blocker(
        component=Component.NETWORK_ACL,
        resource_id=acl.acl.network_acl_id,
        half=leg.half,
        reason=reason,
        entry=write_entry(denying, "denies") if denying else "entry * denies all traffic",
        detail=detail,
        near_misses=near_misses,
        subnet_id=place.subnet_id,
        crossing=crossing,
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
