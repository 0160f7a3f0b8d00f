"""What IAM's documents say: the policies of execution roles and of buckets."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RolePolicies:
    """What is attached to a role: its identity-based policies."""

    role_name: str
    account: str = ""
    """The account whose role it is, empty where that is not known."""
    policies: tuple[str, ...] = ()
    """JSON texts of its own policies and of the managed ones attached to it."""
    complete: bool = False
    """Every one of them was read; without one, only what they deny is certain."""

    @property
    def key(self) -> str:
        """Return what tells it from other roles."""
        return f"{self.account}/{self.role_name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketPolicy:
    """The policy of one S3 bucket."""

    bucket: str
    policy: str | None = None
    """JSON text; None when the bucket has none."""
