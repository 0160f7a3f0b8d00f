"""Changes of resources' policies: whom an API or a bucket admits, what an endpoint lets through.

Each carries the whole document it leaves behind, because that is what AWS takes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from netprobe.model.change import BaseChange


@dataclass(frozen=True, slots=True, kw_only=True)
class SetApiPolicy(BaseChange):
    """A REST API's resource policy that admits one caller more, deployed to its stages."""

    action: ClassVar[str] = "set-api-policy"
    api_id: str
    stages: tuple[str, ...]
    policy: str
    """JSON text."""
    admits: str
    """The caller, as the policy knows it: a network, or an endpoint's id."""

    @property
    def holder(self) -> str:
        """Return whose policy it is."""
        return self.api_id

    def __str__(self) -> str:
        return f"admit {self.admits} in the resource policy of {self.api_id} and deploy it again"


@dataclass(frozen=True, slots=True, kw_only=True)
class SetEndpointPolicy(BaseChange):
    """An endpoint's policy that lets one call more through."""

    action: ClassVar[str] = "set-endpoint-policy"
    vpc_endpoint_id: str
    policy: str
    """JSON text."""
    admits: str
    """The action and its resource."""

    @property
    def holder(self) -> str:
        """Return whose policy it is."""
        return self.vpc_endpoint_id

    def __str__(self) -> str:
        return f"allow {self.admits} in the policy of {self.vpc_endpoint_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SetBucketPolicy(BaseChange):
    """An S3 bucket's policy that no longer denies one caller."""

    action: ClassVar[str] = "set-bucket-policy"
    bucket: str
    policy: str
    """JSON text."""
    admits: str
    """The caller, as the policy knows it: a network, or an endpoint's id."""

    @property
    def holder(self) -> str:
        """Return whose policy it is."""
        return self.bucket

    def __str__(self) -> str:
        return f"admit {self.admits} in the policy of the bucket {self.bucket}"
