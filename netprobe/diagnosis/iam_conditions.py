"""Whether one condition of a policy holds: true, false, or None where it is not decided.

See
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fnmatch import fnmatchcase
from ipaddress import ip_network

from netprobe.model.addresses import Network

Truth = bool | None
"""None: not decided."""

Fact = str | tuple[Network, ...] | None
"""A text, the networks a source address lies in, or None: the request does not have the key."""

Facts = Mapping[str, Fact]
"""By condition key in lower case; a key that is not there is not known."""


def negated(truth: Truth) -> Truth:
    """Return the opposite; what is not decided stays so."""
    return None if truth is None else not truth


def holds(operator: str, key: str, wanted: tuple[str, ...], facts: Facts) -> Truth:
    """Tell whether a condition holds.

    A key that the request does not have fails it, except where the operator is negated, ends in
    ``IfExists`` or is ``Null``.
    """
    set_operator, _, name = operator.rpartition(":")
    key = key.lower()
    if key not in facts or any("${" in item for item in wanted):
        return None
    fact = facts[key]
    if name == "Null":
        return (fact is None) is ([item.lower() for item in wanted] == ["true"])
    if fact is None and (name.endswith("IfExists") or set_operator.lower() == "forallvalues"):
        return True
    name = name.removesuffix("IfExists")
    positive = name.replace("Not", "")
    if positive not in _MATCHERS:
        return None
    found: Truth = False if fact is None else _MATCHERS[positive](fact, wanted)
    return negated(found) if name != positive else found


def _equals(fact: Fact, wanted: tuple[str, ...]) -> Truth:
    return fact in wanted if isinstance(fact, str) else None


def _equals_ignoring_case(fact: Fact, wanted: tuple[str, ...]) -> Truth:
    lower = tuple(item.lower() for item in wanted)
    return fact.lower() in lower if isinstance(fact, str) else None


def _like(fact: Fact, wanted: tuple[str, ...]) -> Truth:
    if not isinstance(fact, str):
        return None
    return any(fnmatchcase(fact, item.replace("[", "[[]")) for item in wanted)


def _within(fact: Fact, wanted: tuple[str, ...]) -> Truth:
    """Tell whether a source address lies in a range, None where some of the possible ones do."""
    if not isinstance(fact, tuple):
        return None
    try:
        ranges = [ip_network(item, strict=False) for item in wanted]
    except ValueError:
        return None
    if all(any(_is_inside(inner, outer) for outer in ranges) for inner in fact):
        return True
    return None if any(_overlaps(inner, ranges) for inner in fact) else False


def _is_inside(inner: Network, outer: Network) -> bool:
    return inner.version == outer.version and inner.subnet_of(outer)  # type: ignore[arg-type] # same version


def _overlaps(inner: Network, ranges: Iterable[Network]) -> bool:
    return any(inner.version == item.version and inner.overlaps(item) for item in ranges)


_MATCHERS: Mapping[str, Callable[[Fact, tuple[str, ...]], Truth]] = {
    "StringEquals": _equals,
    "StringEqualsIgnoreCase": _equals_ignoring_case,
    "StringLike": _like,
    "ArnEquals": _like,
    "ArnLike": _like,
    "Bool": _equals_ignoring_case,
    "IpAddress": _within,
}
"""The operators that are decided, without ``Not`` and ``IfExists``."""
