"""Where a dump was read is told by its zones, ARNs and owners."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from netprobe.aws.dump_origin import account_told, region_told, region_written

ARN = "arn:aws-us-gov:lambda:us-gov-west-1:333333333333:function:f"
Answers = dict[str, Any]


def subnets(*zones: str) -> Answers:
    return {"DescribeSubnets": [{"Subnets": [{"AvailabilityZone": zone} for zone in zones]}]}


REGIONS: list[tuple[Answers, str | None]] = [
    (subnets("us-east-1a", "us-east-1b", "eu-west-1a"), "us-east-1"),
    (subnets("us-west-2-lax-1a"), "us-west-2"),
    ({"ListFunctions": [{"Functions": [{"FunctionArn": ARN}]}]}, "us-gov-west-1"),
    ({"DescribeVpcEndpoints": [{"VpcEndpoints": [
        {"ServiceName": "com.amazonaws.eu-central-1.s3"}]}]}, "eu-central-1"),
    ({"DescribeVpcs": [{"Vpcs": [{"VpcId": "v"}]}]}, None),
    ({}, None),
    ({"DescribeSubnets": ["junk", {"Subnets": "junk"}, {"Subnets": [7, {"AvailabilityZone": 7}]}]},
     None),
]  # fmt: skip


@pytest.mark.parametrize(("answers", "expected"), REGIONS)
def test_region_is_that_of_most_answers(answers: Answers, expected: str | None) -> None:
    """A peer's ARN does not outvote the zones."""
    assert region_told(answers) == expected


ACCOUNTS: list[tuple[Answers, str | None]] = [
    ({"DescribeVpcs": [{"Vpcs": [{"OwnerId": "1"}, {"OwnerId": "2"}, {"OwnerId": "2"}]}]}, "2"),
    ({"ListFunctions": [{"Functions": [{"FunctionArn": ARN}]}]}, "333333333333"),
    ({"DescribeVpcs": [{"Vpcs": [{}]}]}, None),
]


@pytest.mark.parametrize(("answers", "expected"), ACCOUNTS)
def test_account_is_the_owner(answers: Answers, expected: str | None) -> None:
    """Of the VPCs first: groups and interfaces may be in shared ones."""
    assert account_told(answers) == expected


PATHS = [
    ("dump/us-east-1", "us-east-1"),
    ("dump/aws-us-gov-east-1/x", "us-gov-east-1"),
    ("us-east-1/a/b/c/d", None),
    ("dump", None),
    ("corpus-east-12", None),
]


@pytest.mark.parametrize(("path", "expected"), PATHS)
def test_region_may_be_the_name_of_the_folder(path: str, expected: str | None) -> None:
    """Of the last ones only."""
    assert region_written(Path("/") / path) == expected
