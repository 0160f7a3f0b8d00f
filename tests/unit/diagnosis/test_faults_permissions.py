"""Faults of the policies of roles and buckets fire where they are the cause, and only there."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from netprobe.diagnosis.examine import examine
from netprobe.diagnosis.verdict import judge
from netprobe.model.finding import Role
from netprobe.model.policies import BucketPolicy, RolePolicies
from netprobe.model.report import Verdict
from tests.builders import (
    function,
    nat_gateway,
    snapshot,
    source,
)
from tests.unit.diagnosis.cases import (
    Row,
    case_of,
    changed,
    rows_of,
    target_of,
)
from tests.unit.diagnosis.documents import (
    ACCOUNT,
    BUCKET,
    NAT,
    answer,
    by_endpoint,
    found,
    policy,
    rest,
    statement,
)

MANAGE = (
    '{"Message":"User: arn:aws:sts::1:assumed-role/r/f is not authorized to perform: '
    'execute-api:ManageConnections on resource: arn:aws:execute-api:x"}'
)
SOCKET_KEY = ("subnet-private", "api:abc123", "ipv4")


def role(*documents: str, complete: bool = True) -> RolePolicies:
    """Return the policies of the role of ``fn``."""
    return RolePolicies(
        role_name="fn-role", account=ACCOUNT, policies=documents, complete=complete
    )


def pushing(*policies: RolePolicies, **fields: Any) -> tuple[Any, ...]:
    """Return a VPC with the function ``fn``, and what is attached to its role."""
    arn = f"arn:aws:iam::{ACCOUNT}:role/service/fn-role"
    return (*changed(function("fn", role_arn=arn), **fields), *policies)


def manage(resource: str = "*", effect: str = "Allow", **condition: Any) -> str:
    """Return a role's policy about ``execute-api:ManageConnections``."""
    made = statement(effect, "execute-api:ManageConnections", resource, **condition)
    del made["Principal"]
    return json.dumps({"Statement": made})


def stage(end: str) -> str:
    """Return an ARN of the WebSocket API's stage."""
    return f"arn:aws:execute-api:us-east-1:{ACCOUNT}:abc123/{end}"


PUSHER = (source(id="subnet-private", function_name="fn"),)
SOCKET = target_of(path="/prod/@connections/netprobe")
INTERFACES = policy(statement("Allow", "ec2:CreateNetworkInterface"))


def bucket(document: str | None) -> BucketPolicy:
    """Return the policy of the bucket ``mine``."""
    return BucketPolicy(bucket="mine", policy=document)


def perimeter(**condition: Any) -> str:
    """Return a policy that denies all of S3 under a condition, and allows the rest."""
    denied = statement("Deny", "s3:*", **condition)
    denied["Resource"] = ["arn:aws:s3:::mine", "arn:aws:s3:::mine/*"]
    return policy(denied, statement("Allow", "s3:*"))


BY_ENDPOINT_ONLY = perimeter(StringNotEquals={"aws:SourceVpce": "vpce-s3"})
BY_ADDRESS_ONLY = perimeter(NotIpAddress={"aws:SourceIp": "203.0.113.20/32"})
WHOLE_BUCKET = replace(BUCKET, id="whole", path="/", path_given=False)


FIRES = {
    "ws-manage-connections-iam": [
        Row(
            "the answer names the action",
            changed(),
            observations={SOCKET_KEY: answer(kind="AccessDeniedException", body=MANAGE)},
        ),
        Row("the role may only make interfaces", pushing(role(INTERFACES)), (SOCKET,), PUSHER),
        Row("another stage", pushing(role(manage(stage("dev/*")))), (SOCKET,), PUSHER),
        Row("another method", pushing(role(manage(stage("*/GET/*")))), (SOCKET,), PUSHER),
        Row(
            "one of two policies denies",
            pushing(role(manage(), manage(stage("prod/*"), "Deny"))),
            (SOCKET,),
            PUSHER,
        ),
        Row(
            "only from the office",
            (*pushing(role(manage(IpAddress={"aws:SourceIp": "198.18.0.0/24"}))), NAT),
            (SOCKET,),
            PUSHER,
        ),
        Row("no policy at all is a note", pushing(role()), (SOCKET,), PUSHER),
    ],
    "bucket-policy-source-ip": [
        Row(
            "the bucket denies what comes through the endpoint",
            by_endpoint(policy()),
            (BUCKET,),
            observations={
                ("subnet-private", "bucket", "ipv4"): answer(
                    body="<Code>AccessDenied</Code>User: x is not authorized to perform: "
                    "s3:GetObject on resource: arn:x with an explicit deny in a "
                    "resource-based policy"
                )
            },
        ),
        Row(
            "the bucket knows the NAT gateway, and the call comes by the endpoint",
            (*by_endpoint(policy()), bucket(BY_ADDRESS_ONLY)),
            (BUCKET,),
        ),
        Row("the same for any call", (*by_endpoint(policy()), bucket(BY_ADDRESS_ONLY)),
            (WHOLE_BUCKET,)),
        Row("the bucket knows the endpoint, and the call comes by NAT",
            (*changed(NAT), bucket(BY_ENDPOINT_ONLY)), (BUCKET,)),
        Row(
            "another endpoint",
            (*by_endpoint(policy()),
             bucket(perimeter(StringNotEquals={"aws:SourceVpce": "vpce-other"}))),
            (BUCKET,),
        ),
        Row(
            "without TLS",
            (*by_endpoint(policy()), bucket(perimeter(Bool={"aws:SecureTransport": "false"}))),
            (replace(BUCKET, tls=False, port=80),),
        ),
    ],
}  # fmt: skip

SILENT = {
    "ws-manage-connections-iam": [
        Row(
            "an unsigned call proves the network",
            changed(),
            observations={SOCKET_KEY: answer(kind="MissingAuthenticationTokenException")},
        ),
        Row("allowed for everything", pushing(role(manage())), (SOCKET,), PUSHER),
        Row("allowed for the stage", pushing(role(manage(stage("prod/*")))), (SOCKET,), PUSHER),
        Row(
            "allowed for the method",
            pushing(role(INTERFACES, manage(stage("*/POST/@connections/*")))),
            (SOCKET,),
            PUSHER,
        ),
        Row(
            "a policy denies, and one that was not read may let it become another role",
            pushing(role(manage(effect="Deny"), complete=False)),
            (SOCKET,),
            PUSHER,
        ),
        Row("a policy was not read", pushing(role(INTERFACES, complete=False)), (SOCKET,), PUSHER),
        Row("the role was not read", pushing(), (SOCKET,), PUSHER),
        Row(
            "a condition decides that nobody knows",
            pushing(role(manage(StringEquals={"aws:PrincipalTag/team": "push"}))),
            (SOCKET,),
            PUSHER,
        ),
        Row(
            "the function may become another role",
            pushing(role(policy(statement("Allow", "sts:AssumeRole")))),
            (SOCKET,),
            PUSHER,
        ),
        Row("no function asks", pushing(role(INTERFACES)), (SOCKET,)),
        Row(
            "an HTTP API",
            pushing(role(INTERFACES)),
            (target_of(rest(None)),),
            PUSHER,
        ),
        Row(
            "a role that was read without a policy where the network fails too",
            pushing(role(), gone=("nat-1", "eigw-1")),
            (SOCKET,),
            PUSHER,
        ),
    ],
    "bucket-policy-source-ip": [
        Row(
            "no reason given",
            by_endpoint(policy()),
            (BUCKET,),
            observations={("subnet-private", "bucket", "ipv4"): answer()},
        ),
        Row("this endpoint is let in", (*by_endpoint(policy()), bucket(BY_ENDPOINT_ONLY)),
            (BUCKET,)),
        Row("this VPC is let in",
            (*by_endpoint(policy()),
             bucket(perimeter(StringNotEquals={"aws:SourceVpc": "vpc-1"}))), (BUCKET,)),
        Row("this address is let in", (*changed(NAT), bucket(BY_ADDRESS_ONLY)), (BUCKET,)),
        Row("what is not allowed may be allowed elsewhere",
            (*by_endpoint(policy()), bucket(policy(statement("Allow", "s3:PutObject")))),
            (BUCKET,)),
        Row("only some principals are denied",
            (*by_endpoint(policy()),
             bucket(perimeter(StringNotEquals={"aws:PrincipalOrgID": "o-1"}))), (BUCKET,)),
        Row("only writing is denied",
            (*by_endpoint(policy()), bucket(policy(statement("Deny", "s3:PutObject")))),
            (BUCKET, WHOLE_BUCKET)),
        Row("only other objects are denied",
            (*by_endpoint(policy()),
             bucket(policy(statement("Deny", "s3:*", "arn:aws:s3:::mine/private/*")))),
            (BUCKET, WHOLE_BUCKET)),
        Row("the bucket has no policy", (*by_endpoint(policy()), bucket(None)), (BUCKET,)),
        Row("its policy was not read", by_endpoint(policy()), (BUCKET,)),
        Row("another bucket denies",
            (*by_endpoint(policy()), BucketPolicy(bucket="other", policy=BY_ADDRESS_ONLY)),
            (BUCKET,)),
        Row("an address nobody knows",
            (*changed(nat_gateway(public_addresses=())), bucket(BY_ADDRESS_ONLY)), (BUCKET,)),
        Row("no way leads there yet",
            (*changed(gone=("nat-1",)), bucket(BY_ENDPOINT_ONLY)), (BUCKET,)),
    ],
}  # fmt: skip


@pytest.mark.parametrize(("name", "row"), rows_of(FIRES))
def test_fault_fires(name: str, row: Row) -> None:
    """The situation that the fault is made for shows it."""
    assert name in found(row)


@pytest.mark.parametrize(("name", "row"), rows_of(SILENT))
def test_fault_is_silent(name: str, row: Row) -> None:
    """A look-alike does not."""
    assert name not in found(row)


def test_role_that_may_not_push_makes_the_verdict() -> None:
    """The network carries the call, and the unsigned answer proves that and no more."""
    account = snapshot(*pushing(role(INTERFACES)), account=ACCOUNT)
    met = {SOCKET_KEY: answer(kind="MissingAuthenticationTokenException")}
    case = case_of(account, (SOCKET,), PUSHER, met)
    findings = examine(case)
    (finding,) = [item for item in findings if item.name == "ws-manage-connections-iam"]

    assert finding.role is Role.ROOT_CAUSE
    assert finding.evidence[0].resource_id == "fn-role"
    assert finding.evidence[0].says == (
        "none of its policies allows this: execute-api:ManageConnections for POST "
        "/prod/@connections/*"
    )
    assert judge(case, findings)[0] is Verdict.APPLICATION_ERROR


def test_role_without_any_policy_is_a_note_beside_what_works() -> None:
    """Lambda lets no function with such a role into a VPC: what was read is odd, not proof."""
    account = snapshot(*pushing(role()), account=ACCOUNT)
    case = case_of(account, (SOCKET,), PUSHER)
    findings = examine(case)

    assert [i.role for i in findings if i.name == "ws-manage-connections-iam"] == [Role.NOTE]
    assert judge(case, findings)[0] is Verdict.HEALTHY


def test_bucket_that_denies_the_endpoint_is_told_with_what_it_counts_on() -> None:
    """The key and the way are in the evidence, the whole policy is not."""
    resources = (*by_endpoint(policy()), bucket(BY_ADDRESS_ONLY))
    case = case_of(snapshot(*resources, account=ACCOUNT), (BUCKET,))
    findings = examine(case)
    (finding,) = [item for item in findings if item.name == "bucket-policy-source-ip"]

    assert finding.role is Role.ROOT_CAUSE
    assert finding.evidence[0].resource_id == "mine"
    assert finding.evidence[0].says == (
        "its policy denies a call through vpce-s3, and counts on aws:SourceIp"
    )
    assert judge(case, findings)[0] is Verdict.APPLICATION_ERROR
