"""What a resolver answers, and how it follows one name to another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

_MOST_CNAMES = 8
"""How many CNAMEs a resolver follows before it gives up on a chain."""


class NoAnswerError(Exception):
    """No answer can be had, which a client sees as SERVFAIL."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer to one question."""

    addresses: tuple[str, ...] = ()
    """Those of the family asked for."""
    exists: bool = True
    """False: there is no such name (NXDOMAIN); of a chain, the last name."""
    cname: str = ""
    """Where to look instead; empty in what a client is told."""
    cnames: tuple[str, ...] = ()
    """The names that led to the addresses, after the one asked for."""


NODATA = Answer()
NXDOMAIN = Answer(exists=False)
AnswerOf = Callable[[str, str], Answer]
"""Answers a name and a record type (``A``, ``AAAA`` and others)."""


def follow(name: str, kind: str, look: AnswerOf) -> Answer:
    """Return the answer at the end of a name's CNAMEs.

    Raises:
        NoAnswerError: the chain has no end.
    """
    names: list[str] = []
    while len(names) <= _MOST_CNAMES:
        found = look(name, kind)
        if not found.cname:
            return replace(found, cnames=(*names, *found.cnames))
        name = found.cname
        names.append(name)
    message = f"the CNAMEs of {names[0]} have no end"
    raise NoAnswerError(message)


def of_family(ipv4: tuple[str, ...], ipv6: tuple[str, ...], kind: str) -> Answer:
    """Return those of a name's addresses that a question asks for."""
    return Answer(addresses={"A": ipv4, "AAAA": ipv6}.get(kind, ()))
