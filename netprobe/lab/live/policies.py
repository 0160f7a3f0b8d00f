"""Policy documents of endpoints and APIs: whether they let a request through.

The order is IAM's: an explicit deny wins, and without an allow there is an implicit deny. See
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from fnmatch import fnmatchcase
from ipaddress import ip_address, ip_network
from typing import Any

Json = Mapping[str, Any]
Facts = Mapping[str, str | None]


class Decision(Enum):
    """What a policy says to a request."""

    ALLOWED = "allowed"
    IMPLICIT_DENY = "implicit deny"
    EXPLICIT_DENY = "explicit deny"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a request wants to do.

    An action or resource of None cannot be told from the request: it is refused only where the
    policy would refuse every one, so that no answer claims a denial that AWS would not give.
    """

    action: str | None
    resource: str | None
    service: str
    """The prefix of its actions: ``s3``, ``execute-api``."""
    signed: bool = False
    account_id: str = ""
    facts: Facts = field(default_factory=dict)
    """The condition keys in lower case; None, like one left out, is a key that is absent."""


def decide(policy: str | Json, asked: Asked) -> Decision:
    """Return what a policy document says."""
    effects = {item.get("Effect") for item in _statements(policy) if _applies(item, asked)}
    if "Deny" in effects:
        return Decision.EXPLICIT_DENY
    return Decision.ALLOWED if "Allow" in effects else Decision.IMPLICIT_DENY


def _statements(policy: str | Json) -> Iterator[Json]:
    if isinstance(policy, str):
        # API Gateway escapes the document a second time
        text = policy.replace('\\"', '"') if policy.startswith("{\\") else policy
        policy = dict(json.loads(text))
    yield from _listed(policy.get("Statement"))


def _applies(statement: Json, asked: Asked) -> bool:
    denies = statement.get("Effect") == "Deny"
    return (
        _names_principal(statement, asked)
        and _names(statement, "Action", asked.action, f"{asked.service}:", denies=denies)
        and _names(statement, "Resource", asked.resource, "", denies=denies)
        and all(
            holds(operator, asked.facts.get(key.lower()), wanted)
            for operator, pairs in (statement.get("Condition") or {}).items()
            for key, wanted in pairs.items()
        )
    )


def _names_principal(statement: Json, asked: Asked) -> bool:
    """Tell whether a statement is about the caller; everybody is ``*``, even who is anonymous."""
    if (others := statement.get("NotPrincipal")) is not None:
        return not _is_among(others, asked)
    return _is_among(statement.get("Principal", "*"), asked)


def _is_among(principals: Any, asked: Asked) -> bool:
    named = _listed(principals.get("AWS") if isinstance(principals, dict) else principals)
    if "*" in named:
        return True
    own = {asked.account_id, f"arn:aws:iam::{asked.account_id}:root"}
    return asked.signed and not own.isdisjoint(named)


def _names(statement: Json, key: str, asked: str | None, prefix: str, *, denies: bool) -> bool:
    """Tell whether a statement's actions or resources hold what is asked."""
    if (others := statement.get(f"Not{key}")) is not None:
        return asked is None or not any(_fits(pattern, asked) for pattern in _listed(others))
    patterns = _listed(statement.get(key, "*"))
    if asked is not None:
        return any(_fits(pattern, asked) for pattern in patterns)
    if denies:
        return any(pattern in {"*", f"{prefix}*"} for pattern in patterns)
    return any(pattern == "*" or pattern.lower().startswith(prefix) for pattern in patterns)


def _fits(pattern: str, asked: str) -> bool:
    return fnmatchcase(asked.lower(), pattern.lower().replace("[", "[[]"))


def holds(operator: str, fact: str | None, wanted: Any) -> bool:
    """Tell whether one condition holds.

    A key that is absent fails it, except where the operator is negated or ends in ``IfExists``:
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
    """
    name = operator.rpartition(":")[2]  # ForAnyValue: and ForAllValues: of a single value
    values = [str(item) for item in _listed(wanted)]
    if name == "Null":
        return (fact is None) is (values[:1] == ["true"])
    if name.endswith("IfExists"):
        name = name.removesuffix("IfExists")
        if fact is None:
            return True
    negated = "Not" in name
    matches = fact is not None and any(_matches(name.replace("Not", ""), fact, v) for v in values)
    return matches is not negated


def _matches(name: str, fact: str, value: str) -> bool:
    match name:
        case "StringEquals" | "ArnEquals" | "ArnLike" | "StringLike":
            like = name != "StringEquals"
            return fnmatchcase(fact, value.replace("[", "[[]")) if like else fact == value
        case "StringEqualsIgnoreCase" | "Bool":
            return fact.lower() == value.lower()
        case "IpAddress":
            network = ip_network(value, strict=False)
            return ip_address(fact) in network
        case _:
            return False


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
