"""The wheel, installed where the checkout is not: what pipx and uv tool install give people."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PACKAGES = ("netprobe", "probe_lambda")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def program(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the installed command, in an environment of its own.

    Its dependencies are those of the environment the tests run in, whose own netprobe, an
    editable one, is not seen: Python follows no .pth file of a folder that one names.
    """
    place = tmp_path_factory.mktemp("installed") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(place)], check=True)
    python = place / "bin/python"
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "--python",
            str(python),
            "install",
            "--quiet",
            "--no-index",
            "--no-deps",
            str(wheel),
        ],
        check=True,
    )
    own = next(place.glob("lib/python*/site-packages"))
    (own / "dependencies.pth").write_text(f"{sysconfig.get_path('purelib')}\n", encoding="utf-8")
    return place / "bin/netprobe"


def run(
    program: Path, folder: Path, *arguments: str, expected: int = 0
) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.defpath, "HOME": str(folder), "COLUMNS": "100"}
    done = subprocess.run(
        [str(program), *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == expected, done.stdout + done.stderr
    return done


def test_wheel_has_every_file_of_the_packages_and_no_other(wheel: Path) -> None:
    """Schemas, recordings and py.typed too; neither tests nor documents."""
    here = {
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}

    assert names == here
    assert {"netprobe/py.typed", "netprobe/render/report-v1.schema.json"} <= names


def test_installed_is_what_runs(program: Path, tmp_path: Path) -> None:
    """Not the checkout: else none of these tests would mean anything."""
    python = program.with_name("python")
    code = "import netprobe, probe_lambda; print(netprobe.__file__, probe_lambda.__file__)"
    done = subprocess.run(
        [str(python), "-c", code], cwd=tmp_path, check=True, capture_output=True, text=True
    )

    for place in done.stdout.split():
        assert place.startswith(str(program.parent.parent))
    assert run(program, tmp_path, "--version").stdout.startswith("netprobe 0.")


def test_installed_judges_a_snapshot(program: Path, tmp_path: Path) -> None:
    """With the exit code of the verdict, and JSON of its schema's name."""
    account = str(ROOT / "tests/dumps/every-kind")
    asked = ("--snapshot", account, "--function", "push", "--target", "tcp://10.0.0.10:5432")

    told = run(program, tmp_path, "check", *asked, expected=10)
    document = run(program, tmp_path, "check", *asked, "--format", "json", expected=10)

    assert told.stdout.startswith("broken: tcp://10.0.0.10:5432 cannot be reached")
    assert '"schema": "netprobe.report/1"' in document.stdout
    assert told.stderr == document.stderr == ""


def test_installed_explains_and_plays(program: Path, tmp_path: Path) -> None:
    """Pages are made of docstrings, the demo of a recording: both came along."""
    page = run(program, tmp_path, "explain", "NP103").stdout
    demo = run(program, tmp_path, "demo", "--replay")

    assert page.startswith("# NP103 route-v4-no-default-route\n")
    assert "## Fix safety" in page
    assert "healthy" in demo.stdout
