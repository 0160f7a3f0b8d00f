"""Policy documents as the lab's far ends read them: who is let in, by what, and who is not."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from netprobe.lab.live.policies import Asked, Decision, decide, holds

ALLOW = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
DENY = ALLOW | {"Effect": "Deny"}
ALLOWED, IMPLICIT, EXPLICIT = Decision.ALLOWED, Decision.IMPLICIT_DENY, Decision.EXPLICIT_DENY
ASKED = Asked(
    action="s3:GetObject",
    resource="arn:aws:s3:::own/a/b",
    service="s3",
    account_id="123456789012",
    facts={"aws:sourceip": "203.0.113.20", "aws:sourcevpce": None},
)

ORDER = {
    "nothing says a word": ([], IMPLICIT),
    "an allow is enough": ([ALLOW], ALLOWED),
    "an explicit deny wins, wherever it stands": ([DENY, ALLOW], EXPLICIT),
    "a deny of something else is none": ([ALLOW, DENY | {"Action": "s3:PutObject"}], ALLOWED),
    "a deny whose condition fails is none": (
        [ALLOW, DENY | {"Condition": {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}}],
        ALLOWED,
    ),
}
MATCHES = {
    "action in another case": (ALLOW | {"Action": "S3:getobject"}, ALLOWED),
    "action with a wildcard": (ALLOW | {"Action": ["s3:Get*"]}, ALLOWED),
    "action of another service": (ALLOW | {"Action": "sqs:*"}, IMPLICIT),
    "not this action": (ALLOW | {"NotAction": "s3:Get*", "Action": None}, IMPLICIT),
    "resource below": (ALLOW | {"Resource": "arn:aws:s3:::own/*"}, ALLOWED),
    "another resource": (ALLOW | {"Resource": "arn:aws:s3:::other/*"}, IMPLICIT),
    "everybody in a mapping": (ALLOW | {"Principal": {"AWS": ["*"]}}, ALLOWED),
    "a role, and nobody signed": (
        ALLOW | {"Principal": {"AWS": "arn:aws:iam::123456789012:root"}},
        IMPLICIT,
    ),
    "all but a role": (ALLOW | {"NotPrincipal": {"AWS": "arn:aws:iam::1:root"}}, ALLOWED),
    "a service": (ALLOW | {"Principal": {"Service": "lambda.amazonaws.com"}}, IMPLICIT),
}


@pytest.mark.parametrize("case", ORDER.values(), ids=ORDER)
def test_order_of_evaluation(case: tuple[list[dict[str, Any]], Decision]) -> None:
    statements, expected = case

    assert decide({"Statement": statements}, ASKED) is expected
    assert decide(json.dumps({"Statement": statements}), ASKED) is expected


@pytest.mark.parametrize("case", MATCHES.values(), ids=MATCHES)
def test_what_a_statement_is_about(case: tuple[dict[str, Any], Decision]) -> None:
    statement, expected = case
    kept = {key: value for key, value in statement.items() if value is not None}

    assert decide({"Statement": kept}, ASKED) is expected


def test_signed_caller_is_of_the_account() -> None:
    own = ALLOW | {"Principal": {"AWS": "arn:aws:iam::123456789012:root"}}

    assert decide({"Statement": own}, replace(ASKED, signed=True)) is ALLOWED
    assert decide({"Statement": own}, replace(ASKED, signed=True, account_id="1")) is IMPLICIT


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (ALLOW, ALLOWED),
        (ALLOW | {"Action": "s3:GetObject"}, ALLOWED),
        (ALLOW | {"Action": "sqs:*"}, IMPLICIT),
    ],
)
def test_action_that_cannot_be_told_is_refused_only_where_every_one_is(
    statement: dict[str, Any], expected: Decision
) -> None:
    untold = replace(ASKED, action=None, resource=None)

    assert decide({"Statement": [statement]}, untold) is expected
    some = {"Statement": [ALLOW, DENY | {"Action": "s3:GetObject"}]}
    assert decide(some, untold) is ALLOWED
    assert decide({"Statement": [ALLOW, DENY | {"Action": "s3:*"}]}, untold) is EXPLICIT


CONDITIONS = [
    ("StringEquals", "vpce-1", ["vpce-1", "vpce-2"], True),
    ("StringEquals", "vpce-1", "VPCE-1", False),
    ("StringEqualsIgnoreCase", "vpce-1", "VPCE-1", True),
    ("StringNotEquals", "vpce-1", "vpce-1", False),
    ("StringNotEquals", None, "vpce-1", True),
    ("StringLike", "vpc-12", "vpc-*", True),
    ("ArnLike", "arn:aws:iam::1:role/a", "arn:aws:iam::*:role/*", True),
    ("IpAddress", "203.0.113.20", "203.0.113.0/24", True),
    ("IpAddress", "203.0.113.20", "203.0.113.20", True),
    ("IpAddress", "2001:db8::1", ["203.0.113.0/24", "2001:db8::/32"], True),
    ("IpAddress", "2001:db8::1", "203.0.113.0/24", False),
    ("IpAddress", None, "0.0.0.0/0", False),
    ("NotIpAddress", "203.0.113.20", "203.0.113.0/24", False),
    ("NotIpAddress", None, "203.0.113.0/24", True),
    ("Bool", "true", "True", True),
    ("Null", None, "true", True),
    ("Null", "x", "true", False),
    ("StringEqualsIfExists", None, "x", True),
    ("StringEqualsIfExists", "y", "x", False),
    ("ForAnyValue:StringEquals", "x", ["x"], True),
    ("DateGreaterThan", "x", "x", False),
]


@pytest.mark.parametrize(("operator", "fact", "wanted", "expected"), CONDITIONS)
def test_conditions(
    operator: str,
    fact: str | None,
    wanted: Any,
    expected: bool,  # noqa: FBT001 # a parameter
) -> None:
    assert holds(operator, fact, wanted) is expected
