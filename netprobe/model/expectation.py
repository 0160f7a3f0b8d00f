"""What somebody wrote down that the network must do, and whether it does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from netprobe.model.addresses import Family
from netprobe.model.finding import PathKey


class Must(StrEnum):
    """What a flow has to do."""

    WORK = "work"
    NOT_WORK = "not-work"


class Over(StrEnum):
    """The address families an expectation is about."""

    IPV4 = "ipv4"
    IPV6 = "ipv6"
    ANY = "any"
    """Over one family at least; a flow that must not work, over neither."""
    BOTH = "both"
    """Over each of the two."""

    @property
    def families(self) -> tuple[Family, ...]:
        """Return the families to ask about."""
        return (Family(self.value),) if self in {Over.IPV4, Over.IPV6} else tuple(Family)

    @property
    def label(self) -> str:
        """Return the families as people write them."""
        if self in {Over.IPV4, Over.IPV6}:
            return self.families[0].label
        return "IPv4 or IPv6" if self is Over.ANY else "IPv4 and IPv6"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """One flow that must work, or must not."""

    target: str
    """As ``--target`` takes it."""
    source: str | None = None
    """``function:NAME``, a subnet or the id of a source; None for every source of the check."""
    over: Over = Over.ANY
    must: Must = Must.WORK
    why: str = ""
    """The words of who wrote it."""

    def __str__(self) -> str:
        """Return the expectation as one sentence."""
        verb = "must work" if self.must is Must.WORK else "must not work"
        start = f"{self.source} → {self.target}" if self.source else self.target
        return f"{start} {verb} over {self.over.label}"


class Kept(StrEnum):
    """What became of an expectation."""

    KEPT = "kept"
    BROKEN = "broken"
    UNKNOWN = "unknown"
    """Something that decides it could not be found out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedExpectation:
    """An expectation and what was found."""

    expectation: Expectation
    state: Kept
    says: str
    """What was found, one clause."""
    paths: tuple[PathKey, ...] = ()
    """The paths that decided it."""
    findings: tuple[str, ...] = ()
    """Codes of the findings that explain why a flow that must work does not."""


def worst(judged: Iterable[JudgedExpectation]) -> Kept:
    """Return what stands for all: broken if one is, else unknown if one is."""
    states = {item.state for item in judged}
    return next((item for item in (Kept.BROKEN, Kept.UNKNOWN) if item in states), Kept.KEPT)
