"""AWS's refusals are read for the action and for the kind of policy that refuses."""

from __future__ import annotations

import pytest

from netprobe.diagnosis.refusals import names_a_policy, refusal_of
from netprobe.model.observation import Outcome
from tests.unit.diagnosis.cases import seen

WHO = "User: arn:aws:iam::123456789012:user/kim is not authorized to perform:"
# As in https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
SENTENCES = [
    (
        (
            f"{WHO} codecommit:ListRepositories because no VPC endpoint policy allows the "
            "codecommit:ListRepositories action"
        ),
        ("codecommit:ListRepositories", "VPC endpoint", False),
    ),
    (
        (
            f"{WHO} codedeploy:ListDeployments on resource: arn:aws:codedeploy:x:1:y/* with "
            "an explicit deny in a VPC endpoint policy"
        ),
        ("codedeploy:ListDeployments", "VPC endpoint", True),
    ),
    (
        (
            f"{WHO} secretsmanager:GetSecretValue because no resource-based policy allows the "
            "secretsmanager:GetSecretValue action"
        ),
        ("secretsmanager:GetSecretValue", "resource-based", False),
    ),
    (
        (
            f"{WHO} sns:Publish on resource: arn:aws:sns:us-east-1:1:t because no identity-based "
            "policy allows the sns:Publish action"
        ),
        ("sns:Publish", "identity-based", False),
    ),
    (
        "User: anonymous is not authorized to perform: execute-api:Invoke on resource: arn:aws:x",
        ("execute-api:Invoke", "", False),
    ),
    ("Missing Authentication Token", ("", "", False)),
]


@pytest.mark.parametrize(("text", "expected"), SENTENCES)
def test_sentence_is_read(text: str, expected: tuple[str, str, bool]) -> None:
    """Action, kind of policy, and whether it denies explicitly."""
    observation = seen(Outcome.HTTP_ERROR, status=403, body=text)

    refusal = refusal_of(observation)

    assert refusal is not None
    assert (refusal.action, refusal.policy, refusal.explicit) == expected
    assert names_a_policy(observation) is bool(expected[1])


@pytest.mark.parametrize(
    ("headers", "body", "kind"),
    [
        ({"x-amzn-errortype": "ForbiddenException:http://x"}, "", "ForbiddenException"),
        ({}, "<Error><Code>AccessDenied</Code></Error>", "AccessDenied"),
        ({}, '{"__type":"com.amazon.coral#AccessDeniedException"}', "AccessDeniedException"),
        ({}, "Forbidden", ""),
    ],
)
def test_kind_of_error_is_found(headers: dict[str, str], body: str, kind: str) -> None:
    """In the header, else in what XML and JSON services write."""
    refusal = refusal_of(seen(Outcome.HTTP_ERROR, status=403, headers=headers, body=body))

    assert refusal is not None
    assert refusal.kind == kind


def test_answer_that_is_no_error_is_no_refusal() -> None:
    """Success says nothing of policies."""
    assert refusal_of(seen(Outcome.REACHABLE)) is None
    assert refusal_of(None) is None
