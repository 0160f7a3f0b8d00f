"""Changes a user proposes, applied to what was read; what they name has to be there."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from typing import Any

from netprobe.errors import NetprobeError
from netprobe.fixes.apply import apply
from netprobe.model.changes import Change, SetRoute, UseDualStackName
from netprobe.model.resources import InternetGateway, TargetKind
from netprobe.model.snapshot import Snapshot

LookUp = Callable[[Snapshot, str], object]

_NAMED: Mapping[str, LookUp] = {
    "vpc_id": Snapshot.vpc,
    "subnet_id": Snapshot.subnet,
    "subnet_ids": Snapshot.subnet,
    "route_table_id": Snapshot.route_table,
    "route_table_ids": Snapshot.route_table,
    "gateway_id": Snapshot.internet_gateway,
    "nat_gateway_id": Snapshot.nat_gateway,
    "vpc_endpoint_id": Snapshot.vpc_endpoint,
    "prefix_list_id": Snapshot.prefix_list,
    "group_id": Snapshot.security_group,
    "group_ids": Snapshot.security_group,
    "peer_group_id": Snapshot.security_group,
    "function_name": lambda snapshot, name: next(  # no ARN: changes are applied by name
        (item for item in snapshot.functions if item.function_name == name), None
    ),
    "api_id": Snapshot.api,
    "network_acl_id": Snapshot.network_acl,
    "resource_id": lambda snapshot, any_id: snapshot.subnet(any_id) or snapshot.vpc(any_id),
}
"""What finds the resource that a field of a change names."""

_ROUTED: Mapping[TargetKind, LookUp] = {
    TargetKind.INTERNET_GATEWAY: lambda snapshot, gateway_id: next(
        (i for i in _gateways(snapshot, egress_only=False) if i.gateway_id == gateway_id), None
    ),
    TargetKind.EGRESS_ONLY_INTERNET_GATEWAY: lambda snapshot, gateway_id: next(
        (i for i in _gateways(snapshot, egress_only=True) if i.gateway_id == gateway_id), None
    ),
    TargetKind.NAT_GATEWAY: Snapshot.nat_gateway,
    TargetKind.VPC_ENDPOINT: Snapshot.vpc_endpoint,
    TargetKind.NETWORK_INTERFACE: Snapshot.network_interface,
    TargetKind.VPC_PEERING_CONNECTION: Snapshot.peering,
    TargetKind.VPN_GATEWAY: Snapshot.vpn_gateway,
    TargetKind.TRANSIT_GATEWAY: Snapshot.transit_gateway,
}
"""What finds the target of a route; other kinds are not read, so nothing is said of them."""


def _gateways(snapshot: Snapshot, *, egress_only: bool) -> Iterator[InternetGateway]:
    return (item for item in snapshot.internet_gateways if item.egress_only is egress_only)


def propose_all(snapshot: Snapshot, changes: tuple[Change, ...]) -> Snapshot:
    """Return the snapshot after the changes; raises NetprobeError for what it does not have.

    An id counts as there when the change itself, or one before it, makes it.
    """
    for number, change in enumerate(changes, start=1):
        after = apply(change, snapshot)
        where = f"change {number} ({change.action})"
        for name, given, look_up in _references(change):
            if look_up(after, given) is None:
                raise _missing(after, where, name, given)
        _refuse_twice(where, change, snapshot)
        snapshot = after
    return snapshot


def ask_instead(changes: tuple[Change, ...], host: str) -> str:
    """Return the name a client would ask for instead of this one."""
    for change in changes:
        if isinstance(change, UseDualStackName) and change.host == host:
            return change.dual_stack_host
    return host


def _references(change: Change) -> Iterator[tuple[str, str, LookUp]]:
    """Yield each id a change names, with the field and what finds it."""
    if isinstance(change, SetRoute) and change.target in _ROUTED:
        yield "target_id", change.target_id, _ROUTED[change.target]
    for item in fields(change):
        value: Any = getattr(change, item.name)
        if item.name in _NAMED and value is not None:
            for given in value if isinstance(value, tuple) else (value,):
                yield item.name, given, _NAMED[item.name]


def _refuse_twice(where: str, change: Change, before: Snapshot) -> None:
    """Raise NetprobeError where what a change makes, its first field, is there already."""
    if not change.action.startswith("create-"):
        return
    name, made, look_up = next(_references(change))
    if look_up(before, made) is not None:
        raise NetprobeError(
            "no-such-resource",
            f"{where}: {name} names {made!r}, which is there already",
            hint="give what is made an id of its own, such as new-...",
        )


def _missing(snapshot: Snapshot, where: str, name: str, given: str) -> NetprobeError:
    near = difflib.get_close_matches(given, _ids_like(snapshot, given), n=1, cutoff=0.6)
    return NetprobeError(
        "no-such-resource",
        f"{where}: {name} names {given!r}, which was not read and is made by no change before it",
        hint=f"did you mean {near[0]}?" if near else "",
    )


def _ids_like(snapshot: Snapshot, given: str) -> list[str]:
    """Return the ids of what was read that begin like the one given."""
    kind = given.partition("-")[0]
    known = (
        *(item.vpc_id for item in snapshot.vpcs),
        *(item.subnet_id for item in snapshot.subnets),
        *(item.route_table_id for item in snapshot.route_tables),
        *(item.gateway_id for item in snapshot.internet_gateways),
        *(item.nat_gateway_id for item in snapshot.nat_gateways),
        *(item.vpc_endpoint_id for item in snapshot.vpc_endpoints),
        *(item.group_id for item in snapshot.security_groups),
        *(item.network_acl_id for item in snapshot.network_acls),
        *(item.prefix_list_id for item in snapshot.prefix_lists),
        *(item.function_name for item in snapshot.functions),
        *(item.api_id for item in snapshot.apis),
    )
    return [item for item in known if item.startswith(kind)] or list(known)
