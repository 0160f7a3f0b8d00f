"""How a bench says what it measured: one line a figure, with what was wanted of it."""

from __future__ import annotations

import sys


def show(name: str, value: str, wanted: str = "") -> None:
    """Print one figure as ``name: value (wanted: ...)``."""
    sys.stdout.write(f"{name}: {value}{f' (wanted: {wanted})' if wanted else ''}\n")
    sys.stdout.flush()
