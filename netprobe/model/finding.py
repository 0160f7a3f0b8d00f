"""What is wrong, with proof: a finding and its evidence."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from netprobe.model.addresses import Family


class Role(StrEnum):
    """What a finding is to the failure."""

    ROOT_CAUSE = "root-cause"
    CONTRIBUTING = "contributing"
    NOTE = "note"


class Severity(StrEnum):
    """How much it hurts."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Confidence(StrEnum):
    """How sure netprobe is: both witnesses, one, or a guess among several."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


IN_FRONT = "stands in front of it"
"""What the evidence of a finding says of another one that keeps the packets from it."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class PathKey:
    """One path: a source, a target and an address family."""

    source: str
    target: str
    family: Family

    def __str__(self) -> str:
        """Return the path as reports write it."""
        return f"{self.source} -> {self.target} ({self.family})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One fact that proves a finding."""

    resource_id: str
    says: str
    primary: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One occurrence of a fault."""

    code: str
    name: str
    title: str
    role: Role = Role.ROOT_CAUSE
    severity: Severity = Severity.HIGH
    confidence: Confidence = Confidence.HIGH
    evidence: tuple[Evidence, ...]
    paths: tuple[PathKey, ...]
    reason: str = ""
    """The rule of the network that makes traffic fail, one sentence."""
    advice: str = ""
    """What to change, as an imperative that names the resources."""
    phrase: str = ""
    """The fault in a few words, for the one-sentence answer."""
    standing_cost: str = ""
    """What the advice costs per month, "none" or an amount in USD."""
    fixes: tuple[str, ...] = field(default=())
    moot_beside: frozenset[str] = frozenset()
    """Names of faults beside which this one would not be met, once they are mended."""

    def __post_init__(self) -> None:
        """Refuse a finding without a primary fact: it could not be checked by its reader."""
        if not any(item.primary for item in self.evidence):
            message = f"{self.name}: a finding needs primary evidence"
            raise ValueError(message)
