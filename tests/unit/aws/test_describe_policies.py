"""What IAM decides is read for the call that is asked about, and for nothing else."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from netprobe.aws.convert import convert
from netprobe.aws.describe import read_vpc
from netprobe.model.policies import policy_of_bucket, role_policies_of
from netprobe.workflows.capabilities import Asked
from tests.canned import REGION, CannedAccount
from tests.canned_vpcs import VPC, joined_account

IAM = [
    "iam:GetPolicy",
    "iam:GetPolicyVersion",
    "iam:GetRolePolicy",
    "iam:ListAttachedRolePolicies",
    "iam:ListRolePolicies",
]
HOST = f"ws1.execute-api.{REGION}.amazonaws.com"


def made(account: CannedAccount, service: str) -> list[str]:
    return sorted(call for call in account.calls if call.startswith(f"{service}:"))


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (Asked(hosts=(), function="fn", apis=("ws1",)), IAM),
        (Asked(hosts=(HOST,), function="fn"), IAM),
        (Asked(hosts=("api.example.com",), function="fn"), IAM),
        (Asked(hosts=(), function="fn", apis=("rest1",)), []),
        (Asked(hosts=("www.example.com",), function="fn"), []),
        (Asked(hosts=(), function="fn"), []),
        (Asked(hosts=(), apis=("ws1",)), []),
        (Asked(), []),
    ],
    ids=["by id", "by name", "by custom name", "REST", "other", "no target", "a VPC", "snapshot"],
)
def test_role_is_read_for_connections_of_a_websocket_api(
    asked: Asked, expected: list[str]
) -> None:
    """Only of the function that asks: five calls for one policy of each sort."""
    account = joined_account()
    account.answers["apigatewayv2:GetApiMappings"] = [{"ApiId": "ws1", "Stage": "prod"}]
    read_vpc(account.session(), VPC, asked)

    assert made(account, "iam") == expected


def test_policies_of_a_role_arrive() -> None:
    """Its own and the attached one, in the version that is in force."""
    account = joined_account()
    snapshot = convert(
        read_vpc(account.session(), VPC, Asked(hosts=(), function="fn", apis=("ws1",)))
    )
    role = role_policies_of(snapshot.role_policies, snapshot.functions[0].role_arn)

    assert role is not None
    assert (role.role_name, role.complete, len(role.policies)) == ("fn-role", True, 2)
    assert ("iam:GetPolicyVersion", "v3") in [
        (call, request.get("VersionId")) for call, request in account.requests
    ]


@pytest.mark.parametrize("call", IAM)
def test_refused_policy_leaves_the_role_incomplete(call: str) -> None:
    """And a gap with the action to add."""
    account = joined_account()
    error = {"Error": {"Code": "AccessDenied", "Message": "no"}}
    account.answers[call] = ClientError(error, call.partition(":")[2])
    snapshot = convert(
        read_vpc(account.session(), VPC, Asked(hosts=(), function="fn", apis=("ws1",)))
    )
    role = role_policies_of(snapshot.role_policies, snapshot.functions[0].role_arn)

    assert role is None or not role.complete
    gap = snapshot.gap(call)
    assert gap is not None
    assert (gap.iam_action, gap.asked) == (call, True)


BUCKETS = [
    (f"https://photos.s3.{REGION}.amazonaws.com/a.jpg", "photos"),
    ("https://photos.s3.amazonaws.com/", "photos"),
    (f"https://my.photos.s3.dualstack.{REGION}.amazonaws.com/", "my.photos"),
    (f"https://s3.{REGION}.amazonaws.com/photos/a.jpg?x=1", "photos"),
]


@pytest.mark.parametrize(("url", "bucket"), BUCKETS)
def test_policy_of_a_bucket_is_read_where_a_url_names_it(url: str, bucket: str) -> None:
    """In the host or in the path."""
    account = joined_account()
    read_vpc(account.session(), VPC, Asked(hosts=(), stages_of=(), urls=(url,)))

    assert ("s3:GetBucketPolicy", {"Bucket": bucket}) in account.requests


@pytest.mark.parametrize(
    "url",
    [
        f"https://s3.{REGION}.amazonaws.com/",
        "https://photos.s3.eu-west-1.amazonaws.com/",
        f"https://1234.s3-control.{REGION}.amazonaws.com/",
        f"https://sqs.{REGION}.amazonaws.com/photos",
        "https://www.example.com/photos",
    ],
)
def test_url_without_a_bucket_of_the_region_asks_for_none(url: str) -> None:
    """Another region, another service, S3 itself."""
    account = joined_account()
    read_vpc(account.session(), VPC, Asked(hosts=(), stages_of=(), urls=(url,)))

    assert made(account, "s3") == []


def test_bucket_without_a_policy_is_no_gap() -> None:
    """S3 answers that with an error of its own."""
    account = joined_account()
    url = BUCKETS[0][0]
    error = {"Error": {"Code": "NoSuchBucketPolicy", "Message": "no"}}
    account.answers["s3:GetBucketPolicy"] = ClientError(error, "GetBucketPolicy")
    snapshot = convert(read_vpc(account.session(), VPC, Asked(hosts=(), urls=(url,))))

    found = policy_of_bucket(snapshot.bucket_policies, "photos")
    assert found is not None
    assert found.policy is None
    assert snapshot.gap("s3:GetBucketPolicy") is None
