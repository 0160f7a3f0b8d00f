"""Resolver rules of Route 53: neither they nor their associations and endpoints need a name."""

from __future__ import annotations

from typing import Any


def name_it(original: Any, *arguments: Any, **named: Any) -> Any:
    """Make a rule or an endpoint; without a ``Name`` it could not be listed beside another.

    https://docs.aws.amazon.com/Route53/latest/APIReference/API_route53resolver_CreateResolverRule.html
    """
    made = original(*arguments, **named)
    made.name = made.name or ""
    return made


def associate(
    original: Any, backend: Any, resolver_rule_id: str, name: str | None, vpc_id: str
) -> Any:
    """Associate a rule with a VPC; ``Name`` may be left out.

    https://docs.aws.amazon.com/Route53/latest/APIReference/API_route53resolver_AssociateResolverRule.html
    """
    return original(backend, resolver_rule_id, name or "", vpc_id)
