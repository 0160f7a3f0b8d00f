"""What one policy document says to a request, with "unknown" for all that is not decided.

The order is IAM's: an explicit deny wins, and without an allow there is an implicit deny. See
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from netprobe.diagnosis.iam_conditions import Facts, Truth, holds, negated

_Json = Mapping[str, Any]
_PARTS_BEFORE_RESOURCE = 5
"""``arn:partition:service:region:account:resource``"""


class Decision(Enum):
    """What a policy document says to a request."""

    ALLOWED = auto()
    NOT_ALLOWED = auto()
    """No statement allows it: the implicit deny."""
    DENIED = auto()
    """A statement denies it."""
    UNKNOWN = auto()

    @property
    def refuses(self) -> bool:
        """Tell whether the request is certainly refused."""
        return self in {Decision.NOT_ALLOWED, Decision.DENIED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """An action or a resource, of which only the beginning may be known."""

    known: str
    complete: bool = True

    def fits(self, pattern: str, *, ignore_case: bool = False) -> Truth:
        """Tell whether a pattern with ``*`` and ``?`` matches, None where the rest decides."""
        if "${" in pattern:  # a policy variable
            return None
        text = self.known.lower() if ignore_case else self.known
        pattern = pattern.lower() if ignore_case else pattern
        reached = _reached(pattern, text)
        if self.complete:
            return len(pattern) in reached
        if any(at < len(pattern) and not pattern[at:].strip("*") for at in reached):
            return True  # it matches whatever follows
        before_resource = _up_to_resource(pattern)
        if _up_to_resource(text):  # a pattern's other account is none of what follows
            reached = {at for at in reached if at >= before_resource}
        return None if reached else False


def _up_to_resource(arn: str) -> int:
    """Return where the sixth part of an ARN begins, zero for what has fewer parts."""
    parts = arn.split(":", _PARTS_BEFORE_RESOURCE)
    found = len(parts) > _PARTS_BEFORE_RESOURCE
    return len(arn) - len(parts[-1]) if found else 0


def _reached(pattern: str, text: str) -> set[int]:
    """Return how much of a pattern a text may use up: each is where what follows goes on."""

    def past_stars(found: set[int]) -> set[int]:
        for at in sorted(found):
            end = at
            while pattern[end : end + 1] == "*":
                end += 1
                found.add(end)
        return found

    found = past_stars({0})
    for char in text:
        found = past_stars(
            {at for at in found if pattern[at : at + 1] == "*"}
            | {at + 1 for at in found if pattern[at : at + 1] in {char, "?"}}
        )
    return found


ANYTHING = Words(known="", complete=False)
"""An action or a resource of which nothing is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is asked of AWS, as far as it is known; who asks is not."""

    action: Words = ANYTHING
    resource: Words = ANYTHING
    facts: Facts = field(default_factory=dict)


def decide(policy: str | None, request: Request) -> Decision:
    """Return what a document says; no document at all, or one that cannot be read, is unknown."""
    statements = _statements(policy)
    if statements is None:
        return Decision.UNKNOWN
    allows = [applies(item, request) for item in statements if item.get("Effect") == "Allow"]
    denies = [applies(item, request) for item in statements if item.get("Effect") == "Deny"]
    if True in denies:
        return Decision.DENIED
    if True not in allows and None not in allows:
        return Decision.NOT_ALLOWED
    if None in denies or True not in allows:
        return Decision.UNKNOWN
    return Decision.ALLOWED


def decide_together(policies: Iterable[str], request: Request, *, complete: bool) -> Decision:
    """Return what the policies of one identity say; any may allow, and any may deny.

    Without all of them (not ``complete``) one that was not read may allow.
    """
    found = {decide(policy, request) for policy in policies}
    if Decision.DENIED in found:
        return Decision.DENIED
    if not complete or Decision.UNKNOWN in found:
        return Decision.UNKNOWN
    return Decision.ALLOWED if Decision.ALLOWED in found else Decision.NOT_ALLOWED


def condition_keys(policy: str | None) -> frozenset[str]:
    """Return the condition keys a document speaks of, in lower case."""
    return frozenset(
        key.lower()
        for item in _statements(policy) or ()
        for pairs in _conditions(item).values()
        if isinstance(pairs, Mapping)
        for key in pairs
    )


def condition_values(policy: str | None, name: str) -> tuple[str, ...]:
    """Return what a document holds a condition key against, the key in lower case."""
    found = (
        str(value)
        for item in _statements(policy) or ()
        for pairs in _conditions(item).values()
        for key, wanted in _pairs(pairs)
        if str(key).lower() == name
        for value in _listed(wanted)
    )
    return tuple(dict.fromkeys(found))


def document_of(policy: str | None) -> _Json | None:
    """Return a policy as JSON, None for what is none.

    API Gateway escapes the document as if inside a JSON string.
    """
    found: Any = policy
    for _ in range(2):
        if isinstance(found, str):
            found = _parsed(found)
    return found if isinstance(found, Mapping) else None


def _statements(policy: str | None) -> tuple[_Json, ...] | None:
    found = document_of(policy)
    if found is None:
        return None
    items = tuple(_listed(found.get("Statement")))
    return items if all(isinstance(item, Mapping) for item in items) else None


def _parsed(text: str) -> object:
    for candidate in (text, f'"{text}"'):
        try:
            return json.loads(candidate)
        except ValueError:
            continue
    return None


def applies(statement: _Json, request: Request) -> Truth:
    """Tell whether a statement is about a request, None where that is not decided."""
    return all_of(
        (
            names_principal(statement),
            None if _has_odd_condition(statement) else True,
            _names(statement, "Action", request.action, ignore_case=True),
            _names(statement, "Resource", request.resource, ignore_case=False),
            *(
                holds(str(operator), str(key), tuple(map(str, _listed(wanted))), request.facts)
                for operator, pairs in _conditions(statement).items()
                for key, wanted in _pairs(pairs)
            ),
        )
    )


def _has_odd_condition(statement: _Json) -> bool:
    return not isinstance(statement.get("Condition", {}), Mapping)


def _conditions(statement: _Json) -> _Json:
    found = statement.get("Condition")
    return found if isinstance(found, Mapping) else {}


def _pairs(pairs: object) -> Iterator[tuple[object, object]]:
    if isinstance(pairs, Mapping):
        yield from pairs.items()
    else:
        yield "", ""  # not a document that IAM takes: no operator decides it


def names_principal(statement: _Json) -> Truth:
    """Tell whether a statement is about the caller, of whom nothing is known: ``*`` is."""
    if "NotPrincipal" in statement:
        return None
    named = statement.get("Principal", "*")
    values = _listed(named.get("AWS") if isinstance(named, Mapping) else named)
    return True if "*" in values else None


def _names(statement: _Json, key: str, asked: Words, *, ignore_case: bool) -> Truth:
    """Tell whether a statement's actions or resources hold what is asked."""
    others = f"Not{key}"
    if others in statement:
        return negated(_any_fits(statement[others], asked, ignore_case=ignore_case))
    if key not in statement:
        return None
    return _any_fits(statement[key], asked, ignore_case=ignore_case)


def _any_fits(patterns: object, asked: Words, *, ignore_case: bool) -> Truth:
    return any_of(asked.fits(str(item), ignore_case=ignore_case) for item in _listed(patterns))


def all_of(parts: Iterable[Truth]) -> Truth:
    """Return the conjunction in three-valued logic."""
    found = tuple(parts)
    if False in found:
        return False
    return None if None in found else True


def any_of(parts: Iterable[Truth]) -> Truth:
    """Return the disjunction in three-valued logic."""
    found = tuple(parts)
    if True in found:
        return True
    return None if None in found else False


def _listed(value: object) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
