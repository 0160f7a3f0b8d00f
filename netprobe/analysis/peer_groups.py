"""Which security groups the source's own groups see at the destination."""

from __future__ import annotations

from netprobe.analysis.leg import Leg
from netprobe.analysis.peering import keeps_references
from netprobe.analysis.places import locate_destination
from netprobe.analysis.security_groups import Peer, pass_groups
from netprobe.analysis.walk import Walk
from netprobe.model.resources import TargetKind

_NONE: frozenset[str] = frozenset()


def pass_egress(walk: Walk, leg: Leg) -> None:
    """Let the request leave through the source's groups."""
    group_ids = walk.flow.source.security_group_ids
    if not group_ids:
        return
    groups = _groups_at(walk, leg) if walk.fabric.groups(group_ids).refers else _NONE
    peer = Peer(address=leg.destination, group_ids=groups, assumed=walk.assumed)
    pass_groups(walk, leg, group_ids, peer, egress=True)


def _groups_at(walk: Walk, leg: Leg) -> frozenset[str] | None:
    """Return the groups of the interface at the destination, None when it could not be read.

    A reference stands for private addresses of the own VPC, and through a peering connection for
    those of the peer; behind a transit gateway only ingress rules may refer to groups:
    https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
    """
    own = locate_destination(walk.fabric, leg.place.vpc_id, leg.destination, walk.resolution)
    if own.inside:
        return None if own.group_ids is None else frozenset(own.group_ids)
    table = leg.place.table
    found = table.lookup(leg.version, leg.dst) if table else None
    if found is None or found.route.target is not TargetKind.VPC_PEERING_CONNECTION:
        return _NONE
    peering = walk.snapshot.peering(found.route.target_id)
    if peering is None:
        return None
    if not keeps_references(peering):
        return _NONE
    peer = peering.other_side(leg.place.vpc_id)
    if not walk.fabric.sees(peer.vpc_id):
        return None
    far = locate_destination(walk.fabric, peer.vpc_id, leg.destination, None)
    return None if far.group_ids is None else frozenset(far.group_ids)
