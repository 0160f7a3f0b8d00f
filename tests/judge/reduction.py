"""Makes a disagreement small: drops whatever it does not need, and never leaves a dangling id."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

from tests.judge.estate import KEYS

ID_KEYS = {
    "DescribeVpcs": "VpcId",
    "DescribeSubnets": "SubnetId",
    "DescribeRouteTables": "RouteTableId",
    "DescribeInternetGateways": "InternetGatewayId",
    "DescribeEgressOnlyInternetGateways": "EgressOnlyInternetGatewayId",
    "DescribeNatGateways": "NatGatewayId",
    "DescribeNetworkAcls": "NetworkAclId",
    "DescribeSecurityGroups": "GroupId",
    "DescribeNetworkInterfaces": "NetworkInterfaceId",
    "DescribeVpcEndpoints": "VpcEndpointId",
    "DescribeManagedPrefixLists": "PrefixListId",
    "DescribeVpnGateways": "VpnGatewayId",
    "DescribeVpcPeeringConnections": "VpcPeeringConnectionId",
    "DescribeTransitGateways": "TransitGatewayId",
    "DescribeTransitGatewayVpcAttachments": "TransitGatewayAttachmentId",
    "DescribeTransitGatewayRouteTables": "TransitGatewayRouteTableId",
    "DescribeVpcBlockPublicAccessExclusions": "ExclusionId",
}
"""What identifies an item; ACLs and groups go only with what is in them."""

_SMALL_PARTS = frozenset({
    "Routes",
    "Entries",
    "IpPermissions",
    "IpPermissionsEgress",
    "IpRanges",
    "Ipv6Ranges",
    "PrefixListIds",
    "UserIdGroupPairs",
})  # fmt: skip
"""Lists inside items any of whose members may go."""

Answers = dict[str, Any]


def reduce_answers(answers: Answers, disagree: Callable[[Answers], bool]) -> Answers:
    """Return the smallest answers found that still disagree."""
    before = None
    while before != answers:
        before = answers
        for step in (_without_items, _without_parts):
            index = 0
            while (candidate := step(answers, index)) is not None:
                if candidate != answers and disagree(candidate):
                    answers = candidate  # what followed has moved up to this index
                else:
                    index += 1
    return answers


def _without_items(answers: Answers, index: int) -> Answers | None:
    ids = [
        item[ID_KEYS[operation]]
        for operation in ID_KEYS
        for item in answers.get(operation, {}).get(KEYS[operation], ())
        if _may_be_missed(answers, operation, item)
    ]
    return without(answers, ids[index]) if index < len(ids) else None


def _may_be_missed(answers: Answers, operation: str, item: dict[str, Any]) -> bool:
    """Tell whether AWS could be without an item: no subnet lacks an ACL, no interface a group."""
    if operation == "DescribeNetworkAcls":
        return not item["Associations"]
    if operation == "DescribeSecurityGroups":
        used = {"GroupId": item["GroupId"]}
        return not any(
            used in owner["Groups"]
            for key in ("DescribeNetworkInterfaces", "DescribeVpcEndpoints")
            for owner in answers.get(key, {}).get(KEYS[key], ())
        )
    return True


def without(answers: Answers, gone: str) -> Answers:
    """Return the answers without a resource and without whatever names it."""
    answers = copy.deepcopy(answers)
    waiting, seen = [gone], set()
    while waiting:
        resource_id = waiting.pop()
        seen.add(resource_id)
        for operation, answer in answers.items():
            items = answer.get(KEYS.get(operation, "")) if isinstance(answer, dict) else answer
            if isinstance(items, list):
                waiting += _drop(items, resource_id, ID_KEYS.get(operation), seen)
    return answers


def _drop(items: list[Any], resource_id: str, id_key: str | None, seen: set[str]) -> list[str]:
    """Drop items that name a resource themselves, and the parts of others that do."""
    dropped = [item for item in items if _names(item, resource_id)]
    items[:] = [item for item in items if item not in dropped]
    for item in items:
        _drop_parts(item, resource_id)
    return [item[id_key] for item in dropped if id_key and item[id_key] not in seen]


def _names(item: Any, resource_id: str) -> bool:
    return isinstance(item, dict) and resource_id in [
        value for value in item.values() if isinstance(value, str)
    ]


def _drop_parts(value: Any, resource_id: str) -> None:
    if isinstance(value, dict):
        for part in value.values():
            _drop_parts(part, resource_id)
    elif isinstance(value, list):
        value[:] = [
            part for part in value if part != resource_id and not _names(part, resource_id)
        ]
        for part in value:
            _drop_parts(part, resource_id)


def _without_parts(answers: Answers, index: int) -> Answers | None:
    candidate = copy.deepcopy(answers)
    places = list(_parts(candidate))
    if index >= len(places):
        return None
    parts, place = places[index]
    del parts[place]
    return candidate


def _parts(value: Any) -> Iterator[tuple[list[Any], int]]:
    if isinstance(value, dict):
        for key, part in value.items():
            if key in _SMALL_PARTS and isinstance(part, list):
                yield from ((part, i) for i in range(len(part)) if _may_go(part[i]))
            yield from _parts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _parts(part)


def _may_go(part: Any) -> bool:
    """Every table keeps its local routes, every ACL its last entries, as AWS has them."""
    if not isinstance(part, dict):
        return True
    return part.get("GatewayId") != "local" and part.get("RuleNumber", 0) < 32767
