"""Resource policies of APIs: whether they let a caller in, by where it comes from."""

from __future__ import annotations

import json
from ipaddress import ip_address, ip_network
from typing import Any


def allows(policy: str, *, source_ip: str, vpc_id: str | None, endpoint_id: str | None) -> bool:
    """Tell whether an anonymous call is allowed: an explicit deny wins, and an allow is needed.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
    """
    facts = {
        "aws:sourceip": source_ip,
        "aws:vpcsourceip": source_ip,
        "aws:sourcevpc": vpc_id,
        "aws:sourcevpce": endpoint_id,
    }
    text = policy.replace('\\"', '"') if policy.startswith("{\\") else policy
    statements = json.loads(text).get("Statement", [])
    statements = statements if isinstance(statements, list) else [statements]
    effects = {item["Effect"] for item in statements if _applies(item, facts)}
    return "Allow" in effects and "Deny" not in effects


def _applies(statement: dict[str, Any], facts: dict[str, str | None]) -> bool:
    conditions = statement.get("Condition") or {}
    return all(
        _holds(operator, facts.get(key.lower()), wanted)
        for operator, pairs in conditions.items()
        for key, wanted in pairs.items()
    )


def _holds(operator: str, fact: str | None, wanted: Any) -> bool:
    values = wanted if isinstance(wanted, list) else [wanted]
    match operator:
        case "StringEquals" | "StringLike":
            return fact in values
        case "StringNotEquals" | "StringNotLike":
            return fact not in values
        case "IpAddress":
            return fact is not None and _inside(fact, values)
        case "NotIpAddress":
            return fact is None or not _inside(fact, values)
        case _:
            return False


def _inside(address: str, cidrs: list[str]) -> bool:
    return any(
        ip_address(address) in ip_network(cidr, strict=False)
        for cidr in cidrs
        if ip_network(cidr, strict=False).version == ip_address(address).version
    )
