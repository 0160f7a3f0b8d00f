"""Exit codes, and the one place that turns errors into them."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from typing import TextIO

from netprobe.errors import NetprobeError, UsageError


class ExitCode(IntEnum):
    """What the shell learns."""

    HEALTHY = 0
    CANNOT = 1
    """netprobe could not do its job; stderr says why."""
    USAGE = 2
    UNKNOWN = 3
    NOT_HEALTHY = 10
    INTERRUPTED = 130


def run_guarded(work: Callable[[], ExitCode], err: TextIO) -> ExitCode:
    """Run a command's work; no traceback ever reaches the user."""
    try:
        return work()
    except NetprobeError as error:
        return tell(error, err)
    except KeyboardInterrupt:
        print("interrupted", file=err)
        return ExitCode.INTERRUPTED
    except BrokenPipeError:  # the reader of a pipe has seen enough
        return ExitCode.HEALTHY
    except Exception as error:  # noqa: BLE001 # the last line of defence, and it reports what it hid
        where = _place_of(error)
        print(
            f"error[bug]: this is a bug in netprobe: {type(error).__name__}: {_one_line(error)}"
            f" (at {where}); please report this line, with --version",
            file=err,
        )
        return ExitCode.CANNOT


def tell(error: NetprobeError, err: TextIO) -> ExitCode:
    """Say in one line what netprobe could not do, and return the exit code."""
    print(f"error[{error.reference}]: {_one_line(error)}", file=err)
    return ExitCode.USAGE if isinstance(error, UsageError) else ExitCode.CANNOT


def _one_line(error: BaseException) -> str:
    """Return the error's text on one line, without control characters."""
    text = " ".join(str(error).split())
    return "".join(char if char.isprintable() else "?" for char in text)


def _place_of(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "unknown place"
    name = trace.tb_frame.f_code.co_filename.rpartition("/")[2]
    return f"{name}:{trace.tb_lineno}"
