from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from netprobe.deploy.bundle import HANDLER, build_bundle, bundle_sha256

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def bundle():
    return build_bundle()


@pytest.fixture(scope="module")
def entries(bundle):
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        return archive.infolist()


def importing_from(folder):
    return f"import sys; sys.path.insert(0, {str(folder)!r})\n"


def run_unpacked(bundle, folder, code, *, given=""):
    """Run code with the bundle's content and the standard library alone."""
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        archive.extractall(folder)
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", importing_from(folder) + code],
        input=given, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_same_bytes_come_twice_and_from_anywhere(bundle, tmp_path):
    code = "from netprobe.deploy.bundle import bundle_sha256; print(bundle_sha256())"

    elsewhere = subprocess.run(
        [sys.executable, "-c", importing_from(ROOT) + code],
        capture_output=True, text=True, check=True, cwd=tmp_path, timeout=60,
    )  # fmt: skip

    assert build_bundle() == bundle
    assert elsewhere.stdout.strip() == bundle_sha256() == hashlib.sha256(bundle).hexdigest()


def test_nothing_of_this_machine_is_in_the_bundle(entries):
    """Neither times nor permissions nor compiled files may make two machines' bundles differ."""
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {entry.external_attr >> 16 for entry in entries} == {0o644}
    assert {entry.create_system for entry in entries} == {3}
    assert {Path(entry.filename).suffix for entry in entries} == {".py"}


def test_the_entries_are_sorted_and_only_the_probe_and_dnspython(entries):
    names = [entry.filename for entry in entries]

    assert names == sorted(names)
    assert {name.split("/")[0] for name in names} == {"dns", "probe_lambda"}
    assert HANDLER.rpartition(".")[0].replace(".", "/") + ".py" in names


def test_the_bundle_is_small(bundle):
    assert len(bundle) < 400_000


def test_every_module_in_the_bundle_can_be_imported_from_it(bundle, entries, tmp_path):
    """What was left out of dnspython must not be needed by what was kept."""
    modules = [
        entry.filename.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for entry in entries
        if not entry.filename.endswith("/__main__.py")
    ]
    code = "import importlib\nfor name in sys.stdin.read().split(): importlib.import_module(name)"

    run_unpacked(bundle, tmp_path, code, given="\n".join(modules))


def test_the_handler_named_answers_from_the_bundle_alone(bundle, tmp_path):
    code = f"""
import importlib, json
module, _, name = {HANDLER!r}.rpartition(".")
event = {{"schema": "netprobe.probe/1", "targets": []}}
print(json.dumps(getattr(importlib.import_module(module), name)(event, None)))
"""

    answer = json.loads(run_unpacked(bundle, tmp_path, code))

    assert (answer["results"], answer["error"]) == ([], None)
