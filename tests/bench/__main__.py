"""Run every bench of this folder, one after another, and print their figures as a table.

``python -m tests.bench``, or only some of them: ``python -m tests.bench trace load``.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent


def main() -> int:
    """Run the benches; return 1 when one of them failed."""
    failed = 0
    wanted = [f"bench_{name}" for name in sys.argv[1:]]
    for path in sorted(HERE.glob("bench_*.py")):
        if wanted and path.stem not in wanted:
            continue
        sys.stdout.write(f"\n{path.stem}\n")
        with subprocess.Popen(
            [sys.executable, "-m", f"tests.bench.{path.stem}"],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        ) as run:
            assert run.stdout is not None
            for line in run.stdout:
                _print(line.rstrip("\n"))
        if run.returncode:
            _print(f"ended with exit code {run.returncode}; what it lacks is above")
        failed |= run.returncode != 0
    return int(failed)


def _print(line: str) -> None:
    """Print a figure in columns, anything else as it came."""
    text, _, wanted = line.partition(" (wanted: ")
    name, colon, value = text.rpartition(": ")
    row = f"  {name:<58} {value:<34} {wanted.removesuffix(')')}" if colon else f"  {line}"
    sys.stdout.write(row.rstrip() + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
