"""A reduced account still disagrees, holds nothing that it does not need, and dangles nowhere."""

from __future__ import annotations

import json
from typing import Any

from tests.judge.cases import Case, read_cases
from tests.judge.reduction import reduce_answers, without


def case(name: str) -> Case:
    return next(item for item in read_cases() if item.name == name)


def ids(answers: dict[str, Any], operation: str, key: str) -> list[str]:
    (items,) = answers[operation].values()
    return [item[key] for item in items]


def test_whatever_names_a_resource_goes_with_it() -> None:
    """A subnet takes its interfaces and NAT gateways, and these the routes to them."""
    answers = dict(case("nat_gateway_carries_no_other_protocol").answers)

    smaller = without(answers, "subnet-1")

    assert ids(answers, "DescribeNatGateways", "NatGatewayId") == ["nat-1"]
    assert '"subnet-1"' not in json.dumps(smaller)
    assert '"nat-1"' not in json.dumps(smaller)
    assert ids(smaller, "DescribeSubnets", "SubnetId") == ["subnet-2"]


def test_only_what_is_needed_stays() -> None:
    """Here that is the one interface the disagreement hangs on, and what it cannot be without."""
    answers = dict(case("nat_gateway_carries_no_other_protocol").answers)

    def disagree(candidate: dict[str, Any]) -> bool:
        return "eni-2" in ids(candidate, "DescribeNetworkInterfaces", "NetworkInterfaceId")

    smaller = reduce_answers(answers, disagree)

    assert ids(smaller, "DescribeNetworkInterfaces", "NetworkInterfaceId") == ["eni-2"]
    assert ids(smaller, "DescribeSubnets", "SubnetId") == ["subnet-2"]
    assert smaller["DescribeNatGateways"] == {"NatGateways": []}
    assert ids(smaller, "DescribeNetworkAcls", "NetworkAclId") == ["acl-1"]


def test_nothing_goes_when_everything_is_needed() -> None:
    """The account comes back as it was."""
    answers = dict(case("function_takes_no_connections").answers)

    assert reduce_answers(answers, lambda _: False) == answers
