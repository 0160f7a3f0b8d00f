"""The host names the SDK would call; nothing is sent."""

from __future__ import annotations

import pytest

from netprobe.aws.service_hosts import BotocoreHosts, service_names
from netprobe.errors import NetprobeError
from netprobe.model.service_names import service_of_host
from netprobe.workflows.targets import SURVEYED_SERVICES

HOSTS = [
    ("us-east-1", "s3", False, "s3.us-east-1.amazonaws.com"),
    ("us-east-1", "s3", True, "s3.dualstack.us-east-1.amazonaws.com"),
    ("eu-west-1", "dynamodb", False, "dynamodb.eu-west-1.amazonaws.com"),
    ("us-east-1", "sts", False, "sts.us-east-1.amazonaws.com"),
    ("us-east-1", "secretsmanager", False, "secretsmanager.us-east-1.amazonaws.com"),
    ("us-east-1", "lambda", True, "lambda.us-east-1.api.aws"),
    ("us-east-1", "ecr.api", False, "api.ecr.us-east-1.amazonaws.com"),
    ("us-east-1", "monitoring", False, "monitoring.us-east-1.amazonaws.com"),
    ("us-east-1", "iam", False, "iam.amazonaws.com"),
    ("us-east-1", "iam", True, "iam.global.api.aws"),
    ("us-east-1", "ecr.api", True, "ecr.us-east-1.api.aws"),
    ("us-east-1", "secretsmanager", True, "secretsmanager.us-east-1.amazonaws.com"),
    ("us-east-1", "CloudWatch ", False, "monitoring.us-east-1.amazonaws.com"),
    ("us-east-1", "acm", False, "acm.us-east-1.amazonaws.com"),
    ("us-east-1", "neptune-graph", False, "neptune-graph.us-east-1.amazonaws.com"),
    ("us-east-1", "elasticfilesystem", True, "efs.us-east-1.api.aws"),
    ("us-east-1", "dynamodb-streams", False, "streams.dynamodb.us-east-1.amazonaws.com"),
    ("us-east-1", "sagemaker.runtime", False, "runtime.sagemaker.us-east-1.amazonaws.com"),
    ("cn-north-1", "ssm", True, "ssm.cn-north-1.api.amazonwebservices.com.cn"),
    ("cn-north-1", "ssm", False, "ssm.cn-north-1.amazonaws.com.cn"),
]


@pytest.mark.parametrize(("region", "service", "dual_stack", "host"), HOSTS)
def test_host_is_that_of_the_sdk(
    region: str,
    service: str,
    dual_stack: bool,  # noqa: FBT001 # a row of the table
    host: str,
) -> None:
    """By botocore's own endpoint rules."""
    assert BotocoreHosts(region).host(service, dual_stack=dual_stack) == host


HINTS = {
    "secretmanager": "did you mean service:secretsmanager?",
    "sagemaker-api": "did you mean service:sagemaker.api?",
    "execute-api": "name the API itself: api:ID",
    "ecr.dkr": "give your registry's URL: https://ACCOUNT.dkr.ecr.us-east-1.amazonaws.com",
    "neptune-db": "give your cluster's ARN, or its endpoint: tcp://HOST:8182",
    "ssmmessages": "give its URL: https://ssmmessages.us-east-1.amazonaws.com",
    "zzzzzz": "use the SDK's service name",
    "": "use the SDK's service name",
}


@pytest.mark.parametrize("service", HINTS)
def test_unknown_service_says_what_to_write_instead(service: str) -> None:
    """A slip of the finger, or a name that is none of the SDK's."""
    with pytest.raises(NetprobeError) as raised:
        BotocoreHosts("us-east-1").host(service, dual_stack=False)
    assert (raised.value.reference, raised.value.hint) == ("unknown-service", HINTS[service])


@pytest.mark.parametrize("service", SURVEYED_SERVICES)
@pytest.mark.parametrize("region", ["us-east-1", "eu-central-1", "us-gov-west-1", "cn-north-1"])
def test_the_surveyed_services_have_hosts_everywhere(service: str, region: str) -> None:
    """Both forms, and the plain one is known to belong to the service."""
    plain, dual = (BotocoreHosts(region).host(service, dual_stack=d) for d in (False, True))
    assert service_of_host(plain, region) == service_of_host(dual, region) == service


def test_a_service_that_needs_a_resource_has_no_host_of_its_own() -> None:
    """Said with what the rules say, and with a way on."""
    with pytest.raises(NetprobeError) as raised:
        BotocoreHosts("us-east-1").host("cloudfront-keyvaluestore", dual_stack=False)
    assert raised.value.reference == "no-service-host"
    assert raised.value.hint == "give its URL as --target instead"


def test_every_service_that_is_named_can_be_asked_for() -> None:
    """The names are those the shell completes; some services have a host per resource only."""
    names = service_names()

    assert names == sorted(names)
    assert {"ssm", "s3", "ecr.api", "states"} <= {*names}
    for name in names:
        try:
            assert BotocoreHosts("us-east-1").host(name, dual_stack=False)
        except NetprobeError as error:
            assert error.reference == "no-service-host"  # noqa: PT017 # hundreds of cases
