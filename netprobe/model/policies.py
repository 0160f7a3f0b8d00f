"""What IAM's documents say: the policies of execution roles and of buckets."""

from __future__ import annotations

from collections.abc import Iterable
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

    def is_of(self, role_arn: str | None) -> bool:
        """Tell whether these are the policies of the role with this ARN."""
        account, _, path = (role_arn or "").removeprefix("arn:").rpartition(":role/")
        same = not self.account or account.endswith(f":{self.account}")
        return same and path.rpartition("/")[2] == self.role_name


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketPolicy:
    """The policy of one S3 bucket."""

    bucket: str
    policy: str | None = None
    """JSON text; None when the bucket has none."""


def role_policies_of(roles: Iterable[RolePolicies], role_arn: str | None) -> RolePolicies | None:
    """Return what is attached to the role with this ARN, None where that was not read."""
    return next((item for item in roles if item.is_of(role_arn)), None)


def policy_of_bucket(policies: Iterable[BucketPolicy], bucket: str) -> BucketPolicy | None:
    """Return the policy of a bucket, None where it was not asked for or refused."""
    return next((item for item in policies if item.bucket == bucket), None)
