"""Ways to spoil one file of a dump: keys lost, nulls, wrong types, files cut off, junk.

Each mutant says whether it only loses information. Such a one can make an answer unknown, or
close a flow, but never open one: ``delivered`` has to be read, not to be left over.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

ABSENCE_IS_AN_ANSWER = {
    # Without the file or the field, VPC Block Public Access counts as off.
    "BlockPublicAccessStates", "InternetGatewayBlockMode", "VpcBlockPublicAccessOptions",
    "VpcBlockPublicAccessExclusions", "DescribeVpcBlockPublicAccessOptions",
    # Answers from before there was such a thing have no such field.
    "AssociationState", "CidrBlockState", "Ipv6CidrBlockState", "Ipv6AddressAttribute",
    "DenyAllIgwTraffic", "AttachedAppliances", "Origin", "Ipv6Addresses",
}  # fmt: skip
"""Keys whose loss is a configuration AWS may well describe, not the same one described badly."""

_OTHER_TYPES: tuple[Any, ...] = (
    7,
    2.5,
    True,
    "junk",
    "",
    [],
    {},
    [None],
    [[]],
    {"Key": None},
    ["x"],
)
_JUNK_TEXTS = ("junk", "10.0.0.0/33", "::", "-1", "\x1b[31m", "0", "é" * 9, "vpc-", "eni-none")


@dataclass(frozen=True, slots=True)
class Mutant:
    """One file of a dump as it was spoiled; None when it is gone."""

    what: str
    content: bytes | None
    loses: bool


Path = tuple[str | int, ...]


def paths_of(value: Any, here: Path = ()) -> Iterator[Path]:
    """Yield where every value of a document is."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in items:
        yield (*here, key)
        if isinstance(inner, dict | list):
            yield from paths_of(inner, (*here, key))


def mutate(content: bytes, rng: random.Random) -> Mutant:
    """Return one mutant of a file."""
    how = rng.choices(tuple(_WAYS), weights=tuple(_WAYS.values()))[0]
    return how(content, rng)


def _cut_off(content: bytes, rng: random.Random) -> Mutant:
    at = rng.randrange(len(content))
    return Mutant(f"cut off after {at} bytes", content[:at], loses=True)


def _gone(_content: bytes, _rng: random.Random) -> Mutant:
    return Mutant("gone", None, loses=True)


def _junk_bytes(content: bytes, rng: random.Random) -> Mutant:
    spoiled = bytearray(content)
    for _ in range(rng.randint(1, 4)):
        spoiled[rng.randrange(len(spoiled))] = rng.randrange(256)
    return Mutant("junk bytes", bytes(spoiled), loses=False)


def _at_key(content: bytes, rng: random.Random, spoil: Callable[[Any, Any], str]) -> Mutant:
    """Return a mutant with one value of one object spoiled."""
    document = json.loads(content)
    paths = [path for path in paths_of(document) if isinstance(path[-1], str)]
    path = rng.choice(paths)
    holder = document
    for key in path[:-1]:
        holder = holder[key]
    done = spoil(holder, path[-1])
    loses = not ABSENCE_IS_AN_ANSWER.intersection(map(str, path))
    where = "/".join(map(str, path))
    return Mutant(f"{where} {done}", json.dumps(document).encode(), loses=loses)


def _lost_key(content: bytes, rng: random.Random) -> Mutant:
    def spoil(holder: Any, key: Any) -> str:
        del holder[key]
        return "lost"

    return _at_key(content, rng, spoil)


def _null(content: bytes, rng: random.Random) -> Mutant:
    def spoil(holder: Any, key: Any) -> str:
        holder[key] = None
        return "null"

    return _at_key(content, rng, spoil)


def _wrong_type(content: bytes, rng: random.Random) -> Mutant:
    def spoil(holder: Any, key: Any) -> str:
        was = type(holder[key])
        holder[key] = rng.choice([value for value in _OTHER_TYPES if type(value) is not was])
        return f"is {holder[key]!r}"

    return _at_key(content, rng, spoil)


def _other_value(content: bytes, rng: random.Random) -> Mutant:
    """Return a mutant that says something else, which may well open a flow."""

    def spoil(holder: Any, key: Any) -> str:
        was = holder[key]
        if isinstance(was, list):
            holder[key] = [*was, rng.choice(_OTHER_TYPES)] if rng.random() < 0.5 else was[1:]
        elif isinstance(was, dict):
            holder[key] = {rng.choice(_JUNK_TEXTS): was}
        elif isinstance(was, int):
            holder[key] = rng.choice((-1, 0, 65536, 10**30))
        else:
            holder[key] = rng.choice(_JUNK_TEXTS)
        return f"is {holder[key]!r:.60}"

    mutant = _at_key(content, rng, spoil)
    return Mutant(mutant.what, mutant.content, loses=False)


_WAYS: dict[Callable[[bytes, random.Random], Mutant], int] = {
    _lost_key: 30,
    _null: 20,
    _wrong_type: 25,
    _other_value: 10,
    _cut_off: 8,
    _junk_bytes: 5,
    _gone: 2,
}
"""How to spoil a file, and how often."""
