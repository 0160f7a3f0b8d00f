"""A policy document decides in IAM's order, and says unknown where it does not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from netprobe.diagnosis.iam_policies import (
    Decision,
    Request,
    Words,
    condition_keys,
    decide,
    decide_together,
)
from tests.builders import network

ALL: dict[str, Any] = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
DENY = ALL | {"Effect": "Deny"}
SOME = {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}
HIDDEN = {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}
REQUEST = Request(
    action=Words(known="s3:GetObject"),
    resource=Words(known="arn:aws:s3:::mine/key"),
    facts={"aws:sourceip": (network("203.0.113.20/32"),), "aws:sourcevpce": None},
)

DECISIONS: list[tuple[str, list[dict[str, Any]], Decision]] = [
    ("nothing is said", [], Decision.NOT_ALLOWED),
    ("everything is allowed", [ALL], Decision.ALLOWED),
    ("a deny wins over an allow", [ALL, DENY], Decision.DENIED),
    ("a deny wins over what is not known", [ALL | {"Condition": HIDDEN}, DENY], Decision.DENIED),
    ("an allow that is not known", [ALL | {"Condition": HIDDEN}], Decision.UNKNOWN),
    ("a deny that is not known", [ALL, DENY | {"Condition": HIDDEN}], Decision.UNKNOWN),
    (
        "a deny that is not known changes nothing without an allow",
        [DENY | {"Condition": HIDDEN}],
        Decision.NOT_ALLOWED,
    ),
    ("the condition holds", [ALL | {"Condition": SOME}], Decision.ALLOWED),
    (
        "a condition that fails settles it, whatever else is not known",
        [ALL | {"Condition": {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}} | HIDDEN}],
        Decision.NOT_ALLOWED,
    ),
    ("another action", [ALL | {"Action": ["s3:PutObject"]}], Decision.NOT_ALLOWED),
    ("an action in other letters", [ALL | {"Action": "S3:getobject"}], Decision.ALLOWED),
    ("all but this action", [ALL | {"NotAction": "s3:Get*"}], Decision.NOT_ALLOWED),
    ("another resource", [ALL | {"Resource": "arn:aws:s3:::other/*"}], Decision.NOT_ALLOWED),
    ("a resource with a variable", [ALL | {"Resource": "arn:aws:s3:::${x}"}], Decision.UNKNOWN),
    ("all but another resource", [ALL | {"NotResource": "arn:aws:s3:::other"}], Decision.ALLOWED),
    ("one principal", [ALL | {"Principal": {"AWS": "123456789012"}}], Decision.UNKNOWN),
    ("everybody, spelled out", [ALL | {"Principal": {"AWS": ["*"]}}], Decision.ALLOWED),
    ("all but one principal", [ALL | {"NotPrincipal": {"AWS": "1"}}], Decision.UNKNOWN),
]


def _document(statements: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


@pytest.mark.parametrize(
    ("statements", "expected"),
    [pytest.param(rows, decision, id=name) for name, rows, decision in DECISIONS],
)
def test_statements_decide(statements: list[dict[str, Any]], expected: Decision) -> None:
    """An explicit deny, else an allow, else the implicit deny; else unknown."""
    for item in statements:
        if "NotAction" in item:
            del item["Action"]
        if "NotResource" in item:
            del item["Resource"]

    assert decide(_document(statements), REQUEST) is expected


def test_single_statement_needs_no_list() -> None:
    """IAM takes a statement by itself."""
    assert decide(_document(ALL), REQUEST) is Decision.ALLOWED


@pytest.mark.parametrize("document", [None, "", "{", "[]", '{"Statement": ["x"]}', "3"])
def test_what_is_no_document_is_unknown(document: str | None) -> None:
    """A document that cannot be read proves nothing."""
    assert decide(document, REQUEST) is Decision.UNKNOWN


def test_document_that_is_escaped_twice_is_read() -> None:
    """API Gateway gives resource policies so."""
    document = json.dumps(_document([ALL])).strip('"')

    assert decide(document, REQUEST) is Decision.ALLOWED


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*", True),
        ("s3:*", True),
        ("S3:*", True),
        ("s3:GetObject", None),
        ("s*", True),
        ("*Object", None),
        ("sqs:*", False),
        ("sqs:SendMessage", False),
    ],
)
def test_beginning_of_an_action(pattern: str, expected: bool | None) -> None:  # noqa: FBT001 # a row
    """Of an action whose service alone is known, only some patterns decide."""
    assert Words(known="s3:", complete=False).fits(pattern, ignore_case=True) is expected


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*", True),
        ("arn:aws:execute-api:*", True),
        ("arn:aws:execute-api:us-east-1:*:mine/*", True),
        ("arn:aws:execute-api:us-east-1:*:mine/prod/GET/health", None),
        ("arn:aws:execute-api:us-east-1:*:mine/prod/GET/jobs:cancel", None),
        ("arn:aws:execute-api:us-east-?:*:mi*/*/GET/*", None),
        ("arn:aws:execute-api:us-east-1:*:other/*", False),
        ("arn:aws:execute-api:us-east-1:*:min", False),
        ("arn:aws:execute-api:us-east-1:999999999999:mine/*", False),
    ],
)
def test_beginning_of_a_resource(pattern: str, expected: bool | None) -> None:  # noqa: FBT001 # a row
    """A star for the account does not swallow the API whose methods are not known."""
    known = "arn:aws:execute-api:us-east-1:123456789012:mine/prod/"

    assert Words(known=known, complete=False).fits(pattern) is expected


def test_condition_keys_are_named_in_lower_case() -> None:
    """Their case has no meaning."""
    document = _document([ALL | {"Condition": SOME | HIDDEN}])

    assert condition_keys(document) == {"aws:sourceip", "aws:principalorgid"}


OTHER = ALL | {"Action": "sqs:*"}
MAYBE = ALL | {"Condition": HIDDEN}
TOGETHER = [
    ("no policy at all", [], True, Decision.NOT_ALLOWED),
    ("none allows it", [OTHER, OTHER], True, Decision.NOT_ALLOWED),
    ("one that was not read may allow it", [OTHER], False, Decision.UNKNOWN),
    ("one is enough to allow", [OTHER, ALL], True, Decision.ALLOWED),
    ("one that was not read may deny it", [ALL], False, Decision.UNKNOWN),
    ("one is enough to deny", [ALL, DENY], False, Decision.DENIED),
    ("one is not decided", [OTHER, MAYBE], True, Decision.UNKNOWN),
]


@pytest.mark.parametrize(
    ("statements", "complete", "expected"), [i[1:] for i in TOGETHER], ids=[i[0] for i in TOGETHER]
)
def test_policies_of_one_identity_are_decided_together(
    statements: list[dict[str, Any]], expected: Decision, *, complete: bool
) -> None:
    """A deny in any wins, an allow in any is enough, nothing is claimed of the unread."""
    documents = [json.dumps({"Statement": item}) for item in statements]

    assert decide_together(documents, REQUEST, complete=complete) is expected
