"""Policy documents that refuse a call, amended so that they certainly admit it, and no more.

A policy that denies what does not come from certain callers gets this caller among them; one that
allows certain callers likewise; one that says nothing of the call gets a statement about it alone.
What restricts a call by anything else than where it comes from was meant so, and nothing here
touches it.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

from netprobe.diagnosis.denial import Denial, Holder
from netprobe.diagnosis.iam_policies import (
    Decision,
    Request,
    Words,
    applies,
    decide,
    document_of,
    names_principal,
)
from netprobe.model.report import Path

IP, ENDPOINT, VPC = "aws:sourceip", "aws:sourcevpce", "aws:sourcevpc"
_NAMES = {IP: "aws:SourceIp", ENDPOINT: "aws:SourceVpce", VPC: "aws:SourceVpc"}
"""The condition keys by which a policy tells one network's calls from others."""
_NOT = {IP: "NotIpAddress", ENDPOINT: "StringNotEquals"}
_IS = {IP: "IpAddress", ENDPOINT: "StringEquals"}
_EXCEPT = frozenset(
    {"notipaddress", "stringnotequals", "stringnotlike", "arnnotequals", "arnnotlike"}
)
_ONLY = frozenset({"ipaddress", "stringequals", "stringlike"})

Document = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """One policy that refuses one path, and as whom it would know the caller."""

    path: Path
    denial: Denial
    key: str | None
    """The narrowest condition key of the caller; None where nothing is known of it."""
    values: tuple[str, ...]


def amended(refusal: Refusal, account: str | None) -> Document | None:
    """Return the document that certainly admits the call; None where none can be made."""
    denial = refusal.denial
    found = document_of(denial.policy) if denial.has_policy else {"Version": "2012-10-17"}
    if found is None or (account is None and denial.holder is not Holder.BUCKET):
        return None
    document = deepcopy(dict(found))
    statements = document.get("Statement") or []
    document["Statement"] = [statements] if isinstance(statements, dict) else statements
    for statement in document["Statement"]:
        denies = statement.get("Effect") == "Deny" and applies(statement, denial.request) is True
        if denies and not _spare(statement, refusal):
            return None
    if denial.holder is Holder.BUCKET:  # what it does not allow, the caller's own policy may
        return None if Decision.DENIED in _decisions(document, denial.request) else document
    if _decisions(document, denial.request) != {Decision.ALLOWED}:
        _allow(document, refusal)
    is_allowed = _decisions(document, denial.request) == {Decision.ALLOWED}
    return document if is_allowed else None


def _decisions(document: Document, request: Request) -> set[Decision]:
    """Return what a document says of all that the request may be about."""
    policy = json.dumps(document)
    return {
        decide(policy, replace(request, resource=item)) for item in _parts_of(request.resource)
    }


def _parts_of(resource: Words) -> tuple[Words, ...]:
    """Return a resource and what lies in it, apart: a bucket, and its objects."""
    if resource.complete or not resource.known or resource.known.endswith(("/", ":")):
        return (resource,)
    return (Words(known=resource.known), Words(known=f"{resource.known}/", complete=False))


def _spare(statement: Document, refusal: Refusal) -> bool:
    """Take the caller out of what a statement denies; tell whether that is its kind of statement.

    All conditions of a statement have to hold, so that one more spares one caller more. A list of
    endpoints or VPCs is a perimeter, into which no public address is let. See
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies-vpc-endpoint.html
    """
    if refusal.key is None:
        return False
    if _add_caller(statement, refusal, _EXCEPT):
        return True
    conditions = statement.get("Condition")
    held = conditions if isinstance(conditions, dict) else {}
    kinds = set(_keys_of(held, _EXCEPT))
    if not kinds or (refusal.key == IP and not kinds <= {IP}):
        return False
    pairs = held.setdefault(_NOT[refusal.key], {})
    if not isinstance(pairs, dict):
        return False
    pairs.setdefault(_NAMES[refusal.key], list(refusal.values))
    return True


def _allow(document: Document, refusal: Refusal) -> None:
    """Add the caller to those whom a statement allows, else a statement about this call."""
    request = refusal.denial.request
    allows = [item for item in document["Statement"] if item.get("Effect") == "Allow"]
    for statement in allows:
        wider = deepcopy(statement)
        if not _add_caller(wider, refusal, _ONLY):
            continue
        about = applies(wider, request)
        if about is True:
            statement.update(wider)
        if about is not False:  # where it is not decided, others are let in to less than all
            return
    if not any(_restricts(item, refusal) for item in allows):
        made = _statement(refusal)
        if made is not None:
            document["Statement"].append(made)


def _restricts(statement: Document, refusal: Refusal) -> bool:
    """Tell whether a statement about this call asks for more than where it comes from.

    Beside such a one, a statement that asks for nothing else would undo what was meant.
    """
    about = applies(
        {key: statement[key] for key in statement if key in _ABOUT}, _any_caller(refusal)
    )
    if about is False:
        return False
    conditions = statement.get("Condition")
    held = conditions if isinstance(conditions, dict) else {}
    every = {key.lower() for pairs in held.values() if isinstance(pairs, dict) for key in pairs}
    same_kind = {IP} if refusal.key == IP else set(_NAMES)
    return not every <= same_kind or names_principal(statement) is not True


_ABOUT = frozenset({"Action", "NotAction", "Resource", "NotResource"})


def _any_caller(refusal: Refusal) -> Request:
    return replace(refusal.denial.request, facts={})


def _add_caller(statement: Document, refusal: Refusal, operators: frozenset[str]) -> bool:
    """Add the caller to every condition of these operators about what it is known by."""
    conditions, added = statement.get("Condition"), False
    for operator, pairs in conditions.items() if isinstance(conditions, dict) else ():
        if _plain(operator) not in operators or not isinstance(pairs, dict):
            continue
        for key in list(pairs):
            if key.lower() == refusal.key:
                held = pairs[key] if isinstance(pairs[key], list) else [pairs[key]]
                pairs[key] = [*held, *(item for item in refusal.values if item not in held)]
                added = True
    return added


def _keys_of(conditions: Mapping[str, Any], operators: frozenset[str]) -> Iterator[str]:
    """Yield the keys about callers in conditions of these operators, in lower case."""
    for operator, pairs in conditions.items():
        if _plain(operator) in operators and isinstance(pairs, dict):
            yield from (key.lower() for key in pairs if key.lower() in _NAMES)


def _plain(operator: str) -> str:
    return operator.lower().removesuffix("ifexists")


def _statement(refusal: Refusal) -> Document | None:
    """Return a statement that allows this call to this caller; None for too wide a one."""
    request = refusal.denial.request
    resources = [_written(item) for item in _parts_of(request.resource)]
    if not request.action.known or not request.resource.known:
        return None
    made: Document = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": _written(request.action),
        "Resource": resources[0] if len(resources) == 1 else resources,
    }
    if refusal.denial.holder is Holder.ENDPOINT:  # only what is inside the VPC gets there
        return made
    if refusal.key is None:
        return None
    made["Condition"] = {_IS[refusal.key]: {_NAMES[refusal.key]: list(refusal.values)}}
    return made


def admits(refusal: Refusal) -> str:
    """Return whom or what the change admits, in words."""
    request = refusal.denial.request
    if refusal.denial.holder is Holder.ENDPOINT:
        resources = " and ".join(_written(item) for item in _parts_of(request.resource))
        return f"{_written(request.action)} on {resources}"
    return ", ".join(refusal.values)


def _written(words: Words) -> str:
    return words.known if words.complete else f"{words.known}*"
