"""The plan of a probe: what will be created, told before anything is."""

from __future__ import annotations

from netprobe.deploy.plan import EXPIRES_TAG, RUN_TAG, plan_probe
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
        role_arn="arn:aws:iam::1:role/r",
    )

    assert given.role is None
    assert {item for item in given.caller_actions if item.startswith("iam:")} == {"iam:PassRole"}
    assert set(given.caller_actions) < set(made.caller_actions)
