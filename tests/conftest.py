"""What every test shares: a scrubbed environment, and a lab for those that ask for one."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

SCRUBBED = ("AWS_", "NETPROBE_")
SCRUBBED_NAMES = ("NO_COLOR", "FORCE_COLOR", "CI", "COLUMNS")
DUMMY_CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}


@pytest.fixture(autouse=True)
def scrubbed_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees the credentials, proxies or terminal of whoever runs it."""
    for name in list(os.environ):
        ours = name.startswith(SCRUBBED) and name != "NETPROBE_REWRITE_GOLDEN"
        if ours or name in SCRUBBED_NAMES:
            monkeypatch.delenv(name)


@dataclass(frozen=True)
class RunningLab:
    """A lab process of this test's own."""

    endpoint_url: str
    tier: str
    process: subprocess.Popen[str]

    @property
    def environment(self) -> dict[str, str]:
        """The environment in which any AWS client talks to the lab."""
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(SCRUBBED)}
        return inherited | DUMMY_CREDENTIALS | {"AWS_ENDPOINT_URL": self.endpoint_url}

    def client(self, service: str, region: str = "us-east-1") -> Any:
        """Return a plain boto3 client that talks to the lab."""
        return boto3.client(
            service,
            endpoint_url=self.endpoint_url,
            region_name=region,
            aws_access_key_id="testing",
            aws_secret_access_key="testing",  # noqa: S106 # a lab asks for none
            config=Config(retries={"total_max_attempts": 1}),
        )

    def netprobe(self, *arguments: str, timeout: float = 120) -> subprocess.CompletedProcess[str]:
        """Run the command line as a user would, against the lab."""
        return subprocess.run(
            [sys.executable, "-m", "netprobe", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    def report(self, *arguments: str) -> dict[str, Any]:
        """Run ``netprobe check --format json`` and return its document."""
        done = self.netprobe("check", "--format", "json", *arguments)
        assert done.stdout, done.stderr
        document: dict[str, Any] = json.loads(done.stdout)
        return document


@dataclass(frozen=True)
class User:
    """Who runs a lab, and how a process of theirs is started."""

    command: tuple[str, ...] = (sys.executable,)
    environment: tuple[tuple[str, str], ...] = ()


@cache
def ordinary_user() -> User | str:
    """Return a user without any privilege, or why there is none here."""
    if os.geteuid() != 0:
        return "every lab of this run is an ordinary user's already"
    if shutil.which("setpriv") is None:
        return "no setpriv to become an ordinary user with"
    drop = ("setpriv", "--reuid", "nobody", "--clear-groups", "--inh-caps=-all")
    drop += ("--bounding-set=-all",)
    allowed = _run([*drop, "unshare", "--user", "--map-root-user", "--net", "--mount", "true"])
    if allowed.returncode != 0:
        return f"this machine allows no user namespaces: {allowed.stderr.strip()}"
    path = (("PYTHONPATH", os.pathsep.join(str(Path(item).resolve()) for item in sys.path)),)
    for python in (sys.executable, f"/usr/bin/python{sys.version_info[0]}.{sys.version_info[1]}"):
        user = User((*drop, python), path)
        if _run([*user.command, "-c", _RUNS_ITSELF], **dict(path)).returncode == 0:
            return user
    return "an ordinary user can read no Python with netprobe here"


_RUNS_ITSELF = (
    "import subprocess, sys;"
    "sys.exit(subprocess.call([sys.executable, '-c', 'import netprobe, moto']))"
)
"""The first program after privileges are dropped is still found with them; its child is not."""


def _run(command: list[str], **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, env=os.environ | environment, cwd="/", capture_output=True, text=True, check=False
    )


@contextmanager
def running_lab(*arguments: str, user: User | None = None) -> Iterator[RunningLab]:
    """Start ``netprobe lab serve`` on a free port; stop it, by its id, at the end."""
    user = user or User()
    environment = {k: v for k, v in os.environ.items() if not k.startswith(SCRUBBED)}
    process = subprocess.Popen(
        [*user.command, "-m", "netprobe", "lab", "serve", *arguments],
        env=environment | dict(user.environment),
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, f"the lab ended with {process.wait(10)} before it was ready"
        ready = json.loads(line)
        yield RunningLab(ready["endpoint_url"], ready["tier"], process)
    finally:
        process.terminate()
        process.wait(10)
        if process.stdout is not None:
            process.stdout.close()


def missing_for_a_lab() -> str | None:
    """Return why this machine cannot carry packets, None when it can."""
    path = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
    lacking = [name for name in ("ip", "nft") if shutil.which(name, path=path) is None]
    if lacking:
        return f"no {' and no '.join(lacking)} on this machine"
    if os.geteuid() != 0 and not Path("/proc/self/ns/user").exists():
        return "neither root nor user namespaces"
    return None


@pytest.fixture
def lab() -> Iterator[RunningLab]:
    """A lab with nothing in it."""
    if reason := missing_for_a_lab():
        pytest.skip(reason)
    with running_lab() as found:
        yield found
