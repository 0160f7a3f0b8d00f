"""boto3's errors as one line each that names the thing and the next step."""

from __future__ import annotations

import pytest
from botocore import exceptions

from netprobe.aws.session import as_netprobe_error, error_code, is_fatal, one_line


def answer(code: str, message: str = "because") -> exceptions.ClientError:
    return exceptions.ClientError({"Error": {"Code": code, "Message": message}}, "DescribeVpcs")


ERRORS = [
    (answer("UnauthorizedOperation"), "missing-permission", "allow ec2:DescribeVpcs", False),
    (answer("AccessDenied"), "missing-permission", "allow ec2:DescribeVpcs", False),
    (answer("AccessDeniedException"), "missing-permission", "allow ec2:DescribeVpcs", False),
    (answer("ExpiredToken"), "expired-credentials", "log in again", True),
    (answer("RequestExpired"), "expired-credentials", "log in again", True),
    (answer("AuthFailure"), "invalid-credentials", "clock", True),
    (answer("InvalidClientTokenId"), "invalid-credentials", "access key", True),
    (answer("RequestLimitExceeded"), "throttled", "wait a minute", False),
    (answer("TooManyRequestsException"), "throttled", "wait a minute", False),
    (answer("InternalError"), "aws-error", "try again", False),
    (
        exceptions.EndpointConnectionError(endpoint_url="http://192.0.2.1/"),
        "unreachable-endpoint",
        "http://192.0.2.1/",
        True,
    ),
    (
        exceptions.ConnectTimeoutError(endpoint_url="http://192.0.2.1/"),
        "unreachable-endpoint",
        "AWS_ENDPOINT_URL",
        True,
    ),
    (
        exceptions.ProxyConnectionError(proxy_url="http://192.0.2.2/"),
        "unreachable-endpoint",
        "network",
        True,
    ),
    (exceptions.ProfileNotFound(profile="x"), "no-such-profile", "list-profiles", True),
    (exceptions.NoCredentialsError(), "no-credentials", "--profile", True),
    (
        exceptions.PartialCredentialsError(provider="env", cred_var="AWS_SECRET_ACCESS_KEY"),
        "no-credentials",
        "AWS_SECRET_ACCESS_KEY",
        True,
    ),
    (
        exceptions.UnauthorizedSSOTokenError(),
        "expired-credentials",
        "aws sso login",
        True,
    ),
    (exceptions.InvalidRegionError(region_name="x y"), "no-such-region", "eu-west-1", True),
    (ValueError("Invalid endpoint: banana"), "invalid-endpoint", "banana", True),
    (
        exceptions.ReadTimeoutError(endpoint_url="http://192.0.2.1/"),
        "aws-error",
        "ec2:DescribeVpcs failed in us-east-1",
        False,
    ),
]


@pytest.mark.parametrize(
    ("error", "reference", "words", "fatal"), ERRORS, ids=lambda item: type(item).__name__
)
def test_error_becomes_one_line(
    error: Exception,
    reference: str,
    words: str,
    fatal: bool,  # noqa: FBT001 # a row of the table
) -> None:
    """And whether any other call could still succeed is known."""
    told = as_netprobe_error(error, "ec2:DescribeVpcs", "us-east-1")

    assert told.reference == reference
    assert words in str(told)
    assert "\n" not in str(told)
    assert is_fatal(error) is fatal


def test_what_aws_says_is_put_on_one_line() -> None:
    """Messages of AWS have line breaks and may be long."""
    assert one_line(answer("X", "a\n  b")) == "X: a b"
    assert len(one_line(ValueError("long " * 200))) <= 300


def test_only_answers_have_codes() -> None:
    """An error of the network has none."""
    assert error_code(answer("Throttling")) == "Throttling"
    assert error_code(exceptions.NoCredentialsError()) is None
