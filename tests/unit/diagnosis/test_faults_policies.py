"""Faults of the policies of APIs and endpoints fire where they are the cause, and only there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from netprobe.diagnosis.examine import examine
from netprobe.diagnosis.verdict import judge
from netprobe.model.finding import Role
from netprobe.model.observation import Outcome
from netprobe.model.report import TargetKind, Verdict
from tests.builders import (
    endpoint,
    nat_gateway,
    snapshot,
)
from tests.unit.diagnosis.cases import (
    Row,
    case_of,
    changed,
    names_of,
    rows_of,
    seen,
    service_target,
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
from tests.unit.diagnosis.test_faults import ADMITTING, CAPTURE, CAPTURE_INTERFACE

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
S3 = service_target("s3")
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
}  # fmt: skip


@pytest.mark.parametrize(("name", "row"), rows_of(FIRES))
def test_fault_fires(name: str, row: Row) -> None:
    """The situation that the fault is made for shows it."""
    assert name in found(row)


@pytest.mark.parametrize(("name", "row"), rows_of(SILENT))
def test_fault_is_silent(name: str, row: Row) -> None:
    """A look-alike does not."""
    assert name not in found(row)


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


def test_private_dns_is_not_switched_off_under_a_private_api_that_is_asked_too() -> None:
    """Its default name is answered by private DNS alone."""
    public, inner = rest(None), private(None)
    inner = replace(inner, api_id="inner1")
    alone = examine(case_of(snapshot(*changed(*PRIVATE_WAY, public)), (target_of(public),)))
    both = examine(
        case_of(
            snapshot(*changed(*PRIVATE_WAY, public, inner)), (target_of(public), target_of(inner))
        )
    )
    advice = [
        next(item.advice for item in found if item.name == "apigw-private-dns-hijack-rest-http")
        for found in (alone, both)
    ]

    assert "switch private DNS off" in advice[0]
    assert "switch private DNS off" not in advice[1]
    assert "custom domain name" in advice[1]


def test_refused_address_is_told_with_whose_it_is_and_what_is_listed() -> None:
    """The list has the address of a NAT gateway that was replaced."""
    found = examine(case_of(snapshot(*changed(NAT, rest(OFFICE))), (REST,)))
    (item,) = [item for item in found if item.name == "api-resource-policy-source-ip"]
    says = [(fact.resource_id, fact.says) for fact in item.evidence]

    assert ("rest1", "its policy speaks of 203.0.113.77/32") in says
    assert ("nat-1", "has the public address 203.0.113.20") in says
