"""Every rule, entry and route that was looked at on the way, with what of it fits the packet.

Only a ``Walk`` that keeps ``considered`` pays for it: people read it of a few paths, and a million
flows do without.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from netprobe.analysis.compiled_acls import LAST_USER_RULE, write_entry
from netprobe.analysis.compiled_groups import write_rule
from netprobe.analysis.compiled_routes import CompiledRoute, CompiledTable
from netprobe.analysis.leg import Leg
from netprobe.analysis.matching import Packet, admits_protocol
from netprobe.analysis.prefix_lists import expand_prefix_list
from netprobe.analysis.walk import Walk
from netprobe.model.addresses import Address, Network
from netprobe.model.resources import NetworkAcl, NetworkAclEntry, SecurityGroupRule
from netprobe.model.snapshot import Snapshot
from netprobe.model.trace import Component, Considered, Weighed


def weigh_acl(walk: Walk, leg: Leg, acl: NetworkAcl, *, egress: bool) -> None:
    """Note how each entry of an ACL compares with the packet, where that is kept."""
    if walk.considered is not None:
        remote = leg.destination if egress else leg.source
        walk.considered.append(
            Considered(
                component=Component.NETWORK_ACL,
                resource_ids=(acl.network_acl_id,),
                half=leg.half,
                packet=_packet(walk, leg, egress=egress),
                rules=tuple(_entries(acl, leg.packet, remote, egress=egress)),
            )
        )


def weigh_groups(
    walk: Walk,
    leg: Leg,
    group_ids: tuple[str, ...],
    members: frozenset[str] | None,
    *,
    egress: bool,
) -> None:
    """Note how each rule of a set of groups compares with the packet, where that is kept.

    ``members`` are the groups of the other end, None where they were not read.
    """
    if walk.considered is not None:
        address = leg.destination if egress else leg.source
        rules = (
            (group_id, rule)
            for group_id in group_ids
            if (group := walk.snapshot.security_group(group_id)) is not None
            for rule in (group.egress if egress else group.ingress)
        )
        weighed = (
            _weigh(
                f"{group_id} {write_rule(rule, egress=egress)}",
                rule,
                leg.packet,
                _covers(walk.snapshot, rule, address, members),
            )
            for group_id, rule in rules
        )
        walk.considered.append(
            Considered(
                component=Component.SECURITY_GROUP,
                resource_ids=group_ids,
                half=leg.half,
                packet=_packet(walk, leg, egress=egress),
                rules=tuple(_first_decides(weighed)),
            )
        )


def weigh_table(walk: Walk, leg: Leg, table: CompiledTable, found: CompiledRoute | None) -> None:
    """Note which routes of a table cover the destination, where that is kept."""
    if walk.considered is not None:
        walk.considered.append(
            Considered(
                component=Component.ROUTE_TABLE,
                resource_ids=(table.table.route_table_id,),
                half=leg.half,
                packet=walk.without_stand_in(f"to {leg.destination}"),
                rules=tuple(_routes(walk.snapshot, table, leg.destination, found)),
            )
        )


def _packet(walk: Walk, leg: Leg, *, egress: bool) -> str:
    end = f"to {leg.destination}" if egress else f"from {leg.source}"
    return walk.without_stand_in(f"{leg.packet} {end}")


def _entries(
    acl: NetworkAcl, packet: Packet, remote: Address, *, egress: bool
) -> Iterator[Weighed]:
    """Compare in order of number: the first that matches decides, port by port."""
    left = packet.ports
    for entry in sorted(acl.entries, key=lambda item: item.rule_number):
        if entry.egress is not egress or entry.rule_number > LAST_USER_RULE:
            continue
        text = write_entry(entry, "allows" if entry.allow else "denies")
        weighed = _weigh(text, entry, packet, _compare((entry.cidr,), remote))
        taken = left & entry.ports if weighed.fits else None
        if taken:
            left -= taken
            weighed = replace(weighed, decides=True)
        yield weighed


def _first_decides(rules: Iterable[Weighed]) -> Iterator[Weighed]:
    """Mark the first that fits: rules of groups only allow, so one is enough."""
    decided = False
    for rule in rules:
        yield replace(rule, decides=True) if rule.fits and not decided else rule
        decided = decided or bool(rule.fits)


_Covers = tuple[bool, bool | None]
"""Whether a rule is for the address's family, and whether it covers it, None if not known."""


def _covers(
    snapshot: Snapshot, rule: SecurityGroupRule, address: Address, members: frozenset[str] | None
) -> _Covers:
    if rule.group_id is not None:
        return True, None if members is None else rule.group_id in members
    if rule.cidr is not None:
        return _compare((rule.cidr,), address)
    return _compare(expand_prefix_list(snapshot, rule.prefix_list_id or ""), address)


def _compare(cidrs: tuple[Network, ...] | str, address: Address) -> _Covers:
    """Compare blocks, or the name of the call that would have told them, with an address."""
    if isinstance(cidrs, str):
        return True, None
    same = [cidr for cidr in cidrs if cidr.version == address.version]
    return bool(same), any(address in cidr for cidr in same)


def _routes(
    snapshot: Snapshot, table: CompiledTable, destination: Address, found: CompiledRoute | None
) -> Iterator[Weighed]:
    for route in table.table.routes:
        cidrs: tuple[Network, ...] | str
        if route.destination is not None:
            cidrs = (route.destination,)
        else:
            cidrs = expand_prefix_list(snapshot, route.prefix_list_id or "")
        family, address = _compare(cidrs, destination)
        decides = found is not None and found.route is route
        yield Weighed(text=route.written, family=family, address=address, decides=decides)


def _weigh(
    text: str, rule: SecurityGroupRule | NetworkAclEntry, packet: Packet, covers: _Covers
) -> Weighed:
    family, address = covers
    return Weighed(
        text=text,
        family=family,
        address=address,
        protocol=admits_protocol(rule, packet),
        port=bool(rule.ports & packet.ports),
    )
