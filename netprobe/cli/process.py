"""What a command takes from the process it runs in: streams, signals, the clock, a run's id."""

from __future__ import annotations

import os
import secrets
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from netprobe.cli.console import Streams
from netprobe.errors import NetprobeError


class SystemClock:
    """The machine's clock, in UTC."""

    def now(self) -> datetime:
        """Return the current UTC time."""
        return datetime.now(UTC)  # noqa: TID251 # the one place that reads it


def process_streams() -> Streams:
    """Return this process's streams."""
    return Streams.from_process(os.environ, sys.stdout, sys.stderr)  # noqa: TID251 # cli may


def new_run_id() -> str:
    """Return eight hexadecimal digits that tell two runs in one account apart."""
    return secrets.token_hex(4)


def treat_termination_as_interrupt() -> None:
    """Make SIGTERM and SIGHUP unwind like Ctrl-C, so that they remove what was deployed too."""

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)
    signal.signal(signal.SIGHUP, interrupt)


def write_report(text: str, output: Path | None, streams: Streams) -> None:
    """Write the report to stdout, or to the file ``output``; raises NetprobeError.

    Renaming a finished file over the old one leaves no half-written report behind.
    """
    if output is None:
        print(text, end="" if text.endswith("\n") else "\n", file=streams.out)
        return
    beside = output.with_name(f".{output.name}.{os.getpid()}")
    try:
        beside.write_text(text if text.endswith("\n") else f"{text}\n", encoding="utf-8")
        beside.replace(output)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise NetprobeError(
            "unwritable-output",
            f"cannot write {output}",
            why=error.strerror or str(error),
            hint="give --output a path you can write to",
        ) from error
    print(f"wrote {output}", file=streams.err)


def read_lines(path: str) -> tuple[str, ...]:
    """Return the lines of a file that are not empty or comments; raises NetprobeError."""
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise NetprobeError("unreadable-file", f"cannot read {path}", why=str(error)) from error
    lines = (line.strip() for line in text.splitlines())
    return tuple(line for line in lines if line and not line.startswith("#"))
