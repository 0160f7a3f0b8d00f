"""Expectations that are written down when all is well, and held against packets later."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from netprobe.lab import story
from tests.acceptance.test_life_of_a_probe import remains
from tests.conftest import RunningLab

pytestmark = pytest.mark.lab

ASKED = ("--function", story.FUNCTION_NAME, "--timeout", "1")


def test_what_works_is_expected_and_its_end_is_noticed(lab: RunningLab, tmp_path: Path) -> None:
    """Kept while it works; broken, with the cause, once somebody takes the route away."""
    stage = story.build(lab.client)
    for step in story.STEPS:
        step.apply(lab.client, stage)
    target, file = f"api:{stage.api_id}", tmp_path / "expectations.toml"

    written = lab.netprobe("expect", *ASKED, "--target", target, "--write", str(file))
    assert written.returncode == 0, written.stderr
    file.write_text(
        f'{file.read_text("utf-8")}\n[[flow]]\nto = "{target}"\nfamily = "ipv4"\n'
        'must = "not-work"\n',
        encoding="utf-8",
    )
    expect = ("check", *ASKED, "--expect", str(file), "--format", "json")
    kept = lab.netprobe(*expect)
    lab.client("ec2").delete_route(
        RouteTableId=stage.route_table_id, DestinationIpv6CidrBlock="::/0"
    )
    broken = lab.netprobe(*expect)
    traced = lab.netprobe("trace", "--vpc", stage.vpc_id, "--expect", str(file))

    assert (kept.returncode, broken.returncode) == (0, 10), broken.stderr
    before, after = (json.loads(done.stdout)["expectations"] for done in (kept, broken))
    assert [item["state"] for item in before] == ["kept", "kept"]
    assert [item["state"] for item in after] == ["broken", "kept"]
    assert after[0]["findings"] == ["NP404"]
    assert len(after[0]["paths"]) == 2
    # The second flow names no source, and a trace starts somewhere.
    assert (traced.returncode, "a trace starts somewhere" in traced.stderr) == (2, True)
    assert remains(lab) == []


def test_mistaken_expectation_deploys_nothing(lab: RunningLab, tmp_path: Path) -> None:
    """It is found out after reading and before creating."""
    stage = story.build(lab.client)
    file = tmp_path / "expectations.toml"
    file.write_text(
        f'[[flow]]\nfrom = "function:push-price"\nto = "api:{stage.api_id}"\n', encoding="utf-8"
    )

    done = lab.netprobe("check", *ASKED, "--expect", str(file))

    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    assert "did you mean function:push-prices?" in done.stderr
    groups = lab.client("iam").list_roles(PathPrefix="/netprobe/")["Roles"]
    assert groups == remains(lab) == []
