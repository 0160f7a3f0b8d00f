"""The plan of a probe: what will be created, told before anything is."""

from __future__ import annotations

import pytest

from netprobe.deploy.plan import (
    EXPIRES_TAG,
    RUN_TAG,
    is_probe,
    plan_probe,
    require_role_arn,
    standing_run_id,
)
from netprobe.errors import UsageError
from tests.builders import source

EXPIRES = "2026-11-24T13:00:00Z"


def test_each_source_gets_a_function_of_its_own() -> None:
    """A bad subnet cannot hide behind a good one."""
    sources = (source("subnet-a"), source("subnet-b"))
    plan = plan_probe(sources, run_id="0123abcd", expires=EXPIRES, timeout_seconds=35)

    assert tuple(item.source for item in plan.functions) == sources
    assert [item.name for item in plan.functions] == ["netprobe-0123abcd-1", "netprobe-0123abcd-2"]
    assert {item.timeout_seconds for item in plan.functions} == {35}


def test_everything_carries_the_run_and_its_end() -> None:
    """So that cleanup finds it, and finds nothing else."""
    plan = plan_probe((source(),), run_id="0123abcd", expires=EXPIRES, timeout_seconds=35)
    tags = {RUN_TAG: "0123abcd", EXPIRES_TAG: EXPIRES}

    assert plan.role is not None
    assert plan.role.tags == tags
    assert all(item.tags == tags for item in plan.functions)


def test_given_role_saves_the_permissions_to_make_one() -> None:
    """With ``--role-arn`` nothing of IAM is created, changed or removed."""
    made = plan_probe((source(),), run_id="x", expires=EXPIRES, timeout_seconds=35)
    given = plan_probe(
        (source(),),
        run_id="x",
        expires=EXPIRES,
        timeout_seconds=35,
        role_arn="arn:aws:iam::123456789012:role/r",
    )

    assert given.role is None
    assert {item for item in given.caller_actions if item.startswith("iam:")} == {"iam:PassRole"}
    assert set(given.caller_actions) < set(made.caller_actions)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("netprobe-0123abcd-1", True),
        ("netprobe-0123abcd-12", True),
        ("netprobe-of-somebody", False),
        ("netprobe-0123abcd", False),
        ("my-netprobe-0123abcd-1", False),
    ],
)
def test_probes_are_known_by_their_names(name: str, expected: bool) -> None:  # noqa: FBT001 # a row
    """Those of any run, and nobody else's function that only sounds like one."""
    assert is_probe(name) is expected


def test_standing_probe_is_named_after_its_places() -> None:
    """The same places give the same names, in whichever order groups are given; others do not."""
    one = source(security_group_ids=("sg-1", "sg-2"))
    same = source(security_group_ids=("sg-2", "sg-1"))

    assert standing_run_id("vpc-1", (one,)) == standing_run_id("vpc-1", (same,))
    assert standing_run_id("vpc-1", (one,)) != standing_run_id("fn", (one,))
    assert standing_run_id("vpc-1", (one,)) != standing_run_id(
        "vpc-1", (source(ipv6_allowed=False),)
    )


@pytest.mark.parametrize(
    "arn",
    [
        None,
        "arn:aws:iam::123456789012:role/probe",
        "arn:aws-us-gov:iam::123456789012:role/service-role/a.b+c=d,e@f-g_h",
    ],
)
def test_role_is_taken_by_its_arn(arn: str | None) -> None:
    """Of any partition and path."""
    require_role_arn(arn)


@pytest.mark.parametrize(
    "given",
    [
        "",
        "foo",
        "arn:aws:iam::1:role/r",
        "arn:aws:iam::123456789012:user/u",
        "arn:aws:lambda:us-east-1:123456789012:function:f",
        "arn:aws:iam::123456789012:role/r\n",
    ],
)
def test_what_is_no_role_is_refused_before_anything_is_made(given: str) -> None:
    """AWS would say so with a pattern, after the first function was asked for."""
    with pytest.raises(UsageError, match="is no ARN of an IAM role") as caught:
        require_role_arn(given)

    assert caught.value.reference == "invalid-role"
