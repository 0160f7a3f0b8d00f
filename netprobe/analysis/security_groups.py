"""Security groups: stateful, allow only, a union; references are by membership.

"Security group rules": https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from netprobe.analysis.compiled_groups import write_rule
from netprobe.analysis.leg import Leg
from netprobe.analysis.matching import (
    MOST_NEAR_MISSES,
    Packet,
    admits_protocol,
    could_contain,
    differences,
)
from netprobe.analysis.prefix_lists import expand_prefix_list
from netprobe.analysis.walk import Walk
from netprobe.model.addresses import Address, contains
from netprobe.model.resources import SecurityGroup, SecurityGroupRule
from netprobe.model.snapshot import Snapshot
from netprobe.model.trace import Blocker, Component, Half, Reason

READ_GROUPS = "ec2:DescribeSecurityGroups"
READ_INTERFACES = "ec2:DescribeNetworkInterfaces"


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """The other end as a group sees it."""

    address: Address
    group_ids: frozenset[str] | None = frozenset()
    """Groups of the interface that has the address; None when they could not be read."""
    assumed: bool = False
    """The address stands for one that is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupVerdict:
    """What a set of groups says about a flow."""

    allowed: bool | None
    """None when it depends on what is not known."""
    group_ids: tuple[str, ...]
    group_id: str
    """The group that allows it, else the first."""
    entry: str | None = None
    """The rule that allows it."""
    near_misses: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    """The calls it depends on; empty while undecided means the real address decides."""


@dataclass(frozen=True, slots=True)
class _Match:
    allowed: bool | None
    unread: str | None = None


_YES, _NO, _PERHAPS = _Match(allowed=True), _Match(allowed=False), _Match(allowed=None)


def judge_groups(
    snapshot: Snapshot, group_ids: tuple[str, ...], packet: Packet, peer: Peer, *, egress: bool
) -> GroupVerdict:
    """Return what the union of the groups says; a group has only rules that allow."""
    open_questions: dict[str | None, None] = {}
    judged: list[tuple[SecurityGroup, SecurityGroupRule]] = []
    for group_id in group_ids:
        group = snapshot.security_group(group_id)
        if group is None:
            open_questions[READ_GROUPS] = None
            continue
        for rule in group.egress if egress else group.ingress:
            match = _match(snapshot, rule, packet, peer)
            if match.allowed:
                entry = f"allows {write_rule(rule, egress=egress)}"
                return GroupVerdict(
                    allowed=True, group_ids=group_ids, group_id=group_id, entry=entry
                )
            if match.allowed is None:
                open_questions[match.unread] = None
            judged.append((group, rule))
    return GroupVerdict(
        allowed=None if open_questions else False,
        group_ids=group_ids,
        group_id=group_ids[0],
        near_misses=tuple(
            itertools.islice(_near_misses(judged, packet, peer, egress=egress), MOST_NEAR_MISSES)
        ),
        unread=tuple(call for call in open_questions if call),
    )


def pass_groups(
    walk: Walk, leg: Leg, group_ids: tuple[str, ...], peer: Peer, *, egress: bool
) -> None:
    """Let the request leave the source's groups, or enter an interface that has these groups.

    Replies are always allowed:
    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html
    """
    if not group_ids:
        return  # NAT gateways, transit gateway attachments and some load balancers have none
    hop = walk.fabric.groups(group_ids).allows(
        leg.protocol,
        leg.icmp,
        leg.version,
        leg.dst if egress else leg.src,
        leg.low,
        peer.group_ids,
        egress=egress,
    )
    if hop is None:
        _judge_at_length(walk, leg, group_ids, peer, egress=egress)
    else:
        walk.meet(hop)


def _judge_at_length(
    walk: Walk, leg: Leg, group_ids: tuple[str, ...], peer: Peer, *, egress: bool
) -> None:
    verdict = judge_groups(walk.snapshot, group_ids, leg.packet, peer, egress=egress)
    for call in verdict.unread:
        walk.lack(call, Component.SECURITY_GROUP, verdict.group_id, Half.REQUEST)
    blocker = _refusal(leg, verdict, peer, egress=egress)
    if verdict.allowed is False:
        walk.block(blocker)
    elif not verdict.unread:
        walk.doubt(blocker)


def _refusal(leg: Leg, verdict: GroupVerdict, peer: Peer, *, egress: bool) -> Blocker:
    direction, end = ("egress", "to") if egress else ("ingress", "from")
    known = verdict.allowed is False
    what = f"no {direction} rule allows {leg.packet} {end} {peer.address}"
    unsure = f"whether an {direction} rule allows {leg.packet} depends on the real address"
    denied = Reason.EGRESS_NOT_ALLOWED if egress else Reason.INGRESS_NOT_ALLOWED
    return Blocker(
        component=Component.SECURITY_GROUP,
        resource_id=verdict.group_id,
        half=Half.REQUEST,
        reason=denied if known else Reason.ASSUMED_ADDRESS,
        detail=f"{', '.join(verdict.group_ids)}: {what if known else unsure}",
        near_misses=verdict.near_misses,
        subnet_id=leg.place.subnet_id,
    )


def _match(snapshot: Snapshot, rule: SecurityGroupRule, packet: Packet, peer: Peer) -> _Match:
    if not admits_protocol(rule, packet) or packet.ports - rule.ports:
        return _NO
    if rule.cidr is not None:
        if contains(rule.cidr, peer.address):
            return _YES
        return _PERHAPS if peer.assumed and could_contain(rule.cidr, peer.address) else _NO
    if rule.prefix_list_id is not None:
        return _match_list(snapshot, rule.prefix_list_id, peer)
    if peer.group_ids is None:
        return _Match(allowed=None, unread=READ_INTERFACES)
    return _YES if rule.group_id in peer.group_ids else _NO


def _match_list(snapshot: Snapshot, prefix_list_id: str, peer: Peer) -> _Match:
    cidrs = expand_prefix_list(snapshot, prefix_list_id)
    if isinstance(cidrs, str):
        return _Match(allowed=None, unread=cidrs)
    if any(contains(cidr, peer.address) for cidr in cidrs):
        return _YES
    found = snapshot.prefix_list(prefix_list_id)
    if not peer.assumed or found is None or found.name.startswith("com.amazonaws."):
        # The lists AWS manages hold one service each; an assumed address of that service is
        # taken from its list, so any other assumed address is not in it.
        return _NO
    return _PERHAPS if any(could_contain(cidr, peer.address) for cidr in cidrs) else _NO


def _near_misses(
    judged: Iterable[tuple[SecurityGroup, SecurityGroupRule]],
    packet: Packet,
    peer: Peer,
    *,
    egress: bool,
) -> Iterator[str]:
    """Yield the rules that one difference keeps from allowing the flow."""
    for group, rule in judged:
        found = list(differences(rule, packet, peer.address))
        if rule.group_id is not None and rule.group_id not in (peer.group_ids or ()):
            found.append(f"{peer.address} is not in that group")
        if rule.prefix_list_id is not None:
            found.append(f"{peer.address} is not in that list")
        if len(found) == 1:
            yield f"{group.group_id} allows {write_rule(rule, egress=egress)}, {found[0]}"
