"""Resolver rules of Route 53: associations that need no name."""

from __future__ import annotations

from typing import Any


def associate(
    original: Any, backend: Any, resolver_rule_id: str, name: str | None, vpc_id: str
) -> Any:
    """Associate a rule with a VPC; ``Name`` may be left out.

    https://docs.aws.amazon.com/Route53/latest/APIReference/API_route53resolver_AssociateResolverRule.html
    """
    return original(backend, resolver_rule_id, name or "", vpc_id)
