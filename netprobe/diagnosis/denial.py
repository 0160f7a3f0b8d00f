"""A policy that certainly refuses what is asked: whose it is, how, and what it was told."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from netprobe.diagnosis.iam_conditions import Facts
from netprobe.diagnosis.iam_policies import Decision, Request


class Holder(Enum):
    """What a policy belongs to."""

    ENDPOINT = auto()
    API = auto()
    BUCKET = auto()
    ROLE = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Denial:
    """One policy that refuses what is asked."""

    resource_id: str
    """The endpoint, API, bucket or role whose policy it is."""
    holder: Holder
    decision: Decision
    facts: Facts
    """What the policy is told of the caller."""
    condition_keys: frozenset[str]
    request: Request
    """What the policy is asked."""
    policy: str | None
    """The JSON text that says so; None where there is none, or where several do."""
    has_policy: bool = True

    @property
    def addresses(self) -> tuple[str, ...]:
        """Return the public networks the caller comes from, single addresses without a length."""
        seen = self.facts.get("aws:sourceip")
        networks = seen if isinstance(seen, tuple) else ()
        return tuple(
            str(item.network_address if item.num_addresses == 1 else item) for item in networks
        )

    @property
    def says(self) -> str:
        """Return how it refuses, in words."""
        if not self.has_policy:
            return "has no resource policy, and a private API without one is closed to everybody"
        if self.holder is Holder.ROLE:
            denied = self.decision is Decision.DENIED
            return "a policy of it denies this" if denied else "none of its policies allows this"
        if self.decision is Decision.DENIED:
            return "its policy denies this call explicitly"
        return "no statement of its policy allows this call"
