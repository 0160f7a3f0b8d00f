"""Policies that refuse what arrives: each fix is run as it stands, and the far end lets it in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import RunningLab
from tests.lab.ground import Ground
from tests.lab.mending import ONE_LAB, Asked, Mend, mend
from tests.lab.test_refusals import (
    document,
    endpoint,
    host_of,
    invoke_policy,
    public_address,
    rest_api,
)

pytestmark = [pytest.mark.lab, ONE_LAB]

FORMER_NAT = {"aws:SourceIp": ["203.0.113.77/32"]}
OTHER_ENDPOINT = {"aws:SourceVpce": "vpce-0aaaaaaaaaaaaaaaa"}
BUCKET = "fix-of-a-policy"
MINE = [f"arn:aws:s3:::{BUCKET}", f"arn:aws:s3:::{BUCKET}/*"]


def asks(ground: Ground, api_id: str, *, ipv6: bool = False) -> Asked:
    target = f"https://{host_of(api_id)}/prod/health"
    return Asked(function=ground.function(ipv6=ipv6), target=target)


def list_with_the_former_address(ground: Ground) -> Asked:
    ground.open_both_ways_out()
    return asks(ground, rest_api(ground, policy=document(invoke_policy(IpAddress=FORMER_NAT))))


def deny_of_all_but_the_former_address(ground: Ground) -> Asked:
    ground.open_both_ways_out()
    barred = invoke_policy("Deny", NotIpAddress=FORMER_NAT)
    return asks(ground, rest_api(ground, policy=document(invoke_policy(), barred)))


def list_without_ipv6(ground: Ground) -> Asked:
    ground.open_both_ways_out()
    own = {"aws:SourceIp": [f"{public_address(ground)}/32"]}
    api_id = rest_api(ground, policy=document(invoke_policy(IpAddress=own)))
    operations = [
        {"op": "replace", "path": "/endpointConfiguration/ipAddressType", "value": "dualstack"}
    ]
    rest = ground.lab.client("apigateway")
    rest.update_rest_api(restApiId=api_id, patchOperations=operations)
    return asks(ground, api_id, ipv6=True)


def captured_name_and_the_former_address(ground: Ground) -> Asked:
    """Two refusals behind each other: of the endpoint that took the name, and of the API."""
    ground.open_both_ways_out()
    endpoint(ground, "execute-api")
    return asks(ground, rest_api(ground, policy=document(invoke_policy(IpAddress=FORMER_NAT))))


def private_api_of_another_endpoint(ground: Ground) -> Asked:
    endpoint(ground, "execute-api")
    policy = document(invoke_policy(StringEquals=OTHER_ENDPOINT))
    return asks(ground, rest_api(ground, "PRIVATE", policy=policy))


def private_api_that_denies_all_but_another_endpoint(ground: Ground) -> Asked:
    endpoint(ground, "execute-api")
    barred = invoke_policy("Deny", StringNotEquals=OTHER_ENDPOINT)
    return asks(ground, rest_api(ground, "PRIVATE", policy=document(invoke_policy(), barred)))


def endpoint_for_another_api(ground: Ground) -> Asked:
    other = invoke_policy() | {"Resource": "arn:aws:execute-api:us-east-1:*:other12345/*"}
    endpoint(ground, "execute-api", PolicyDocument=document(other))
    return asks(ground, rest_api(ground, "PRIVATE", policy=document(invoke_policy())))


def asks_the_bucket(ground: Ground, policy: str) -> Asked:
    s3 = ground.lab.client("s3")
    s3.create_bucket(Bucket=BUCKET)
    s3.put_bucket_policy(Bucket=BUCKET, Policy=policy)
    target = f"https://{BUCKET}.s3.us-east-1.amazonaws.com/"
    return Asked(function=ground.function(ipv6=False), target=target)


def gateway_endpoint(ground: Ground, **more: str) -> None:
    ground.ec2.create_vpc_endpoint(
        VpcEndpointType="Gateway",
        VpcId=ground.vpc,
        ServiceName="com.amazonaws.us-east-1.s3",
        RouteTableIds=[ground.table],
        **more,
    )


def endpoint_for_another_bucket(ground: Ground) -> Asked:
    other = {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::x/*"}
    gateway_endpoint(ground, PolicyDocument=document(other))
    everybody = {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": MINE}
    return asks_the_bucket(ground, document(everybody))


def bucket_for_an_office(ground: Ground) -> Asked:
    """A gateway endpoint takes the public address away that the policy waits for."""
    gateway_endpoint(ground)
    barred = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": MINE,
        "Condition": {"NotIpAddress": {"aws:SourceIp": "198.51.100.0/24"}},
    }
    return asks_the_bucket(ground, document(barred))


def forget_bucket(ground: Ground) -> None:
    s3 = ground.lab.client("s3")
    s3.delete_bucket_policy(Bucket=BUCKET)
    s3.delete_bucket(Bucket=BUCKET)


def refusal(finding: str, broken: Callable[[Ground], Asked], *actions: str, **more: Any) -> Mend:
    """Return the case of a policy that refuses what arrives, and what admits it."""
    return Mend(
        finding=finding, broken=broken, way="repair", actions=actions, refused=True, **more
    )


CASES = (
    refusal("api-resource-policy-source-ip", list_with_the_former_address, "set-api-policy"),
    refusal(
        "api-resource-policy-source-ip",
        captured_name_and_the_former_address,
        "set-api-policy",
        "set-private-dns",
    ),
    refusal("api-resource-policy-source-ip", list_without_ipv6, "set-api-policy", family="ipv6"),
    refusal("private-api-policy-deny", private_api_of_another_endpoint, "set-api-policy"),
    refusal("endpoint-policy-deny", endpoint_for_another_api, "set-endpoint-policy"),
    refusal(
        "endpoint-policy-deny",
        endpoint_for_another_bucket,
        "set-endpoint-policy",
        undo=forget_bucket,
    ),
    refusal(
        "bucket-policy-source-ip", bucket_for_an_office, "set-bucket-policy", undo=forget_bucket
    ),
)
DENIALS = (
    refusal("api-resource-policy-source-ip", deny_of_all_but_the_former_address, "set-api-policy"),
    refusal(
        "private-api-policy-deny",
        private_api_that_denies_all_but_another_endpoint,
        "set-api-policy",
    ),
)
"""The same findings, where a statement denies: the caller is taken out of it."""


@pytest.mark.parametrize("case", CASES, ids=str)
def test_fix_of_a_policy_admits_the_call(shared_lab: RunningLab, case: Mend) -> None:
    """The refusal is real and named, the commands run as they stand, and the call is answered."""
    mend(shared_lab, case)


@pytest.mark.parametrize("case", DENIALS, ids=str)
def test_statement_that_denies_all_others_spares_the_caller(
    shared_lab: RunningLab, case: Mend
) -> None:
    mend(shared_lab, case)
