"""How large the probe's zip is, and how long a cold start spends on importing its handler.

The zip is unpacked and imported with the standard library alone, by new interpreters, with and
without compiled files beside the sources: Lambda keeps a package's folder read-only, so there
the sources are compiled at each cold start. dnspython is imported where a name is to be resolved.
The times are of the processor, so that other work on the machine does not count.
"""

from __future__ import annotations

import io
import statistics
import subprocess
import sys
import tempfile
import zipfile

from netprobe.deploy.bundle import HANDLER, build_bundle
from tests.bench.figures import show

RUNS = 11
WITHOUT = HANDLER.rpartition(".")[0]
WANTED = ("< 100 ms", "< 200 ms")
WITH = f"{WITHOUT}, probe_lambda.dns_message"


def main() -> None:
    """Print the size and the four times."""
    bundle = build_bundle()
    show("zip", f"{len(bundle) / 1000:.0f} KB", "< 400 KB")
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
            archive.extractall(folder)
        _measure(folder, "sources alone", WANTED)
        subprocess.run([sys.executable, "-m", "compileall", "-q", folder], check=True)
        _measure(folder, "compiled", WANTED)


def _measure(folder: str, what: str, wanted: tuple[str, str]) -> None:
    for name, modules, most in (
        ("without dnspython", WITHOUT, wanted[0]),
        ("with dnspython", WITH, wanted[1]),
    ):
        spent = statistics.median(_import_once(folder, modules) for _ in range(RUNS))
        show(f"import of the handler, {what}, {name}", f"{spent:.0f} ms", most)


def _import_once(folder: str, modules: str) -> float:
    code = (
        f"import sys, time; sys.path.insert(0, {folder!r}); begun = time.process_time();"
        f"import {modules}; print((time.process_time() - begun) * 1000)"
    )
    command = [sys.executable, "-I", "-S", "-B", "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=folder)
    return float(done.stdout)


if __name__ == "__main__":
    main()
