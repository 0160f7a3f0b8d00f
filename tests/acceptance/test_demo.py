"""``netprobe demo`` as whoever tries netprobe first sees it: live, in a lab of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from netprobe.lab import story
from tests.conftest import SCRUBBED, missing_for_a_lab

pytestmark = pytest.mark.lab


def test_story_ends_well_with_no_account_and_no_configuration() -> None:
    """Broken, then one cause less after each fix, then an answer over IPv6; under a minute."""
    if reason := missing_for_a_lab():
        pytest.skip(reason)
    environment = {k: v for k, v in os.environ.items() if not k.startswith(SCRUBBED)}
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "netprobe", "demo"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert not done.stdout.startswith("Replayed")
    assert "broken: @connections of WebSocket API" in done.stdout
    remaining = [part.count("still in the way: ") for part in done.stdout.split("\nFix ")[1:]]
    assert remaining == [3, 2, 1, 0]
    assert len(remaining) == len(story.STEPS)
    assert "@connections answers over IPv6: 2001:db8:" in done.stdout
    assert "HTTP 403" in done.stdout
    assert time.monotonic() - began < 60


def test_own_credentials_are_never_used() -> None:
    """The demo talks to its own lab only, whatever the environment says."""
    if reason := missing_for_a_lab():
        pytest.skip(reason)
    elsewhere = {
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "AWS_PROFILE": "production",
        "AWS_ACCESS_KEY_ID": "AKIAREAL",
        "AWS_SECRET_ACCESS_KEY": "real",
        "AWS_SESSION_TOKEN": "real",
        "AWS_REGION": "eu-west-1",
    }
    done = subprocess.run(
        [sys.executable, "-m", "netprobe", "demo"],
        env=dict(os.environ) | elsewhere,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
