"""Answers are read item by item: what can be read is kept, what cannot leaves a gap."""

from __future__ import annotations

from typing import Any

import pytest

from netprobe.aws import operations as ops
from netprobe.aws.convert_answers import Answers
from netprobe.aws.raw import RawSnapshot
from netprobe.aws.reading import Json, text
from netprobe.model.gap import Gap


def answers(found: Any, operation: ops.Operation = ops.VPCS, *gaps: Gap) -> Answers:
    return Answers(RawSnapshot("us-east-1", None, {operation.answer_name: found}, gaps))


def ids(found: Answers) -> tuple[str, ...]:
    return found.each(ops.VPCS, lambda item: text(item, "VpcId"))


def errors(found: Answers) -> dict[str, str]:
    return {gap.call: gap.error for gap in found.gaps.values()}


ONE, TWO = {"VpcId": "vpc-1"}, {"VpcId": "vpc-2"}

ANSWERS: dict[str, tuple[Any, tuple[str, ...], str | None]] = {
    "plain": ({"Vpcs": [ONE, TWO]}, ("vpc-1", "vpc-2"), None),
    "empty": ({"Vpcs": []}, (), None),
    "in pages": ([{"Vpcs": [ONE], "NextToken": "x"}, {"Vpcs": [TWO]}], ("vpc-1", "vpc-2"), None),
    "without its last page": (
        [{"Vpcs": [ONE], "NextToken": "x"}],
        ("vpc-1",),
        "the last page is missing",
    ),
    "null": (None, (), "not read"),
    "a null list": ({"Vpcs": None}, (), "not read"),
    "one item spoiled": (
        {"Vpcs": [ONE, {"VpcId": 7}, TWO]},
        ("vpc-1", "vpc-2"),
        "an answer that cannot be read: ValueError: VpcId is 7",
    ),
    "one item no object": (
        {"Vpcs": [ONE, "vpc-2"]},
        ("vpc-1",),
        "an answer that cannot be read: TypeError: Vpcs holds 'vpc-2'",
    ),
    "no list": ({"Vpcs": 7}, (), "an answer that cannot be read: TypeError: Vpcs is no list"),
    "no object": ("x", (), "an answer that cannot be read: ValueError: DescribeVpcs is 'x'"),
}


@pytest.mark.parametrize(("found", "expected", "error"), ANSWERS.values(), ids=ANSWERS)
def test_items_are_read_one_by_one(
    found: Any, expected: tuple[str, ...], error: str | None
) -> None:
    """What was read is true; what is not there may not be concluded."""
    made = answers(found)

    assert ids(made) == expected
    assert errors(made) == ({"ec2:DescribeVpcs": error} if error else {})


def test_gap_of_a_call_nobody_made_says_so() -> None:
    """It was never asked for."""
    made = Answers(RawSnapshot("us-east-1", None))
    ids(made)

    (gap,) = made.gaps.values()
    assert (gap.asked, gap.iam_action, gap.needed_for) == (
        False,
        "ec2:DescribeVpcs",
        "VPCs and their address families",
    )


def test_refused_call_keeps_its_own_gap() -> None:
    """AWS's words say more than ours."""
    refused = Gap(call="ec2:DescribeVpcs", error="denied", iam_action="ec2:DescribeVpcs")
    made = answers({"Vpcs": ["junk"]}, ops.VPCS, refused)
    ids(made)

    assert made.gaps == {"ec2:DescribeVpcs": refused}


TABLE, OTHER = {"TransitGatewayRouteTableId": "t"}, {"TransitGatewayRouteTableId": "u"}
ROUTE: Json = {"DestinationCidrBlock": "10.0.0.0/8"}

SUBJECTS: dict[str, tuple[Any, dict[str, list[Json]], dict[str, str]]] = {
    "both": ([TABLE | {"Routes": [ROUTE]}, OTHER | {"Routes": []}], {"t": [ROUTE], "u": []}, {}),
    "in pages": (
        [TABLE | {"Routes": [ROUTE], "NextToken": "x"}, TABLE | {"Routes": [ROUTE]},
         OTHER | {"Routes": []}],
        {"t": [ROUTE, ROUTE], "u": []},
        {},
    ),
    "one missing": (
        [TABLE | {"Routes": []}],
        {"t": []},
        {"ec2:SearchTransitGatewayRoutes": "not read for u"},
    ),
    "more than one answer holds": (
        [TABLE | {"Routes": [ROUTE], "AdditionalRoutesAvailable": True}, OTHER | {"Routes": []}],
        {"u": []},
        {"ec2:SearchTransitGatewayRoutes": "the last page is missing for t"},
    ),
    "without its list": (
        [TABLE, OTHER | {"Routes": []}],
        {"u": []},
        {"ec2:SearchTransitGatewayRoutes":
         "an answer that cannot be read: KeyError: 'Routes'"},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("found", "expected", "error"), SUBJECTS.values(), ids=SUBJECTS)
def test_answers_are_told_by_their_subject(
    found: Any, expected: dict[str, list[Json]], error: dict[str, str]
) -> None:
    """A part of what is known about one is nothing known about it."""
    made = answers(found, ops.TRANSIT_ROUTES)

    assert made.per_subject(ops.TRANSIT_ROUTES, ["t", "u"], each=True) == expected
    assert errors(made) == error


def test_items_may_name_their_subject_themselves() -> None:
    """Listeners do."""
    item = {"LoadBalancerArn": "arn", "Port": 443}
    made = answers({"Listeners": [item]}, ops.LISTENERS)

    assert made.per_subject(ops.LISTENERS, ["arn"]) == {"arn": [item]}


def test_gap_of_some_subjects_names_them() -> None:
    """Those that were read are not concerned."""
    made = answers([{"VPCId": "vpc-1", "HostedZoneSummaries": []}], ops.HOSTED_ZONES)
    made.per_subject(ops.HOSTED_ZONES, ["vpc-1", "vpc-2", "vpc-3"], each=True)

    (gap,) = made.gaps.values()
    assert (gap.error, gap.subjects) == (
        "not read for vpc-2 and 1 more",
        frozenset({"vpc-2", "vpc-3"}),
    )


def test_gap_that_concerns_all_outweighs_one_that_does_not() -> None:
    """Whichever was found first."""
    made = Answers(RawSnapshot("us-east-1", None))
    made.miss(ops.HOSTED_ZONES, ["vpc-1"])
    made.miss(ops.HOSTED_ZONES)
    made.miss(ops.HOSTED_ZONES, ["vpc-2"])

    (gap,) = made.gaps.values()
    assert gap.subjects == frozenset()
