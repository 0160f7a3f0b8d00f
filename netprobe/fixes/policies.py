"""Policies that refuse a call once it arrives, changed so that they admit it and no more.

A policy that denies what does not come from certain callers gets this caller among them; one that
allows certain callers likewise; one that says nothing of the call gets a statement about it alone.
A statement that denies for another reason was meant so, and nothing here touches it.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from copy import deepcopy
from ipaddress import ip_network
from typing import Any

from netprobe.diagnosis.denial import Denial, Holder
from netprobe.diagnosis.denials import denials
from netprobe.diagnosis.iam_policies import Decision, Words, applies, decide, document_of
from netprobe.fixes.retrace import World
from netprobe.model.addresses import covers
from netprobe.model.changes import Change, SetApiPolicy, SetBucketPolicy, SetEndpointPolicy
from netprobe.model.report import Path

MOST_POLICIES = 8
"""Changed for one way out: those of an endpoint, an API and a bucket, for several callers."""

_NAMES = {
    "aws:sourceip": "aws:SourceIp",
    "aws:sourcevpce": "aws:SourceVpce",
    "aws:sourcevpc": "aws:SourceVpc",
}
"""The condition keys by which a policy tells one network's calls from others."""
_NARROWEST = ("aws:sourceip", "aws:sourcevpce")
"""What a condition that netprobe adds is about: no whole VPC."""
_EXCEPT = frozenset(
    {"notipaddress", "stringnotequals", "stringnotlike", "arnnotequals", "arnnotlike"}
)
_ONLY = frozenset({"ipaddress", "stringequals", "stringlike"})

_Document = dict[str, Any]


def admitted(world: World, paths: Iterable[Path]) -> World:
    """Return the world in which no policy refuses the paths; as it was where that cannot be."""
    asked, changed = tuple(paths), world
    for _ in range(MOST_POLICIES):
        found = next(_denials(changed, asked), None)
        if found is None:
            return changed
        change = _change(changed, *found)
        if change is None:
            return world
        kept = (item for item in changed.changes if not _is_same(item, change))
        changed = World(case=world.case, changes=(*kept, change))
    return world


def refusals_left(world: World, paths: Iterable[Path]) -> Iterator[str]:
    """Yield a sentence for each policy that still refuses what the changes let through."""
    for _, denial in _denials(world, paths):
        if _is_invented(world, denial):
            yield f"{denial.resource_id} has to admit the new address as well, once it is known"
        else:
            yield f"{denial.resource_id} still refuses then: {denial.says}"


def is_refused_by_policy(world: World, path: Path) -> bool:
    """Tell whether a policy that was read certainly refuses a path."""
    return next(_denials(world, (path,)), None) is not None


def _denials(world: World, paths: Iterable[Path]) -> Iterator[tuple[Path, Denial]]:
    snapshot = world.tracer.snapshot
    for path in paths:
        source, target = world.case.source(path), world.case.target(path)
        for denial in denials(snapshot, source, target, world.trace(path)):
            yield path, denial


def _is_invented(world: World, denial: Denial) -> bool:
    """Tell whether the caller's address stands for one that is AWS's to give."""
    before = world.case.snapshot
    known = [ip_network(i) for gateway in before.nat_gateways for i in gateway.public_addresses]
    known += [block.cidr for subnet in before.subnets for block in subnet.ipv6_blocks]
    networks = denial.facts.get("aws:sourceip")
    mine = networks if isinstance(networks, tuple) else ()
    return not all(any(covers(block, network) for block in known) for network in mine)


def _is_same(item: Change, change: Change) -> bool:
    """Tell whether two changes set the same document; the later one has both callers."""
    match item, change:
        case SetApiPolicy(), SetApiPolicy():
            return item.api_id == change.api_id
        case SetEndpointPolicy(), SetEndpointPolicy():
            return item.vpc_endpoint_id == change.vpc_endpoint_id
        case SetBucketPolicy(), SetBucketPolicy():
            return item.bucket == change.bucket
        case _:
            return False


def _change(world: World, path: Path, denial: Denial) -> Change | None:
    """Return the change that ends a refusal, None where nothing modest does."""
    amended = None if _is_invented(world, denial) else _amended(denial)
    if amended is None:
        return None
    policy, admits = json.dumps(amended), _admits(denial)
    match denial.holder:
        case Holder.API:
            return SetApiPolicy(
                api_id=denial.resource_id,
                stages=_stages(world, path, denial.resource_id),
                policy=policy,
                admits=admits,
            )
        case Holder.ENDPOINT:
            return SetEndpointPolicy(
                vpc_endpoint_id=denial.resource_id, policy=policy, admits=admits
            )
        case Holder.BUCKET:
            return SetBucketPolicy(bucket=denial.resource_id, policy=policy, admits=admits)
        case Holder.ROLE:
            return None


def _stages(world: World, path: Path, api_id: str) -> tuple[str, ...]:
    """Return the API's stages; where they were not read, the one that the call names."""
    api, target = world.case.snapshot.api(api_id), world.case.target(path)
    if api is None or api.stages:
        return tuple(api.stages) if api else ()
    first = (target.path or "").strip("/").partition("/")[0]
    return (first,) if first and target.host == api.host else ()


def _amended(denial: Denial) -> _Document | None:
    """Return the document that no longer refuses; None where none can be made."""
    found = document_of(denial.policy) if denial.has_policy else {"Version": "2012-10-17"}
    if found is None:
        return None
    document = deepcopy(dict(found))
    statements = document.get("Statement") or []
    document["Statement"] = [statements] if isinstance(statements, dict) else statements
    for statement in document["Statement"]:
        denies = statement.get("Effect") == "Deny" and applies(statement, denial.request) is True
        if denies and not _except_caller(statement, denial):
            return None
    if denial.holder is Holder.BUCKET:  # what it does not allow, the caller's own policy may
        return None if _decision(document, denial) is Decision.DENIED else document
    if _decision(document, denial) is Decision.NOT_ALLOWED:
        _allow(document, denial)
    return None if _decision(document, denial).refuses else document


def _decision(document: _Document, denial: Denial) -> Decision:
    return decide(json.dumps(document), denial.request)


def _except_caller(statement: _Document, denial: Denial) -> bool:
    """Add the caller to those whom a statement does not deny; tell whether it names any.

    All conditions of a statement have to hold, so that one more spares one caller more. See
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies-vpc-endpoint.html
    """
    if _add_caller(statement, denial, _EXCEPT):
        return True
    conditions = statement.get("Condition")
    held = conditions if isinstance(conditions, dict) else {}
    if not any(_is_about_callers(operator, pairs) for operator, pairs in held.items()):
        return False
    narrow = _narrow(denial)
    for key, values in narrow.items():
        operator = "NotIpAddress" if key == "aws:sourceip" else "StringNotEquals"
        held.setdefault(operator, {}).setdefault(_NAMES[key], list(values))
    return bool(narrow)


def _is_about_callers(operator: str, pairs: _Document) -> bool:
    return operator.lower().removesuffix("ifexists") in _EXCEPT and any(
        key.lower() in _NAMES for key in pairs
    )


def _allow(document: _Document, denial: Denial) -> None:
    """Add the caller to those whom a statement allows, else a statement about this call."""
    for statement in document["Statement"]:
        if statement.get("Effect") != "Allow":
            continue
        wider = deepcopy(statement)
        if _add_caller(wider, denial, _ONLY) and applies(wider, denial.request) is True:
            statement.update(wider)
            return
    made = _statement(denial)
    if made is not None:
        document["Statement"].append(made)


def _add_caller(statement: _Document, denial: Denial, operators: frozenset[str]) -> bool:
    """Add the caller to every condition of these operators that is about callers."""
    values, added = _caller(denial), False
    conditions = statement.get("Condition")
    for operator, pairs in conditions.items() if isinstance(conditions, dict) else ():
        if operator.lower().removesuffix("ifexists") not in operators:
            continue
        for key in list(pairs):
            mine = values.get(key.lower(), ())
            held = pairs[key] if isinstance(pairs[key], list) else [pairs[key]]
            new = [value for value in mine if value not in held]
            if new:
                pairs[key] = [*held, *new]
                added = True
    return added


def _caller(denial: Denial) -> dict[str, tuple[str, ...]]:
    """Return what the policy is told of the caller, by the keys' names in lower case."""
    found: dict[str, tuple[str, ...]] = {}
    for key in _NAMES:
        fact = denial.facts.get(key)
        if isinstance(fact, str):
            found[key] = (fact,)
        elif isinstance(fact, tuple):
            found[key] = tuple(map(str, fact))
    return found


def _narrow(denial: Denial) -> dict[str, tuple[str, ...]]:
    return {key: values for key, values in _caller(denial).items() if key in _NARROWEST}


def _admits(denial: Denial) -> str:
    if denial.holder is Holder.ENDPOINT:
        resource = " and ".join(_resources(denial.request.resource))
        return f"{_action(denial.request.action)} on {resource}"
    return ", ".join(value for values in _narrow(denial).values() for value in values)


def _statement(denial: Denial) -> _Document | None:
    """Return a statement that allows this call to this caller; None for too wide a one."""
    action = _action(denial.request.action)
    resources = _resources(denial.request.resource)
    made: _Document = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": action,
        "Resource": resources[0] if len(resources) == 1 else list(resources),
    }
    if denial.holder is Holder.ENDPOINT:  # only what is inside the VPC gets there
        return made if action != "*" else None
    caller = _narrow(denial)
    if not caller:
        return None
    operators = {"aws:sourceip": "IpAddress", "aws:sourcevpce": "StringEquals"}
    made["Condition"] = {
        operators[key]: {_NAMES[key]: list(values)} for key, values in caller.items()
    }
    return made


def _action(action: Words) -> str:
    return action.known if action.complete else f"{action.known}*"


def _resources(resource: Words) -> tuple[str, ...]:
    """Return the resource and what lies in it: of a bucket, its objects."""
    if resource.complete or not resource.known:
        return (resource.known or "*",)
    if resource.known.endswith(("/", ":")):
        return (f"{resource.known}*",)
    return (resource.known, f"{resource.known}/*")
