"""Tracing many flows: flows a second, what the size of a VPC costs, and memory.

Run from the project's root: ``python -m tests.bench.bench_trace [--quick]``. Every figure of time
is of whole processes that read JSON Lines and write full answers, on one core; the start of the
process and the reading of the snapshot are counted out by taking a run with few flows away from
one with many.
"""

from __future__ import annotations

import itertools
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from tests.bench.figures import show
from tests.bench.large_vpc import STATED, Size, flows, write

FEW, MANY = 2_000, 42_000
MEMORY_FEW, MEMORY_MANY = 1_000, 1_000_000
SMALL, LARGE = 10, 1_000
ROUNDS = 3
PORTION = 1_000
"""Flows sent down a pipe at a time."""


def main() -> None:
    """Measure, and print a line for each figure."""
    quick = "--quick" in sys.argv
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        _throughput(folder)
        _growth(folder)
        _memory(folder, MEMORY_MANY // 10 if quick else MEMORY_MANY)


def _throughput(folder: Path) -> None:
    snapshot = write(STATED, folder / "stated")
    costs = [_cost_of_a_flow(STATED, snapshot, folder) for _ in range(ROUNDS)]
    sizes = f"{STATED.subnets} subnets, {STATED.tables} tables of {STATED.routes} routes"
    rules = f"{STATED.group_rules} group rules, {STATED.acls} ACLs"
    show("the VPC", f"{sizes}, {rules}")
    show(
        "flows a second",
        f"{1 / statistics.median(costs):,.0f}, best {1 / min(costs):,.0f}",
        "at least 10,000",
    )
    start = min(_seconds(snapshot, flows(STATED, 1)) for _ in range(ROUNDS))
    show("start of the process and reading that snapshot", f"{start:.2f} s, not counted above")


def _growth(folder: Path) -> None:
    """Compare sizes in turns, so that a machine that slows down slows both."""
    base = replace(STATED, tables=10, acls=10)
    kinds = {
        "subnets": (replace(base, subnets=SMALL), replace(base, subnets=LARGE)),
        "routes per table": (replace(base, routes=SMALL), replace(base, routes=LARGE)),
    }
    for name, sizes in kinds.items():
        places = [write(size, folder / f"{name}-{number}") for number, size in enumerate(sizes)]
        ratios = []
        for _ in range(ROUNDS):
            small, large = (
                _cost_of_a_flow(size, place, folder)
                for size, place in zip(sizes, places, strict=True)
            )
            ratios.append(large / small)
        ratio = statistics.median(ratios)
        show(f"cost of a flow, {SMALL} to {LARGE:,} {name}", f"{ratio:.2f} times", "less than 2")


def _memory(folder: Path, many: int) -> None:
    snapshot = write(STATED, folder / "stated")
    few = _peak_memory(snapshot, flows(STATED, MEMORY_FEW))
    most = _peak_memory(snapshot, flows(STATED, many))
    show(
        f"peak memory, {MEMORY_FEW:,} and {many:,} flows",
        f"{few / 2**10:.0f} and {most / 2**10:.0f} MiB, {most / few:.2f} times",
        "no growth with the number of flows",
    )


def _cost_of_a_flow(size: Size, snapshot: Path, folder: Path) -> float:
    """Return the seconds one flow adds."""
    place = folder / "flows.jsonl"
    seconds = []
    for count in (FEW, MANY):
        with place.open("wb") as file:
            file.writelines(flows(size, count))
        seconds.append(_seconds(snapshot, None, place))
    return (seconds[1] - seconds[0]) / (MANY - FEW)


def _command(snapshot: Path, source: str) -> list[str]:
    return [
        sys.executable,
        "-m",
        "netprobe",
        "trace",
        "--exit-zero",
        "--snapshot",
        str(snapshot),
        "--flows",
        source,
    ]


def _seconds(snapshot: Path, given: Iterator[bytes] | None, place: Path | None = None) -> float:
    """Return the processor time of a run; that of waiting for this machine's others is none."""
    with subprocess.Popen(
        _command(snapshot, str(place or "-")),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    ) as run:
        _feed(run, given or iter(()))
        used = _end(run)
    return used.ru_utime + used.ru_stime


def _peak_memory(snapshot: Path, given: Iterator[bytes]) -> int:
    """Return the most memory the process had, in KiB."""
    with subprocess.Popen(
        _command(snapshot, "-"), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
    ) as run:
        _feed(run, given)
        return _end(run).ru_maxrss


def _feed(run: subprocess.Popen[bytes], given: Iterator[bytes]) -> None:
    assert run.stdin is not None
    while portion := b"".join(itertools.islice(given, PORTION)):
        run.stdin.write(portion)
    run.stdin.close()


def _end(run: subprocess.Popen[bytes]) -> os.struct_rusage:
    _, status, used = os.wait4(run.pid, 0)
    run.returncode = os.waitstatus_to_exitcode(status)
    assert run.returncode == 0, f"exit code {run.returncode}"
    return used


if __name__ == "__main__":
    started = time.monotonic()
    main()
    show("this bench took", f"{time.monotonic() - started:.0f} s")
