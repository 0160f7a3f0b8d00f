"""One lab for a file of tests; each builds a VPC of its own in it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.conftest import (
    RunningLab,
    User,
    missing_for_a_lab,
    ordinary_user,
    running_lab,
)
from tests.lab import carrying
from tests.lab.account import Account
from tests.lab.ground import Ground

WORLD = """
[[host]]
name = "www.example.com"
ipv4 = ["192.0.2.80"]
ipv6 = ["3fff:c::80"]

[[host]]
name = "v4.example.com"
ipv4 = ["192.0.2.81"]
ipv6 = []
listen = ["tcp/8443"]

[[host]]
name = "refuses.example.com"
ipv4 = ["192.0.2.82"]
ipv6 = ["3fff:c::82"]
behaviour = "refuse"

[[host]]
name = "drops.example.com"
ipv4 = ["192.0.2.83"]
behaviour = "drop"

[[host]]
name = "resets.example.com"
ipv4 = ["192.0.2.84"]
behaviour = "reset-after-client-hello"

[[host]]
name = "forbids.example.com"
ipv4 = ["192.0.2.85"]
behaviour = "status:403"

[[host]]
name = "slow.example.com"
ipv4 = ["192.0.2.86"]
behaviour = "slow:3"

[[host]]
name = "moved123.execute-api.us-east-1.amazonaws.com"
ipv4 = ["192.0.2.90"]
ipv6 = []

[[host]]
name = "sqs.us-east-1.amazonaws.com"
ipv4 = ["192.0.2.91"]
behaviour = "status:503"

[[host]]
name = "us-east-1.queue.amazonaws.com"
ipv4 = ["192.0.2.92"]
ipv6 = []

[[host]]
name = "sts.amazonaws.com"
ipv4 = ["192.0.2.93"]
ipv6 = []

[[resolver]]
address = "10.7.50.10"
forwards_to = "vpc"

[[resolver]]
address = "10.8.50.10"
forwards_to = "vpc"

[[resolver]]
address = "10.7.50.11"
forwards_to = "public"

[[resolver]]
address = "10.7.50.12"
forwards_to = "none"
"""


@pytest.fixture(scope="module", params=["whoever-runs-this", "ordinary-user"])
def shared_lab(request: pytest.FixtureRequest) -> Iterator[RunningLab]:
    """A lab with a few hosts on its internet, and the same once more without any privilege."""
    if reason := missing_for_a_lab():
        pytest.skip(reason)
    user = User() if request.param == "whoever-runs-this" else ordinary_user()
    if isinstance(user, str):
        pytest.skip(user)
    with TemporaryDirectory() as folder:
        world = Path(folder, "world.toml")
        world.write_text(WORLD, encoding="utf-8")
        Path(folder).chmod(0o755)
        with running_lab("--world", str(world), user=user) as found:
            yield found


@pytest.fixture
def ground(shared_lab: RunningLab) -> Ground:
    """A VPC of this test's own."""
    return Ground(shared_lab)


class Carrier:
    """A process that carries packets through what a test describes, see ``carrying``."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def send(
        self, account: Account, *flows: tuple[str, str, str] | dict[str, object]
    ) -> list[str | None]:
        """Return the address that the far end of each flow saw, None for what was lost.

        A flow is a source, a destination and the address it is asked under, or all of ``Flow``.
        """
        names = ("source", "destination", "address")
        asked = [f if isinstance(f, dict) else dict(zip(names, f, strict=True)) for f in flows]
        question = {"answers": account.answers, "flows": asked}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "the carrier failed; its words are above"
        found: list[str | None] | str = json.loads(line)
        assert not isinstance(found, str), found
        return found


@pytest.fixture(scope="module", params=["whoever-runs-this", "ordinary-user"])
def carrier(request: pytest.FixtureRequest) -> Iterator[Carrier]:
    """A carrier, and the same once more without any privilege."""
    if reason := missing_for_a_lab():
        pytest.skip(reason)
    user = User() if request.param == "whoever-runs-this" else ordinary_user()
    if isinstance(user, str):
        pytest.skip(user)
    own = {"PYTHONPATH": os.pathsep.join(str(Path(p).resolve()) for p in sys.path)}
    with subprocess.Popen(
        [*user.command, str(Path(carrying.__file__).resolve())],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=dict(os.environ) | own,
        cwd="/",
    ) as process:
        yield Carrier(process)
        assert process.stdin is not None
        process.stdin.close()
        process.wait(10)
