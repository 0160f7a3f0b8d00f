"""SIGKILL before each call that changes the account, and two checks at once."""

from __future__ import annotations

import json
import signal
import subprocess
import sys

import pytest

from netprobe.lab import story
from tests.acceptance.test_life_of_a_probe import COMMAND, remains, start
from tests.conftest import RunningLab

pytestmark = pytest.mark.lab

DRIVER = """
import os, signal, sys, threading
import netprobe.aws.session as session

NUMBER, CHANGING = int(sys.argv.pop(1)), {"iam", "lambda"}
lock, seen = threading.Lock(), [0]

def kill(model, **_):
    name = model.name
    reads = name.startswith(("List", "GetFunctionConfiguration"))
    if model.service_model.service_name in CHANGING and not reads:
        with lock:
            seen[0] += 1
            if seen[0] == NUMBER:
                os.kill(os.getpid(), signal.SIGKILL)

session._log_call = kill
from netprobe.__main__ import main
main()
"""
"""The program, which ends itself before the call of that number is sent."""
MOST_CALLS = 40


@pytest.fixture
def api_id(lab: RunningLab) -> str:
    """The story's VPC, function and API, in the test's own lab."""
    return story.build(lab.client).api_id


def run_until_call(lab: RunningLab, api_id: str, number: int) -> int:
    """Run a check that is killed before its changing call of this number; return its end."""
    return subprocess.run(
        [sys.executable, "-c", DRIVER, str(number), *COMMAND, "--target", f"api:{api_id}"],
        env=lab.environment,
        capture_output=True,
        check=False,
    ).returncode


def test_cleanup_finds_everything_whichever_call_the_kill_came_before(
    lab: RunningLab, api_id: str
) -> None:
    """From the first call that changes anything to the last."""
    left = []
    for number in range(1, MOST_CALLS):
        ended = run_until_call(lab, api_id, number)
        left.append(len(remains(lab)))
        if ended != -signal.SIGKILL:
            break
        done = lab.netprobe("cleanup", "--format", "json")
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["left"] == []
        assert remains(lab) == []

    assert ended != -signal.SIGKILL, "the last call was never reached"
    assert len(left) > 8
    assert left[-1] == 0
    assert max(left) >= 3, "no kill left anything behind; this test proved nothing"


def test_two_checks_at_once_do_not_disturb_each_other(lab: RunningLab, api_id: str) -> None:
    """Each creates, uses and removes its own, and both see the same."""
    running = [start(lab, api_id, "--format", "json") for _ in range(2)]
    reports = [json.loads(process.communicate(timeout=120)[0]) for process in running]

    assert [process.returncode for process in running] == [10, 10]
    assert {report["verdict"] for report in reports} == {"broken"}
    created = [set(report["clean_up"]["created"]) for report in reports]
    assert not created[0] & created[1]
    assert all(report["clean_up"]["left"] == [] for report in reports)
    assert {len(report["sources"]) for report in reports} == {2}
    assert remains(lab) == []
