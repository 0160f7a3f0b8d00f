"""What ``--dry-run`` prints."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from netprobe.deploy.plan import plan_probe
from netprobe.render.dry_run import render_plan
from tests.builders import source


def document(role_arn: str | None = None, standing_for: str | None = None) -> dict[str, Any]:
    sources = (source("subnet-a"), source("subnet-b", ipv6_allowed=False))
    plan = plan_probe(
        sources,
        run_id="0123abcd",
        expires="2026-11-24T13:00:00Z",
        timeout_seconds=35,
        role_arn=role_arn,
        standing_for=standing_for,
    )
    return {
        "run_id": plan.run_id,
        "account": "123456789012",
        "region": "us-east-1",
        "vpc_id": "vpc-1",
        "standing_for": plan.standing_for,
        "role": asdict(plan.role) if plan.role else None,
        "role_arn": plan.role_arn,
        "functions": [asdict(function) for function in plan.functions],
        "caller_actions": list(plan.caller_actions),
        "targets": ["api:abc123", "\x1b[31mred"],
    }


def test_plan_names_every_resource_permission_and_cost() -> None:
    """Enough to decide whether to let it happen."""
    text = render_plan(document(), json=False, width=80)

    assert text.startswith(
        "plan for vpc-1 in us-east-1, account 123456789012:\nnothing was created"
    )
    assert "create role /netprobe/netprobe-0123abcd" in text
    assert "create function netprobe-0123abcd-1 in subnet-a" in text
    assert "create function netprobe-0123abcd-2 in subnet-b" in text
    assert "IPv6 off" in text
    assert "tag everything netprobe:run=0123abcd" in text
    for action in document()["caller_actions"]:
        assert action in text
    assert "costs: " in text
    assert "\x1b" not in text


def test_given_role_is_used_and_not_made() -> None:
    """No IAM permission is asked for then."""
    arn = "arn:aws:iam::123456789012:role/probe"
    text = render_plan(document(arn), json=False, width=120)

    assert f"use role {arn}" in text
    assert "create role" not in text
    assert "iam:CreateRole" not in text


def test_lines_fit_the_width() -> None:
    """Only single words stick out."""
    text = render_plan(document(), json=False, width=60)

    assert all(len(line) <= 60 or len(line.split()) == 1 for line in text.splitlines())


def test_json_has_its_own_schema_name() -> None:
    """A program tells a plan from a report."""
    found = json.loads(render_plan(document(), json=True, width=80))

    assert found["schema"] == "netprobe.plan/1"
    assert [item["name"] for item in found["functions"]] == [
        "netprobe-0123abcd-1",
        "netprobe-0123abcd-2",
    ]


def test_probe_that_stays_is_neither_invoked_nor_removed() -> None:
    """What deploy does ends with the creation."""
    text = render_plan(document(standing_for="vpc-1"), json=False, width=80)

    assert "without --dry-run, deploy would" in text
    assert "leave them in place" in text
    assert "invoke each" not in text
    assert "remove the functions" not in text
