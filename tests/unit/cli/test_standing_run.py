"""What deploy says of the probe it put in place."""

from __future__ import annotations

from netprobe.cli.check_options import CheckOptions
from netprobe.cli.standing_run import commands

PLACES = "--subnet subnet-a --subnet subnet-b --security-group sg-1"
LAB = "--endpoint-url http://127.0.0.1:4566"


def test_commands_are_told_as_they_must_be_typed() -> None:
    """The same places are asked again; to take it away, its name is enough."""
    options = CheckOptions(
        vpc="vpc-1", subnets=("subnet-a", "subnet-b"), security_groups=("sg-1",), profile="my own"
    )

    assert list(commands(options, "eu-west-1")) == [
        f"use it with: netprobe probe --vpc vpc-1 {PLACES} --region eu-west-1 --profile 'my own'",
        "take it away with: netprobe destroy --vpc vpc-1 --region eu-west-1 --profile 'my own'",
    ]


def test_function_is_named_as_it_was() -> None:
    options = CheckOptions(function="fn", all_subnets=True, endpoint_url="http://127.0.0.1:4566")

    assert list(commands(options, "us-east-1")) == [
        f"use it with: netprobe probe --function fn --all-subnets --region us-east-1 {LAB}",
        f"take it away with: netprobe destroy --function fn --region us-east-1 {LAB}",
    ]
