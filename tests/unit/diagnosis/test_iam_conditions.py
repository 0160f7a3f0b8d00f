"""A condition holds, does not hold, or is not decided."""

from __future__ import annotations

import pytest

from netprobe.diagnosis.iam_conditions import Facts, Truth, holds
from tests.builders import network

FACTS: Facts = {
    "aws:sourcevpc": "vpc-1",
    "aws:sourcevpce": None,
    "aws:sourceip": (network("203.0.113.20/32"),),
    "aws:vpcsourceip": (network("10.0.1.0/24"),),
    "aws:securetransport": "true",
}

ROWS: list[tuple[str, str, tuple[str, ...], Truth]] = [
    ("StringEquals", "aws:SourceVpc", ("vpc-0", "vpc-1"), True),
    ("StringEquals", "aws:SourceVpc", ("VPC-1",), False),
    ("StringEqualsIgnoreCase", "aws:SourceVpc", ("VPC-1",), True),
    ("StringNotEquals", "aws:SourceVpc", ("vpc-1",), False),
    ("StringNotEquals", "aws:SourceVpc", ("vpc-0",), True),
    ("StringLike", "aws:SourceVpc", ("vpc-*",), True),
    ("StringNotLike", "aws:SourceVpc", ("vpc-*",), False),
    ("ForAnyValue:StringEquals", "aws:SourceVpc", ("vpc-1",), True),
    ("Bool", "aws:SecureTransport", ("True",), True),
    ("Bool", "aws:SecureTransport", ("false",), False),
    ("IpAddress", "aws:SourceIp", ("203.0.113.0/24",), True),
    ("IpAddress", "aws:SourceIp", ("203.0.113.20",), True),
    ("IpAddress", "aws:SourceIp", ("2001:db8::/32", "192.0.2.0/24"), False),
    ("NotIpAddress", "aws:SourceIp", ("203.0.113.0/24",), False),
    # Some addresses of the subnet are in the range, and which one calls is not known.
    ("IpAddress", "aws:VpcSourceIp", ("10.0.1.0/28",), None),
    ("IpAddress", "aws:SourceIp", ("nonsense",), None),
    # The request has no such key.
    ("StringEquals", "aws:SourceVpce", ("vpce-1",), False),
    ("StringNotEquals", "aws:SourceVpce", ("vpce-1",), True),
    ("StringEqualsIfExists", "aws:SourceVpce", ("vpce-1",), True),
    ("ForAllValues:StringEquals", "aws:SourceVpce", ("vpce-1",), True),
    ("Null", "aws:SourceVpce", ("true",), True),
    ("Null", "aws:SourceVpc", ("true",), False),
    ("Null", "aws:SourceVpc", ("False",), True),
    # Not known, or not decided.
    ("StringEquals", "aws:PrincipalOrgID", ("o-1",), None),
    ("StringNotEquals", "aws:PrincipalOrgID", ("o-1",), None),
    ("Null", "aws:PrincipalOrgID", ("true",), None),
    ("StringEquals", "aws:SourceVpc", ("${aws:PrincipalTag/vpc}",), None),
    ("DateLessThan", "aws:SourceVpc", ("2030-01-01",), None),
    ("NumericEquals", "aws:SourceVpc", ("1",), None),
]


@pytest.mark.parametrize(("operator", "key", "wanted", "expected"), ROWS)
def test_condition_is_decided(
    operator: str, key: str, wanted: tuple[str, ...], expected: Truth
) -> None:
    """Each operator means what IAM's reference says."""
    assert holds(operator, key, wanted, FACTS) is expected
