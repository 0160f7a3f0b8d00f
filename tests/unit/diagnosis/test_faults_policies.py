"""Faults of policies fire where a policy is the cause, and stay silent at their look-alikes."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from netprobe.diagnosis.examine import examine
from netprobe.diagnosis.verdict import judge
from netprobe.model.finding import Role
from netprobe.model.observation import Observation, Outcome
from netprobe.model.policies import BucketPolicy, RolePolicies
from netprobe.model.report import TargetKind, Verdict
from netprobe.model.workloads import ApiKind
from tests.builders import (
    address,
    api,
    endpoint,
    function,
    gateway_endpoint,
    nat_gateway,
    prefix_list,
    route,
    route_table,
    snapshot,
    source,
)
from tests.unit.diagnosis.cases import (
    Row,
    case_of,
    changed,
    names_of,
    seen,
    service_target,
    target_of,
)
from tests.unit.diagnosis.test_faults import ADMITTING, CAPTURE, CAPTURE_INTERFACE

ACCOUNT = "123456789012"
NAT = nat_gateway(public_addresses=(address("203.0.113.20"),))


def policy(*statements: dict[str, Any], **condition: Any) -> str:
    """Return a document that allows everything under a condition, or of these statements."""
    allow = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
    return json.dumps({"Statement": list(statements) or [allow | {"Condition": condition}]})


def statement(effect: str, action: str, resource: str = "*", **condition: Any) -> dict[str, Any]:
    """Return a statement about everybody."""
    return {
        "Effect": effect,
        "Principal": "*",
        "Action": action,
        "Resource": resource,
        "Condition": condition,
    }


def rest(document: str | None, **fields: Any) -> Any:
    """Return a dual-stack REST API with this resource policy."""
    defaults: dict[str, Any] = {"ip_address_type": "dualstack", "stages": ("prod",)}
    return api("rest1", ApiKind.REST, policy=document, **(defaults | fields))


def answer(status: int = 403, kind: str = "", body: str = "", **fields: Any) -> Observation:
    """Return an observation that ended with an HTTP error."""
    headers = {"x-amzn-errortype": kind} if kind else {}
    return seen(Outcome.HTTP_ERROR, status=status, headers=headers, body=body, **fields)


OFFICE = policy(IpAddress={"aws:SourceIp": "203.0.113.77/32"})
REST = target_of(rest(None))
GIVEN = target_of(rest(None), path="/prod/health", path_given=True)
BY_NAT = policy(IpAddress={"aws:SourceIp": ["203.0.113.20/32", "2001:db8:1::/56"]})
REST_KEYS = [("subnet-private", "api:rest1", family) for family in ("ipv4", "ipv6")]
INVOKE = (
    '{"Message":"User: anonymous is not authorized to perform: execute-api:Invoke on resource: '
    'arn:aws:execute-api:us-east-1:********9012:rest1/prod/GET/health"}'
)
DENIED = answer(kind="AccessDeniedException", body=INVOKE)
MANAGE = (
    '{"Message":"User: arn:aws:sts::1:assumed-role/r/f is not authorized to perform: '
    'execute-api:ManageConnections on resource: arn:aws:execute-api:x"}'
)
SOCKET_KEY = ("subnet-private", "api:abc123", "ipv4")
ISOLATED = route_table(routes=(route("pl-s3", "vpce-s3"),))
S3_LIST = prefix_list()
S3 = service_target("s3")
BUCKET = service_target(
    "s3",
    id="bucket",
    host="mine.s3.us-east-1.amazonaws.com",
    kind=TargetKind.HTTPS,
    path="/key",
    path_given=True,
)
AWS_BUCKET = service_target(
    "s3",
    id="aws-bucket",
    host="prod-us-east-1-starport-layer-bucket.s3.us-east-1.amazonaws.com",
    kind=TargetKind.HTTPS,
)
PERIMETER = policy(StringEquals={"aws:ResourceOrgID": "o-1"})
PRIVATE_WAY = (CAPTURE, CAPTURE_INTERFACE, ADMITTING)


def private(document: str | None) -> Any:
    """Return a private REST API with this policy."""
    return rest(document, endpoint_type="PRIVATE")


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


def by_endpoint(document: str) -> tuple[Any, ...]:
    """Return a VPC whose S3 traffic goes through a gateway endpoint with this policy."""
    return changed(
        gateway_endpoint(policy=document, route_table_ids=("rtb-private",)), S3_LIST, ISOLATED
    )


FIRES = {
    "api-resource-policy-source-ip": [
        Row("the office is listed, the NAT gateway is not", changed(NAT, rest(OFFICE)), (REST,)),
        Row(
            "a capture hides it for now",
            changed(NAT, rest(OFFICE), *PRIVATE_WAY),
            (REST,),
        ),
        Row(
            "only the packets tell",
            changed(NAT, rest(None)),
            (GIVEN,),
            observations=dict.fromkeys(REST_KEYS, DENIED),
        ),
    ],
    "endpoint-policy-deny": [
        Row("another service is allowed", by_endpoint(policy(statement("Allow", "sqs:*"))), (S3,)),
        Row(
            "another bucket is allowed",
            by_endpoint(policy(statement("Allow", "s3:*", "arn:aws:s3:::other/*"))),
            (BUCKET,),
        ),
        Row(
            "the answer names it",
            changed(),
            (service_target("ssm"),),
            observations={
                ("subnet-private", "service:ssm", "ipv4"): answer(
                    body="User: x is not authorized to perform: ssm:GetParameter because "
                    "no VPC endpoint policy allows the ssm:GetParameter action"
                )
            },
        ),
    ],
    "private-api-policy-deny": [
        Row("no policy at all", changed(*PRIVATE_WAY, private(None)), (REST,)),
        Row(
            "another endpoint is admitted",
            changed(
                *PRIVATE_WAY, private(policy(StringEquals={"aws:SourceVpce": "vpce-other"}))
            ),
            (REST,),
        ),
        Row(
            "the policy that was read was not deployed",
            changed(*PRIVATE_WAY, private(policy())),
            (REST,),
            observations={REST_KEYS[0]: DENIED},
        ),
    ],
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
    "ipv6-source-not-allowlisted": [
        Row(
            "the partner knows the NAT gateway only",
            changed(),
            (service_target("x", id="p", host="p.example.com", kind=TargetKind.HTTPS,
                            path_given=True),),
            observations={
                ("subnet-private", "p", "ipv4"): seen(Outcome.REACHABLE),
                ("subnet-private", "p", "ipv6"): answer(),
            },
        ),
    ],
    "endpoint-policy-org-blocks-aws-bucket": [
        Row("a perimeter and the layers of an image", by_endpoint(PERIMETER), (AWS_BUCKET,)),
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
    "api-resource-policy-source-ip": [
        Row("the NAT gateway and the block are listed", changed(NAT, rest(BY_NAT)), (REST,)),
        Row("no policy", changed(NAT, rest(None)), (REST,)),
        Row(
            "the packets are let in",
            changed(NAT, rest(OFFICE)),
            (REST,),
            observations=dict.fromkeys(REST_KEYS, seen(Outcome.REACHABLE)),
        ),
        Row(
            "an unknown NAT address",
            changed(nat_gateway(public_addresses=()), rest(OFFICE, ip_address_type="ipv4")),
            (REST,),
        ),
        Row(
            "a missing path is no policy's doing",
            changed(NAT, rest(BY_NAT)),
            (GIVEN,),
            observations=dict.fromkeys(
                REST_KEYS, answer(kind="MissingAuthenticationTokenException")
            ),
        ),
    ],
    "endpoint-policy-deny": [
        Row("the default policy", by_endpoint(policy()), (S3,)),
        Row(
            "some actions are allowed",
            by_endpoint(policy(statement("Allow", "s3:GetObject"))),
            (S3,),
        ),
        Row(
            "a principal decides",
            by_endpoint(policy(StringEquals={"aws:PrincipalOrgID": "o-1"})),
            (S3,),
        ),
        Row("a bucket of AWS's has its own fault", by_endpoint(PERIMETER), (AWS_BUCKET,)),
        Row(
            "an unsigned call is refused without a reason",
            by_endpoint(policy()),
            (S3,),
            observations={
                ("subnet-private", "service:s3", "ipv4"): answer(body="<Code>AccessDenied</Code>")
            },
        ),
    ],
    "private-api-policy-deny": [
        Row(
            "this VPC is admitted",
            changed(*PRIVATE_WAY, private(policy(StringEquals={"aws:SourceVpc": "vpc-1"}))),
            (REST,),
        ),
        Row("a public API that is captured", changed(*PRIVATE_WAY, rest(None)), (REST,)),
        Row(
            "the endpoint's policy refuses",
            changed(
                endpoint(
                    "vpce-api",
                    network_interface_ids=("eni-api",),
                    group_ids=("sg-1",),
                    policy=policy(statement("Allow", "sqs:*")),
                ),
                CAPTURE_INTERFACE,
                ADMITTING,
                private(policy()),
            ),
            (REST,),
            observations={REST_KEYS[0]: DENIED},
        ),
    ],
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
    "ipv6-source-not-allowlisted": [
        Row(
            "both families are refused",
            changed(rest(None)),
            (GIVEN,),
            observations=dict.fromkeys(REST_KEYS, answer()),
        ),
        Row(
            "the API's own policy explains it",
            changed(NAT, rest(policy(IpAddress={"aws:SourceIp": "203.0.113.20"}))),
            (GIVEN,),
            observations=dict(zip(REST_KEYS, (seen(Outcome.REACHABLE), DENIED), strict=True)),
        ),
    ],
    "endpoint-policy-org-blocks-aws-bucket": [
        Row("the default policy", by_endpoint(policy()), (AWS_BUCKET,)),
        Row("a bucket of one's own", by_endpoint(PERIMETER), (BUCKET,)),
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


def _rows(table: dict[str, list[Row]]) -> list[Any]:
    return [
        pytest.param(name, row, id=f"{name}: {row.situation}")
        for name, rows in table.items()
        for row in rows
    ]


def _found(row: Row) -> set[str]:
    account = snapshot(*row.resources, account=ACCOUNT)
    return names_of(case_of(account, row.targets, row.sources, row.observations))


@pytest.mark.parametrize(("name", "row"), _rows(FIRES))
def test_fault_fires(name: str, row: Row) -> None:
    """The situation that the fault is made for shows it."""
    assert name in _found(row)


@pytest.mark.parametrize(("name", "row"), _rows(SILENT))
def test_fault_is_silent(name: str, row: Row) -> None:
    """A look-alike does not."""
    assert name not in _found(row)


def test_captured_api_with_a_policy_has_two_root_causes() -> None:
    """Mending the name alone would turn one 403 into another."""
    account = snapshot(
        *changed(NAT, rest(OFFICE, ip_address_type="ipv4"), *PRIVATE_WAY), account=ACCOUNT
    )

    roots = names_of(case_of(account, (REST,)), Role.ROOT_CAUSE)

    assert roots == {"apigw-private-dns-hijack-rest-http", "api-resource-policy-source-ip"}


def test_policy_alone_makes_the_verdict_without_packets() -> None:
    """The configuration says that the far end refuses, and the sentence says why."""
    account = snapshot(*changed(NAT, rest(OFFICE)), account=ACCOUNT)
    case = case_of(account, (REST,))

    verdict, sentence = judge(case, examine(case))

    assert verdict is Verdict.APPLICATION_ERROR
    assert sentence == (
        "the network is fine, REST API rest1 refuses: API's policy refuses the source address"
    )


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
