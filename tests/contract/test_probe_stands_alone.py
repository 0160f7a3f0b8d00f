"""The probe as Lambda has it: its own folder and nothing of netprobe's."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

STRANGERS = ["netprobe", "boto3", "botocore", "rich", "typer", "dns", "pydantic"]


def run_alone(folder: Path, code: str):
    """Run code with the standard library and ``folder`` alone; return what it prints as JSON."""
    importing = f"import sys; sys.path.insert(0, {str(folder)!r})\n"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", importing + code],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def copy_probe(folder: Path) -> Path:
    target = folder / "probe_lambda"
    target.mkdir()
    for source in files("probe_lambda").iterdir():
        if source.name.endswith(".py"):
            (target / source.name).write_bytes(source.read_bytes())
    return folder


def test_the_handler_loads_without_anything_installed(tmp_path):
    loaded = run_alone(
        copy_probe(tmp_path),
        "import json, probe_lambda.handler\nprint(json.dumps(sorted(sys.modules)))",
    )

    assert "probe_lambda.handler" in loaded
    assert [name for name in STRANGERS if name in loaded] == []


def test_without_dnspython_a_name_is_missing_and_an_address_is_not(tmp_path):
    answer = run_alone(
        copy_probe(tmp_path),
        """
import json
from probe_lambda.handler import handle
place = {"port": 0, "tls": False}
targets = [{"id": "name", "host": "a.example"} | place, {"id": "address", "host": "::1"} | place]
print(json.dumps(handle({"schema": "netprobe.probe/1", "targets": targets})))
""",
    )

    assert [result["outcome"] for result in answer["results"]] == ["not-probed"] * 4
    assert answer["missing"] == [
        """name: the probe failed: ModuleNotFoundError("No module named 'dns'")"""
    ]
