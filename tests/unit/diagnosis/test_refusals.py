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
    (
        (
            f"{WHO} codecommit:ListRepositories because no service control policy allows the "
            "codecommit:ListRepositories action"
        ),
        ("codecommit:ListRepositories", "service control", False),
    ),
    (
        f"{WHO} s3:GetObject with an explicit deny in a resource control policy",
        ("s3:GetObject", "resource control", True),
    ),
    (
        (
            f"{WHO} codedeploy:ListDeployments on resource: arn:aws:codedeploy:x:1:y/* because no "
            "permissions boundary allows the codedeploy:ListDeployments action"
        ),
        ("codedeploy:ListDeployments", "permissions boundary", False),
    ),
    (
        f"{WHO} sns:Publish on resource: arn:x with an explicit deny in a permissions boundary",
        ("sns:Publish", "permissions boundary", True),
    ),
    (
        f"{WHO} sns:Publish because no session policy allows the sns:Publish action",
        ("sns:Publish", "session", False),
    ),
    (
        f"{WHO} sts:AssumeRole because no role trust policy allows the sts:AssumeRole action",
        ("sts:AssumeRole", "role trust", False),
    ),
    (
        f"{WHO} sts:AssumeRole with an explicit deny in the role trust policy",
        ("sts:AssumeRole", "role trust", True),
    ),
    (
        (
            f'<Message>{WHO} s3:GetObject on resource: "arn:aws:s3:::photos/a b.jpg" with an '
            "explicit deny in a resource-based policy</Message>"
        ),
        ("s3:GetObject", "resource-based", True),
    ),
    (
        (
            f"{WHO} ec2:RunInstances on resource: role TestReadOnly with an explicit deny in a "
            "service control policy: arn:aws:organizations::1:policy/o-1/p-1"
        ),
        ("ec2:RunInstances", "service control", True),
    ),
    (
        (
            '{"Message":"User: arn:aws:sts::1:assumed-role/r/f is not authorized to perform: '
            "execute-api:ManageConnections on resource: arn:aws:execute-api:us-east-1:*9012:"
            "abc/prod/POST/@connections/{connectionId} because no identity-based policy allows "
            'the execute-api:ManageConnections action"}'
        ),
        ("execute-api:ManageConnections", "identity-based", False),
    ),
    (
        (
            '{"Message":"User: arn:aws:sts::1:assumed-role/r/f is not authorized to perform: '
            "execute-api:ManageConnections on resource: arn:aws:execute-api:us-east-1:1:abc/prod/"
            'POST/@connections/{connectionId}"}'
        ),
        ("execute-api:ManageConnections", "", False),
    ),
    (
        (
            f"{WHO} execute-api:Invoke on resource: arn:aws:execute-api:us-east-1:1:abc/prod/GET/ "
            "with an explicit deny"
        ),
        ("execute-api:Invoke", "", True),
    ),
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
