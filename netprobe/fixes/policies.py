"""Policies that refuse a call once it arrives, changed so that they admit it and no more.

Which caller a document has to admit is found by walking the configuration; how it does is
``policy_documents``. An address or an endpoint that is AWS's to give is in no document.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from ipaddress import ip_network

from netprobe.diagnosis.denial import Denial, Holder
from netprobe.diagnosis.denials import denials
from netprobe.fixes.policy_documents import ENDPOINT, IP, Refusal, admits, amended
from netprobe.fixes.retrace import World
from netprobe.model.addresses import Family, covers
from netprobe.model.changes import Change, SetApiPolicy, SetBucketPolicy, SetEndpointPolicy
from netprobe.model.report import Path
from netprobe.model.snapshot import Snapshot

MOST_POLICIES = 8
"""Changed for one way out: those of an endpoint, an API and a bucket, for several callers."""

POLICY_CHANGES = (SetApiPolicy, SetEndpointPolicy, SetBucketPolicy)
_PolicyChange = SetApiPolicy | SetEndpointPolicy | SetBucketPolicy


def admitted(world: World, paths: Iterable[Path]) -> World:
    """Return the world in which no policy refuses the paths; as it was where that cannot be."""
    asked, changed = tuple(paths), world
    for _ in range(MOST_POLICIES):
        refusal = next(_refusals(changed, asked), None)
        if refusal is None:
            return changed
        change = _change(changed, refusal)
        if change is None:
            return world
        changed = World(case=world.case, changes=_with(changed.changes, change))
    return world


def refusals_left(world: World, paths: Iterable[Path]) -> Iterator[str]:
    """Yield a sentence for each policy that still refuses what the changes let through."""
    for refusal in _refusals(world, paths):
        holder = refusal.denial.resource_id
        if _is_invented(world.case.snapshot, refusal):
            what = "endpoint" if refusal.key == ENDPOINT else "address"
            yield f"{holder} has to admit the new {what} as well, once it is known"
        else:
            yield f"{holder} still refuses then: {refusal.denial.says}"


def is_refused_by_policy(world: World, path: Path) -> bool:
    """Tell whether a policy that was read certainly refuses a path."""
    return next(_refusals(world, (path,)), None) is not None


def _refusals(world: World, paths: Iterable[Path]) -> Iterator[Refusal]:
    snapshot = world.tracer.snapshot
    for path in paths:
        source, target = world.case.source(path), world.case.target(path)
        for denial in denials(snapshot, source, target, world.trace(path)):
            key, values = _caller(world, path, denial)
            yield Refusal(path=path, denial=denial, key=key, values=values)


def _caller(world: World, path: Path, denial: Denial) -> tuple[str | None, tuple[str, ...]]:
    """Return the narrowest key the policy is told of the caller, and what it says.

    Over IPv6 a function comes from the blocks of all the subnets that its source stands for.
    """
    endpoint, networks = denial.facts.get(ENDPOINT), denial.facts.get(IP)
    if isinstance(endpoint, str):
        return ENDPOINT, (endpoint,)
    if not isinstance(networks, tuple) or not networks:
        return None, ()
    blocks = [str(item) for item in networks]
    if path.key.family is Family.IPV6:
        subnets = map(world.tracer.snapshot.subnet, world.case.source(path).represents)
        blocks += [str(block.cidr) for item in subnets if item for block in item.ipv6_blocks]
    return IP, tuple(dict.fromkeys(blocks))


def _is_invented(before: Snapshot, refusal: Refusal) -> bool:
    """Tell whether the caller's address or endpoint stands for one that is AWS's to give."""
    if refusal.key == ENDPOINT:
        return any(before.vpc_endpoint(value) is None for value in refusal.values)
    known = [ip_network(i) for gateway in before.nat_gateways for i in gateway.public_addresses]
    known += [block.cidr for subnet in before.subnets for block in subnet.ipv6_blocks]
    mine = map(ip_network, refusal.values)
    return not all(any(covers(block, network) for block in known) for network in mine)


def _with(changes: tuple[Change, ...], change: _PolicyChange) -> tuple[Change, ...]:
    """Return the changes with one more, which has what an earlier one of its document had."""
    same = [
        item
        for item in changes
        if isinstance(item, POLICY_CHANGES)
        and (type(item), item.holder) == (type(change), change.holder)
    ]
    callers = dict.fromkeys((*(item.admits for item in same), change.admits))
    kept = (item for item in changes if item not in same)
    return (*kept, replace(change, admits=", ".join(callers)))


def _change(world: World, refusal: Refusal) -> _PolicyChange | None:
    """Return the change that ends a refusal, None where nothing modest does."""
    invented = _is_invented(world.case.snapshot, refusal)
    document = None if invented else amended(refusal, world.case.snapshot.account)
    if document is None:
        return None
    holder, policy = refusal.denial.resource_id, json.dumps(document)
    told = admits(refusal)
    match refusal.denial.holder:
        case Holder.API:
            stages = _stages(world, refusal.path, holder)
            return SetApiPolicy(api_id=holder, stages=stages, policy=policy, admits=told)
        case Holder.ENDPOINT:
            return SetEndpointPolicy(vpc_endpoint_id=holder, policy=policy, admits=told)
        case Holder.BUCKET:
            return SetBucketPolicy(bucket=holder, policy=policy, admits=told)
        case Holder.ROLE:
            return None


def _stages(world: World, path: Path, api_id: str) -> tuple[str, ...]:
    """Return the stage that the call names; a deployment changes no other one."""
    api, target = world.case.snapshot.api(api_id), world.case.target(path)
    first = (target.path or "").strip("/").partition("/")[0]
    if api is None or target.host != api.host or not first:
        return ()
    return (first,) if not api.stages or first in api.stages else ()
