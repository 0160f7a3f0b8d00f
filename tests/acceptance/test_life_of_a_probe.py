"""What a check creates is gone afterwards: on success, on Ctrl-C, and after SIGKILL by cleanup."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from contextlib import closing
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest

from netprobe.lab import story
from tests.conftest import RunningLab

pytestmark = pytest.mark.lab

MOMENTS = 10
COMMAND = ("check", "--function", story.FUNCTION_NAME, "--timeout", "1")


@pytest.fixture
def api_id(lab: RunningLab) -> str:
    """The story's VPC, function and API, in the test's own lab."""
    return story.build(lab.client).api_id


def remains(lab: RunningLab) -> list[str]:
    """Return what the AWS API shows of netprobe's: functions, roles, interfaces, log groups."""
    functions = lab.client("lambda").list_functions()["Functions"]
    roles = lab.client("iam").list_roles(PathPrefix="/netprobe/")["Roles"]
    interfaces = lab.client("ec2").describe_network_interfaces()["NetworkInterfaces"]
    groups = lab.client("logs").describe_log_groups()["logGroups"]
    return [
        *(i["FunctionName"] for i in functions if i["FunctionName"].startswith("netprobe-")),
        *(item["RoleName"] for item in roles),
        *(i["NetworkInterfaceId"] for i in interfaces if "netprobe-" in i.get("Description", "")),
        *(i["logGroupName"] for i in groups if "netprobe-" in i["logGroupName"]),
    ]


def start(lab: RunningLab, api_id: str, *more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "netprobe", *COMMAND, "--target", f"api:{api_id}", *more],
        env=lab.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_until_created(lab: RunningLab, process: subprocess.Popen[str]) -> None:
    """Return once the check has put something into the account."""
    while process.poll() is None and not remains(lab):
        time.sleep(0.01)


def test_cleanup_finds_everything_whenever_the_check_was_killed(
    lab: RunningLab, api_id: str
) -> None:
    """At any of ten moments of a check, SIGKILL leaves only what cleanup finds and removes."""
    began = time.monotonic()
    lab.netprobe(*COMMAND, "--target", f"api:{api_id}")
    whole = time.monotonic() - began
    before = remains(lab)
    left_by_kill = 0

    for moment in range(MOMENTS):
        process = start(lab, api_id)
        time.sleep(whole * (moment + 0.5) / MOMENTS)
        process.kill()
        process.communicate()
        left_by_kill += bool(remains(lab))
        done = lab.netprobe("cleanup", "--format", "json")
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["left"] == []
        assert remains(lab) == []

    assert before == []
    assert left_by_kill >= 3, "the moments missed the probe's life; this test proved nothing"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_interrupted_check_removes_what_it_made(
    lab: RunningLab, api_id: str, number: signal.Signals
) -> None:
    """Ctrl-C, and what ends a session, take everything away before the process ends with 130."""
    process = start(lab, api_id)
    wait_until_created(lab, process)
    process.send_signal(number)
    _, err = process.communicate(timeout=60)

    assert (process.returncode, remains(lab)) == (130, []), err
    assert "Traceback" not in err


def test_second_interrupt_does_not_stop_the_removal(lab: RunningLab, api_id: str) -> None:
    """An impatient second Ctrl-C changes nothing."""
    process = start(lab, api_id)
    wait_until_created(lab, process)
    process.send_signal(signal.SIGINT)
    time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)

    assert (process.returncode, remains(lab)) == (130, []), err


def test_failed_creation_takes_back_what_was_made(lab: RunningLab, api_id: str) -> None:
    """A permission missing half-way ends in one line, and nothing stays behind."""
    deny(lab, "lambda:CreateFunction")

    done = lab.netprobe(*COMMAND, "--target", f"api:{api_id}")

    assert done.returncode == 1
    assert done.stdout == ""
    assert "lambda:CreateFunction" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert remains(lab) == []


def test_nothing_of_another_owner_is_removed(lab: RunningLab, api_id: str) -> None:
    """A function that only happens to be called netprobe-something is not netprobe's."""
    functions = lab.client("lambda")
    own = functions.get_function(FunctionName=story.FUNCTION_NAME)["Configuration"]
    functions.create_function(
        FunctionName="netprobe-of-somebody",
        Runtime="python3.13",
        Role=own["Role"],
        Handler="push.handle",
        Code={"ZipFile": story._zip("push.py", story.HANDLER_SOURCE)},  # any zip
    )

    done = lab.netprobe("cleanup")

    assert done.returncode == 0
    assert "nothing of netprobe's is left" in done.stdout
    assert "netprobe-of-somebody" in remains(lab)
    assert api_id in {item["ApiId"] for item in lab.client("apigatewayv2").get_apis()["Items"]}


def deny(lab: RunningLab, *actions: str) -> None:
    """Take IAM actions away from every caller of the lab."""
    with closing(HTTPConnection(urlsplit(lab.endpoint_url).netloc, timeout=5)) as connection:
        connection.request("POST", "/netprobe-lab/deny", json.dumps({"actions": actions}))
        assert connection.getresponse().status == 204  # No Content


def check(lab: RunningLab, api_id: str) -> tuple[int, dict[str, Any]]:
    done = lab.netprobe(*COMMAND, "--target", f"api:{api_id}", "--format", "json")
    return done.returncode, json.loads(done.stdout)


def test_denied_read_is_unknown_and_names_the_action(lab: RunningLab, api_id: str) -> None:
    """Without the ACLs there is no verdict: exit code 3, and the action to add."""
    deny(lab, "ec2:DescribeNetworkAcls")

    code, report = check(lab, api_id)

    assert (code, report["verdict"]) == (3, "unknown")
    assert [gap["iam_action"] for gap in report["gaps"]] == ["ec2:DescribeNetworkAcls"]
    text = lab.netprobe(*COMMAND, "--target", f"api:{api_id}").stdout
    assert "ec2:DescribeNetworkAcls" in text
    assert "NP902" in text
