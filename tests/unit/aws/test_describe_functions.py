"""The state of functions: asked of the one that asks, or of one of each kind, a call each."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from netprobe.aws.convert import convert
from netprobe.aws.describe import read_vpc
from netprobe.aws.describe_functions import MOST_STATES
from netprobe.workflows.capabilities import Asked
from tests.canned import CannedAccount
from tests.canned_vpcs import PEER, VPC, account_of, joined_account

CALL = "lambda:GetFunctionConfiguration"


def listed(name: str, subnet: str = "subnet-1", vpc_id: str = VPC, **network: Any) -> Any:
    config = {"VpcId": vpc_id, "SubnetIds": [subnet], "SecurityGroupIds": ["sg-1"]} | network
    return {"FunctionName": name, "FunctionArn": f"arn:{name}", "VpcConfig": config}


def account_with(*functions: Any) -> CannedAccount:
    account = account_of(VPC, PEER)
    account.answers["lambda:ListFunctions"] = list(functions)
    account.answers[CALL] = {"FunctionName": "any"}
    return account


def asked_for(account: CannedAccount, asked: Asked) -> list[str]:
    """Return the functions whose state was asked for."""
    read_vpc(account.session(), VPC, asked)
    return sorted(request["FunctionName"] for call, request in account.requests if call == CALL)


@pytest.mark.parametrize(
    ("functions", "expected"),
    [
        ([], []),
        ([listed("a"), listed("b")], ["a"]),
        ([listed("a"), listed("b", "subnet-2")], ["a", "b"]),
        ([listed("a"), listed("b", Ipv6AllowedForDualStack=True)], ["a", "b"]),
        ([listed("a"), listed("b", SecurityGroupIds=["sg-2"])], ["a", "b"]),
        ([listed("far", vpc_id=PEER), {"FunctionName": "outside"}], []),
        ([listed("netprobe-0123abcd-0"), listed("a")], ["a"]),
        ([listed(f"f{i:02}", f"subnet-{i}") for i in range(99)],
         [f"f{i:02}" for i in range(MOST_STATES)]),
    ],
    ids=["none", "one kind", "subnets", "flag", "groups", "elsewhere", "a probe", "very many"],
)  # fmt: skip
def test_one_of_each_kind_is_asked_about(functions: list[Any], expected: list[str]) -> None:
    """Those a check of the VPC sends from; never more than it has sources."""
    assert asked_for(account_with(*functions), Asked(hosts=(), stages_of=())) == expected


def test_function_that_asks_is_the_only_one() -> None:
    """Whatever else is in the VPC."""
    account = account_with(listed("a"), listed("b", "subnet-2"))

    assert asked_for(account, Asked(hosts=(), stages_of=(), function="b")) == ["b"]


def test_trace_asks_for_no_state() -> None:
    """Packets do not care."""
    assert asked_for(account_with(listed("a")), Asked(stages_of=(), states=False)) == []


def test_state_and_its_reason_arrive_beside_what_is_listed() -> None:
    """ListFunctions has neither."""
    account = account_with(listed("fn"))
    account.answers[CALL] = listed("fn") | {
        "State": "Failed",
        "StateReasonCode": "InsufficientRolePermissions",
        "StateReason": "The role lacks ec2:CreateNetworkInterface.",
    }
    (function,) = convert(read_vpc(account.session(), VPC, Asked(hosts=()))).functions

    assert (function.state, function.state_reason_code) == (
        "Failed",
        "InsufficientRolePermissions",
    )
    assert function.subnet_ids == ("subnet-1",)


def test_refused_state_is_a_gap_and_the_function_is_still_there() -> None:
    """Its state is unknown, not Active."""
    account = account_with(listed("fn"))
    error = {"Error": {"Code": "AccessDeniedException", "Message": "no"}}
    account.answers[CALL] = ClientError(error, "GetFunctionConfiguration")
    snapshot = convert(read_vpc(account.session(), VPC, Asked(hosts=(), stages_of=())))

    assert [item.state for item in snapshot.functions] == [None]
    gap = snapshot.gap(CALL)
    assert gap is not None
    assert (gap.iam_action, gap.asked) == (CALL, True)


def test_environment_variables_are_in_no_snapshot() -> None:
    """They hold secrets: neither the list nor the single answers keep them."""
    account = joined_account()
    raw = read_vpc(account.session(), VPC, Asked(hosts=(), function="fn"))

    assert raw.answers["GetFunctionConfiguration"]
    assert "s3cr3t" not in json.dumps(raw.document())
