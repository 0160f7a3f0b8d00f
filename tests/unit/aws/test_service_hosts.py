"""The host names the SDK would call; nothing is sent."""

from __future__ import annotations

import pytest

from netprobe.aws.service_hosts import BotocoreHosts
from netprobe.errors import NetprobeError

HOSTS = [
    ("us-east-1", "s3", False, "s3.us-east-1.amazonaws.com"),
    ("us-east-1", "s3", True, "s3.dualstack.us-east-1.amazonaws.com"),
    ("eu-west-1", "dynamodb", False, "dynamodb.eu-west-1.amazonaws.com"),
    ("us-east-1", "sts", False, "sts.us-east-1.amazonaws.com"),
    ("us-east-1", "secretsmanager", False, "secretsmanager.us-east-1.amazonaws.com"),
    ("us-east-1", "lambda", True, "lambda.us-east-1.api.aws"),
    ("us-east-1", "ecr.api", False, "api.ecr.us-east-1.amazonaws.com"),
    ("us-east-1", "monitoring", False, "monitoring.us-east-1.amazonaws.com"),
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


def test_unknown_service_gets_the_nearest() -> None:
    """A slip of the finger."""
    with pytest.raises(NetprobeError, match="did you mean service:secretsmanager"):
        BotocoreHosts("us-east-1").host("secretmanager", dual_stack=False)
