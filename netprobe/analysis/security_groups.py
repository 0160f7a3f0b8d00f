"""Security groups: stateful, allow only, a union; references are by membership.

"Security group rules": https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
"""

from __future__ import annotations

from dataclasses import dataclass

from netprobe.analysis.compiled_groups import READ_GROUPS, Refusal
from netprobe.analysis.considered import weigh_groups
from netprobe.analysis.leg import Leg
from netprobe.analysis.near_misses import write_near_misses
from netprobe.analysis.walk import Walk
from netprobe.model.addresses import Address
from netprobe.model.trace import Blocker, Component, Dropped, Half, Reason


@dataclass(frozen=True, slots=True)
class Peer:
    """The other end as a group sees it."""

    address: Address
    group_ids: frozenset[str] | None = frozenset()
    """Groups of the interface that has the address; None when they could not be read."""
    assumed: bool = False
    """The address stands for one that is not known."""


def pass_groups(
    walk: Walk, leg: Leg, group_ids: tuple[str, ...], peer: Peer, *, egress: bool
) -> None:
    """Let the request leave the source's groups, or enter an interface that has these groups.

    A set of groups is the union of their rules, which only allow. Replies are always allowed:
    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html
    """
    if not group_ids:
        return  # NAT gateways, transit gateway attachments and some load balancers have none
    weigh_groups(walk, leg, group_ids, peer.group_ids, egress=egress)
    groups = walk.fabric.groups(group_ids)
    lane = groups.lane(leg.kind, egress=egress)
    address = leg.dst if egress else leg.src
    hop = lane.allows(address, leg.low, peer.group_ids)
    if hop is not None:
        leg.hops.append(hop)
        return
    refusal = lane.refuse(address, leg.low, peer.group_ids)
    unread = (*((READ_GROUPS,) if groups.unread else ()), *refusal.unread)
    for call in unread:
        walk.lack(call, Component.SECURITY_GROUP, group_ids[0], Half.REQUEST)
    if unread:
        return
    perhaps = peer.assumed and lane.might_allow(walk.snapshot, peer.address, leg.low)
    blocker = _refuse(leg, group_ids, refusal, peer, egress=egress, perhaps=perhaps)
    if perhaps:
        walk.doubt(blocker)
    else:
        walk.block(blocker)


def _refuse(  # noqa: PLR0913 # a blocker is made of all of these
    leg: Leg,
    group_ids: tuple[str, ...],
    refusal: Refusal,
    peer: Peer,
    *,
    egress: bool,
    perhaps: bool,
) -> Blocker:
    """Return the blocker, or the warning when the real address decides."""
    direction, end = ("egress", "to") if egress else ("ingress", "from")
    packet = leg.packet
    what = f"no {direction} rule allows {packet} {end} {peer.address}"
    unsure = f"whether an {direction} rule allows {packet} depends on the real address"
    denied = Reason.EGRESS_NOT_ALLOWED if egress else Reason.INGRESS_NOT_ALLOWED
    return Blocker(
        component=Component.SECURITY_GROUP,
        resource_id=group_ids[0],
        half=Half.REQUEST,
        reason=Reason.ASSUMED_ADDRESS if perhaps else denied,
        detail=f"{', '.join(group_ids)}: {unsure if perhaps else what}",
        near_misses=write_near_misses(refusal.near_misses, packet, peer.address),
        subnet_id=leg.place.subnet_id,
        dropped=Dropped(
            egress=egress,
            remote=peer.address,
            protocol=packet.protocol,
            ports=packet.ports,
            group_ids=group_ids,
        ),
    )
