"""What could not be read, so that nobody takes it for absent."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """One call whose answer is missing; what needs it is unknown, never absent."""

    call: str
    """Service and operation: ``ec2:DescribeNetworkAcls``."""
    error: str
    iam_action: str
    """The action to allow; for ec2 the call itself."""
    needed_for: str = ""
    """What cannot be said without it, as a noun phrase."""
    asked: bool = True
    """False when nobody made the call, as in a dump without its file; an answer that was
    refused or cannot be read is True. Only for Block Public Access do the two differ."""
    subjects: frozenset[str] = frozenset()
    """Ids of those it was not read for, where it was for others; empty when it concerns all."""
