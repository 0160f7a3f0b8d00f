"""Denied actions, in the words and forms of each protocol."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.contract.lab.corrected import Cloud


def refusal(call: Any, **arguments: Any) -> tuple[int, str, str]:
    with pytest.raises(ClientError) as raised:
        call(**arguments)
    answer = raised.value.response
    status = answer["ResponseMetadata"]["HTTPStatusCode"]
    return status, answer["Error"]["Code"], answer["Error"]["Message"]


def deny(cloud: Cloud, *actions: str) -> None:
    cloud.post("/netprobe-lab/deny", {"actions": list(actions)})


def test_denied_ec2_action_is_unauthorized_in_ec2s_words(cloud: Cloud) -> None:
    deny(cloud, "ec2:DescribeNetworkAcls")
    status, code, message = refusal(cloud.ec2.describe_network_acls)

    assert (status, code) == (403, "UnauthorizedOperation")
    caller = cloud.client("sts").get_caller_identity()["Arn"]
    assert message.startswith(
        "You are not authorized to perform this operation. "
        f"User: {caller} is not authorized to perform: ec2:DescribeNetworkAcls because no "
        "identity-based policy allows the ec2:DescribeNetworkAcls action"
    )


def test_other_actions_stay_allowed(cloud: Cloud) -> None:
    deny(cloud, "ec2:DescribeNetworkAcls")

    assert cloud.ec2.describe_vpcs()["Vpcs"]


def test_empty_list_lifts_all_denials(cloud: Cloud) -> None:
    deny(cloud, "ec2:DescribeNetworkAcls")
    deny(cloud)

    assert cloud.ec2.describe_network_acls()["NetworkAcls"]


@pytest.mark.parametrize(
    ("action", "service", "call", "arguments", "code"),
    [
        ("lambda:ListFunctions", "lambda", "list_functions", {}, "AccessDeniedException"),
        (
            "lambda:InvokeFunction",
            "lambda",
            "invoke",
            {"FunctionName": "fn"},
            "AccessDeniedException",
        ),
        (
            "lambda:GetFunctionConfiguration",
            "lambda",
            "get_function_configuration",
            {"FunctionName": "fn"},
            "AccessDeniedException",
        ),
        ("apigateway:GET", "apigatewayv2", "get_apis", {}, "AccessDeniedException"),
        ("apigateway:GET", "apigateway", "get_rest_apis", {}, "AccessDeniedException"),
        ("logs:DescribeLogGroups", "logs", "describe_log_groups", {}, "AccessDeniedException"),
        ("iam:ListRoles", "iam", "list_roles", {}, "AccessDenied"),
        ("sts:*", "sts", "get_caller_identity", {}, "AccessDenied"),
    ],
)
def test_denial_takes_the_form_of_the_protocol(  # noqa: PLR0913, PLR0917 # one row
    cloud: Cloud, action: str, service: str, call: str, arguments: dict[str, str], code: str
) -> None:
    deny(cloud, action)
    status, found, message = refusal(getattr(cloud.client(service), call), **arguments)

    assert (status, found) == (403, code)
    assert "is not authorized to perform" in message
