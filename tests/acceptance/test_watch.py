"""Watching the story heal: each fix is seen, and nothing is left when it ends."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from netprobe.lab import story
from tests.acceptance.test_life_of_a_probe import remains, wait_until_created
from tests.conftest import RunningLab

pytestmark = pytest.mark.lab

PATIENCE = 60
OPTIONS = ("--function", story.FUNCTION_NAME, "--timeout", "1", "--interval", "1")


class Watched:
    """A watch that runs beside the test, its stdout in a file."""

    def __init__(self, lab: RunningLab, out: Path, *more: str) -> None:
        self.out = out
        with out.open("wb") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "netprobe", "watch", *OPTIONS, *more],
                env=lab.environment,
                stdout=file,
                stderr=subprocess.PIPE,
                text=True,
            )

    def wait_for(self, fits: Callable[[str], bool]) -> str:
        """Return what was written once it fits."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            text = self.out.read_text("utf-8")
            if fits(text):
                return text
            assert self.process.poll() is None, self.process.communicate()
            time.sleep(0.1)
        pytest.fail(f"not in {PATIENCE} s: {self.out.read_text('utf-8')}")

    def end(self, number: signal.Signals = signal.SIGINT) -> tuple[int, str]:
        """Return the exit code and stderr."""
        self.process.send_signal(number)
        _, err = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, err


@pytest.fixture
def stage(lab: RunningLab) -> story.Stage:
    """The story's VPC, function and API, in the test's own lab."""
    return story.build(lab.client)


@pytest.fixture
def watch(lab: RunningLab, stage: story.Stage, tmp_path: Path) -> Iterator[Any]:
    """Start a watch; what still runs when the test ends is stopped."""
    started: list[Watched] = []

    def start(*more: str) -> Watched:
        target = ("--target", f"api:{stage.api_id}")
        started.append(Watched(lab, tmp_path / f"out-{len(started)}", *target, *more))
        return started[-1]

    yield start
    for item in started:
        item.process.kill()
        item.process.communicate()


def unroute(lab: RunningLab, stage: story.Stage) -> None:
    lab.client("ec2").delete_route(
        RouteTableId=stage.route_table_id, DestinationIpv6CidrBlock="::/0"
    )


def test_every_fix_is_seen_and_nothing_is_left(
    lab: RunningLab, stage: story.Stage, watch: Any
) -> None:
    """One block after the other goes, the path opens, closes again, and Ctrl-C cleans up."""
    running = watch()
    running.wait_for(lambda text: "blocked: " in text)
    gone = [
        r"gone: any public IPv6 address goes nowhere",
        rf"gone: {stage.security_group_id}: no egress rule",
        r"gone: push-prices may not use IPv6",
        r"opened: api:\w+ over IPv6 from subnet-\w+,\s+subnet-\w+\n.*gone.*: .*no AAAA record",
    ]
    for step, expected in zip(story.STEPS, gone, strict=True):
        step.apply(lab.client, stage)
        running.wait_for(lambda text, expected=expected: bool(re.search(expected, text)))
    unroute(lab, stage)
    running.wait_for(lambda text: "closed: " in text and "new: 3fff:a::10 goes nowhere" in text)

    assert remains(lab) != []
    code, err = running.end()

    assert (code, remains(lab)) == (130, []), err
    assert err.splitlines()[-1] == "interrupted"
    assert "where it starts has changed: putting the probe in place again" in err
    assert re.search(r"created role netprobe-.+ in the account and removed them", err)
    assert running.out.read_text("utf-8").count("opened: ") == 1


def test_termination_cleans_up_too(lab: RunningLab, watch: Any) -> None:
    """SIGTERM is what ends a session; every line that was written is whole."""
    running = watch("--format", "jsonl")
    text = running.wait_for(lambda text: text.count("\n") == 4)

    code, err = running.end(signal.SIGTERM)

    assert (code, remains(lab)) == (130, []), err
    lines = [json.loads(line) for line in text.splitlines()]
    assert {line["change"] for line in lines} == {"seen"}
    assert {line["schema"] for line in lines} == {"netprobe.watch/1"}


def test_until_healthy_ends_by_itself(
    lab: RunningLab, stage: story.Stage, watch: Any, tmp_path: Path
) -> None:
    """With exit code 0, and the report in the file that was named."""
    place = tmp_path / "watch.txt"
    running = watch("--until-healthy", "--output", str(place))
    wait_until_created(lab, running.process)
    for step in story.STEPS:
        step.apply(lab.client, stage)

    _, err = running.process.communicate(timeout=PATIENCE)

    assert (running.process.returncode, remains(lab)) == (0, []), err
    assert "works: " in (text := place.read_text("utf-8")) or "opened: " in text
    assert f"wrote {place}" in err


def test_rounds_end_with_the_code_of_the_verdict(lab: RunningLab, watch: Any) -> None:
    """Broken is 10."""
    running = watch("--rounds", "2")

    _, err = running.process.communicate(timeout=PATIENCE)

    assert (running.process.returncode, remains(lab)) == (10, []), err
