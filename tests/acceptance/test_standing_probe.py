"""A probe that stays: put in place, used and taken away, each of them once or twice."""

from __future__ import annotations

import json
from typing import Any

import pytest

from netprobe.lab import story
from tests.acceptance.test_life_of_a_probe import deny, remains
from tests.conftest import RunningLab

pytestmark = pytest.mark.lab

WHERE = ("--function", story.FUNCTION_NAME)


@pytest.fixture
def api_id(lab: RunningLab) -> str:
    """The story's VPC, function and API, in the test's own lab."""
    return story.build(lab.client).api_id


def deploy(lab: RunningLab) -> dict[str, Any]:
    done = lab.netprobe("deploy", *WHERE, "--format", "json")
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def test_probe_is_deployed_used_and_destroyed(lab: RunningLab, api_id: str) -> None:
    """It answers like the probe of a check, and nothing of it is left in the end."""
    first = deploy(lab)
    again = deploy(lab)
    asked = ("probe", *WHERE, "--target", f"api:{api_id}", "--timeout", "1", "--format", "json")
    reports = [json.loads(lab.netprobe(*asked).stdout) for _ in range(2)]
    checked = json.loads(lab.netprobe("check", *asked[1:]).stdout)

    assert len(first["functions"]) == 2
    assert (again["functions"], again["created"]) == (first["functions"], [])
    for report in reports:
        assert report["clean_up"] == {"created": [], "removed": [], "left": []}
        assert report["verdict"] == checked["verdict"] == "broken"
        assert [p["observation"]["outcome"] for p in report["paths"]] == [
            p["observation"]["outcome"] for p in checked["paths"]
        ]
    assert {name for name in remains(lab) if not name.startswith("eni-")} >= set(
        first["functions"]
    )

    assert lab.netprobe("destroy", *WHERE).returncode == 0
    assert remains(lab) == []
    done = lab.netprobe("destroy", *WHERE)
    assert (done.returncode, done.stdout.strip()) == (
        0,
        f"no probe stands for {story.FUNCTION_NAME}",
    )


def test_probing_without_a_probe_names_the_next_step(lab: RunningLab, api_id: str) -> None:
    """One line, and nothing is created to help out."""
    done = lab.netprobe("probe", *WHERE, "--target", f"api:{api_id}")

    assert (done.returncode, done.stdout) == (1, "")
    assert "netprobe deploy" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert remains(lab) == []


def test_failed_deployment_takes_back_what_it_made_only(lab: RunningLab, api_id: str) -> None:
    """What stood before a failed second deployment still stands."""
    assert api_id
    standing = deploy(lab)["functions"]
    functions = lab.client("lambda")
    functions.delete_function(FunctionName=standing[0])
    deny(lab, "lambda:CreateFunction")

    done = lab.netprobe("deploy", *WHERE)

    assert done.returncode == 1
    assert "lambda:CreateFunction" in done.stderr
    deny(lab)
    left = [f["FunctionName"] for f in functions.list_functions()["Functions"]]
    assert standing[1] in left
    assert deploy(lab)["created"] == [f"function {standing[0]}"]


def test_checks_do_not_take_a_standing_probe_for_a_function_of_the_user(
    lab: RunningLab, api_id: str
) -> None:
    """Nor the other way round: a check beside it leaves it alone."""
    standing = deploy(lab)["functions"]
    vpc = lab.client("lambda").get_function_configuration(FunctionName=story.FUNCTION_NAME)

    report = lab.report(
        "--vpc", vpc["VpcConfig"]["VpcId"], "--target", f"api:{api_id}", "--timeout", "1"
    )

    assert {item["function_name"] for item in report["sources"]} == {story.FUNCTION_NAME}
    left = [f["FunctionName"] for f in lab.client("lambda").list_functions()["Functions"]]
    assert set(standing) <= set(left)
