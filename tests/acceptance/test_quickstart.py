"""The quickstart, walked as it is written: the commands of its lab part, one after another."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.lab

ROOT = Path(__file__).parent.parent.parent
WRITTEN_PORT = "4566"


def free_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return str(server.getsockname()[1])


def script() -> str:
    """Return the console blocks as one script, with the lab on a free port and awaited."""
    text = (ROOT / "docs/quickstart.md").read_text(encoding="utf-8")
    start, *rest = re.findall(r"```console\n(.*?)```", text, re.DOTALL)
    start = start.replace(". .venv/bin/activate\n", "").replace(" &\n", " > lab.json &\n")
    waits = "until [ -s lab.json ]; do sleep 0.2; done\n"
    steps = "echo '--- step'\n".join(rest)
    return f"{start}{waits}{steps}kill %1\n".replace(WRITTEN_PORT, free_port())


def test_quickstart_leads_from_broken_to_healthy(tmp_path: Path) -> None:
    """Every command runs as it stands, and the reports say what the text promises."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-m", "-c", script()],
        cwd=tmp_path,
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )

    before, after = done.stdout.split("--- step")
    assert before.startswith("broken: @connections of WebSocket API"), done.stderr
    assert "Free way out: IPv6, 4 steps away" in " ".join(before.split())
    assert re.search(r"^healthy: .* over IPv6", after, re.MULTILINE), done.stderr
    assert (tmp_path / "report.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
