"""Where to send from: the subnets, groups and flags a check stands in for."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from netprobe.analysis.routing import effective_route_table
from netprobe.deploy.plan import is_probe
from netprobe.errors import NetprobeError
from netprobe.model.addresses import Family
from netprobe.model.flow import Source
from netprobe.model.resources import RouteTable, Subnet, TargetKind
from netprobe.model.snapshot import Snapshot
from netprobe.model.words import meant_or_known
from netprobe.model.workloads import Function

MOST_SOURCES = 16
"""Probes of one check unless every subnet is asked for; a VPC can hold hundreds of functions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the user said about sources."""

    function: str | None = None
    subnet_ids: tuple[str, ...] = ()
    all_subnets: bool = False
    security_group_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """The sources of a check and what the reader should know about the choice."""

    sources: tuple[Source, ...]
    remarks: tuple[str, ...] = ()
    function: Function | None = None
    """The function asked about, or the only one found."""


def choose_sources(snapshot: Snapshot, vpc_id: str, wanted: Wanted) -> Sources:
    """Return where to probe from; raises NetprobeError for ids the VPC does not have."""
    _refuse_unknown_groups(snapshot, vpc_id, wanted)
    if wanted.function:
        return _of_function(snapshot, wanted)
    functions = [
        item
        for item in snapshot.functions
        if item.vpc_id == vpc_id and not is_probe(item.function_name)
    ]
    if functions and not wanted.subnet_ids and not wanted.all_subnets:
        return _of_functions(snapshot, functions, wanted)
    return _of_subnets(snapshot, vpc_id, wanted)


def _refuse_unknown_groups(snapshot: Snapshot, vpc_id: str, wanted: Wanted) -> None:
    if snapshot.gap("ec2:DescribeSecurityGroups"):
        return
    for group_id in wanted.security_group_ids:
        if snapshot.security_group(group_id) is None:
            groups = snapshot.security_groups
            known = (item.group_id for item in groups if item.vpc_id == vpc_id)
            hint = meant_or_known(group_id, known, "security groups here")
            what = f"no security group {group_id!r} in this VPC"
            raise NetprobeError("no-such-security-group", what, hint=hint)


def _nearest(given: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(given, list(known), n=1, cutoff=0.5)
    return f"did you mean {near[0]}?" if near else ""


def _of_function(snapshot: Snapshot, wanted: Wanted) -> Sources:
    """Return one source per subnet of the function: any of them may run an invocation."""
    function = snapshot.function(wanted.function or "")
    if function is None:
        given = wanted.function or ""
        known = (item.function_name for item in snapshot.functions)
        what = f"no function {given!r} in this VPC"
        raise NetprobeError("no-such-function", what, hint=_nearest(given, known))
    subnet_ids = tuple(
        i for i in function.subnet_ids if i in wanted.subnet_ids or not wanted.subnet_ids
    )
    if not subnet_ids:
        given = wanted.subnet_ids[0]
        what = f"function {function.function_name!r} is not in subnet {given!r}"
        hint = meant_or_known(given, function.subnet_ids, "its subnets")
        raise NetprobeError("no-such-subnet", what, hint=hint)
    sources = tuple(_function_source(function, i, wanted.security_group_ids) for i in subnet_ids)
    return Sources(sources=sources, function=function)


def _function_source(function: Function, subnet_id: str, groups: tuple[str, ...]) -> Source:
    return Source(
        id=f"{function.function_name}@{subnet_id}",
        vpc_id=function.vpc_id,
        subnet_id=subnet_id,
        security_group_ids=groups or function.security_group_ids,
        ipv6_allowed=function.ipv6_allowed,
        function_name=function.function_name,
        represents=(subnet_id,),
    )


def _of_functions(snapshot: Snapshot, functions: list[Function], wanted: Wanted) -> Sources:
    """Return one source per class of subnets, set of groups and IPv6 flag of the functions."""
    classes: dict[object, list[Source]] = defaultdict(list)
    for function in functions:
        for subnet_id in function.subnet_ids:
            source = _function_source(function, subnet_id, wanted.security_group_ids)
            groups = frozenset(source.security_group_ids)
            key = (_class_of(snapshot, subnet_id), groups, source.ipv6_allowed)
            classes[key].append(source)
    members = [_represent(group) for group in classes.values()]
    remarks = tuple(_class_remarks(members))
    if len(members) > MOST_SOURCES:
        cut = (
            f"the first {MOST_SOURCES} of {len(members)} kinds of function were probed; "
            "name others with --function"
        )
        remarks = (cut, *remarks)
    only = functions[0] if len(functions) == 1 else None
    return Sources(sources=tuple(members[:MOST_SOURCES]), remarks=remarks, function=only)


def _of_subnets(snapshot: Snapshot, vpc_id: str, wanted: Wanted) -> Sources:
    subnets = [item for item in snapshot.subnets if item.vpc_id == vpc_id]
    for subnet_id in wanted.subnet_ids:
        if subnet_id not in {item.subnet_id for item in subnets}:
            known = (item.subnet_id for item in subnets)
            hint = meant_or_known(subnet_id, known, "subnets here")
            what = f"no subnet {subnet_id!r} in this VPC"
            raise NetprobeError("no-such-subnet", what, hint=hint)
    groups = wanted.security_group_ids or _default_group(snapshot, vpc_id)
    remarks: list[str] = []
    if wanted.subnet_ids:
        subnets = [item for item in subnets if item.subnet_id in wanted.subnet_ids]
    elif not wanted.all_subnets:
        subnets = _without_public(snapshot, subnets, remarks)
    sources = [_subnet_source(item, groups) for item in subnets if item.ipv4_cidr is not None]
    if not sources:
        raise NetprobeError(
            "no-subnet",
            f"no subnet of {vpc_id} can hold a function",
            hint="Lambda needs a subnet with an IPv4 block",
        )
    if not (wanted.subnet_ids or wanted.all_subnets):
        classes: dict[object, list[Source]] = defaultdict(list)
        for source in sources:
            classes[_class_of(snapshot, source.subnet_id)].append(source)
        sources = [_represent(group) for group in classes.values()]
    return Sources(sources=tuple(sources), remarks=(*remarks, *_class_remarks(sources)))


def _default_group(snapshot: Snapshot, vpc_id: str) -> tuple[str, ...]:
    return tuple(
        item.group_id
        for item in snapshot.security_groups
        if item.vpc_id == vpc_id and item.group_name == "default"
    )


def _without_public(snapshot: Snapshot, subnets: list[Subnet], remarks: list[str]) -> list[Subnet]:
    """Return the subnets functions belong in; public ones only when the VPC has no others.

    A function in a public subnet never has IPv4 out, so probing the subnet that merely holds a
    NAT gateway would report a fault nobody has.
    """
    public = [item for item in subnets if _is_public(snapshot, item.subnet_id)]
    if not public or len(public) == len(subnets):
        return subnets
    names = ", ".join(item.subnet_id for item in public)
    remarks.append(
        f"not probed, because functions do not belong in public subnets: {names}"
        " (--subnet probes one)"
    )
    return [item for item in subnets if item not in public]


def _is_public(snapshot: Snapshot, subnet_id: str) -> bool:
    table = effective_route_table(snapshot, subnet_id)
    return table is not None and any(
        route.target is TargetKind.INTERNET_GATEWAY and route.destination == Family.IPV4.everything
        for route in table.routes
    )


def _subnet_source(subnet: Subnet, groups: tuple[str, ...]) -> Source:
    return Source(
        id=subnet.subnet_id,
        vpc_id=subnet.vpc_id,
        subnet_id=subnet.subnet_id,
        security_group_ids=groups,
        ipv6_allowed=bool(subnet.ipv6_blocks),
        represents=(subnet.subnet_id,),
    )


def _class_of(snapshot: Snapshot, subnet_id: str) -> object:
    """Return what decides a subnet's paths: equal values, equal paths."""
    subnet = snapshot.subnet(subnet_id)
    if subnet is None:
        return subnet_id
    table: RouteTable | None = effective_route_table(snapshot, subnet_id)
    acl = snapshot.network_acl_of(subnet_id)
    return (
        table.route_table_id if table else None,
        acl.network_acl_id if acl else None,
        subnet.ipv4_cidr is not None,
        tuple(block.private for block in subnet.ipv6_blocks),
        subnet.enable_dns64,
        subnet.zone if table and _zone_matters(snapshot, table) else None,
        subnet.block_public_access,
        _exclusion(snapshot, subnet_id),
    )


def _zone_matters(snapshot: Snapshot, table: RouteTable) -> bool:
    """Tell whether the table leads to what serves some zones only.

    Transit gateways: https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html
    Regional NAT gateways: https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateways-regional.html
    """
    for route in table.routes:
        if route.target is TargetKind.TRANSIT_GATEWAY:
            return True
        nat = snapshot.nat_gateway(route.target_id)
        if nat is not None and nat.availability_mode == "regional":
            return True
    return False


def _exclusion(snapshot: Snapshot, subnet_id: str) -> str | None:
    """Return how Block Public Access leaves this very subnet alone, None when it does not."""
    found = (item for options in snapshot.block_public_access for item in options.exclusions)
    return next((item.mode for item in found if item.resource_id == subnet_id), None)


def _represent(members: list[Source]) -> Source:
    """Return the first of a class, standing for all of it."""
    return replace(members[0], represents=tuple(dict.fromkeys(i.subnet_id for i in members)))


def _class_remarks(sources: Iterable[Source]) -> Iterator[str]:
    for source in sources:
        others = [item for item in source.represents if item != source.subnet_id]
        if others:
            yield (
                f"{source.subnet_id} stands for {', '.join(others)}: same route table, "
                "network ACL and address families (--all-subnets probes each)"
            )
