"""What a command takes from the process it runs in: streams, signals, files."""

from __future__ import annotations

import errno
import io
import logging
import os
import secrets
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import BinaryIO, TextIO, cast

from netprobe.cli.console import Streams
from netprobe.cli.exits import ExitCode, run_guarded
from netprobe.errors import NetprobeError
from netprobe.workflows.text_files import read_file


def process_streams() -> Streams:
    """Return this process's streams; both may be closed."""
    out: TextIO = cast("TextIO", _Out(sys.stdout))
    err = sys.stderr or io.StringIO()
    return Streams.from_process(os.environ, out, err)  # noqa: TID251 # cli may


class _Out:
    """The process's stdout, whose failures are errors of the user's, such as a full disk."""

    def __init__(self, out: TextIO | None) -> None:
        self._out = io.StringIO() if out is None else out
        self._is_closed = out is None

    def write(self, text: str) -> int:
        """Write text; raises NetprobeError."""
        if self._is_closed:
            raise _no_stdout(OSError(errno.EBADF, os.strerror(errno.EBADF)))
        with writing_to_stdout():
            return self._out.write(text)

    def flush(self) -> None:
        """Send off what was written; raises NetprobeError."""
        with writing_to_stdout():
            self._out.flush()

    def __getattr__(self, name: str) -> object:
        return getattr(self._out, name)


@contextmanager
def writing_to_stdout() -> Iterator[None]:
    """Make a failure to write to stdout NetprobeError; a reader who went away is none."""
    try:
        yield
    except OSError as error:
        # What is left in the buffer must not be flushed at exit: Python would complain.
        # https://docs.python.org/3/library/signal.html#note-on-sigpipe
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            raise
        raise _no_stdout(error) from error


def _no_stdout(error: OSError) -> NetprobeError:
    return NetprobeError(
        "unwritable-output",
        "cannot write to stdout",
        why=error.strerror or str(error),
        hint="--output FILE writes the report elsewhere",
    )


def run_command(
    work: Callable[[Streams], ExitCode], streams: Streams | None, *, unwinds: bool = True
) -> ExitCode:
    """Run a command's work on the streams, else on this process's; return its exit code.

    What ``unwinds`` takes back what it began when the process is terminated, as at Ctrl-C.
    """
    streams = streams or process_streams()
    if unwinds:
        treat_termination_as_interrupt()

    def work_and_send() -> ExitCode:
        code = work(streams)
        streams.out.flush()  # now, while a failure can be told
        return code

    return run_guarded(work_and_send, streams.err)


def treat_termination_as_interrupt() -> None:
    """Make SIGTERM and SIGHUP unwind like Ctrl-C, so that they remove what was deployed too."""

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)
    signal.signal(signal.SIGHUP, interrupt)


def log_to(err: TextIO) -> None:
    """Write what netprobe logs, its AWS calls among it, for ``--verbose``."""
    handler = logging.StreamHandler(err)
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s", datefmt="%H:%M:%S"))
    logger = logging.getLogger("netprobe")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)


def require_writable(output: Path | None) -> None:
    """Raise NetprobeError now rather than after the work, whose report would be lost."""
    if output is None:
        return
    try:
        if _is_device(output):
            output.open("a", encoding="utf-8").close()
        else:
            beside = _beside(output)
            beside.touch(exist_ok=False)
            beside.unlink()
    except OSError as error:
        raise _unwritable(output, error) from error


def _is_device(output: Path) -> bool:
    """Tell whether writing is all that can be done to it: /dev/stdout is never replaced.

    Only the system's own links are followed; any other gives way to the report.
    """
    if output.is_symlink() and not str(output.parent.resolve()).startswith(("/dev", "/proc")):
        return False
    return output.exists() and not output.is_file() and not output.is_dir()


def _beside(output: Path) -> Path:
    """Return the name a file is written under before it takes its own; raises OSError.

    Nobody can guess it, and it is opened as a new file only: in a folder that others can write
    to, a link laid there beforehand would lead the report elsewhere.
    """
    if output.is_dir() and not output.is_symlink():  # "." and "" too
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    return output.with_name(f".{output.name}.{secrets.token_hex(8)}")


def _unwritable(output: Path, error: OSError) -> NetprobeError:
    return NetprobeError(
        "unwritable-output",
        f"cannot write {output}",
        why=error.strerror or str(error),
        hint="give a path that you can write to",
    )


def write_report(text: str, output: Path | None, streams: Streams) -> None:
    """Write the report to stdout, or to the file ``output``; raises NetprobeError.

    Renaming a finished file over the old one leaves no half-written report behind.
    """
    if output is None:
        print(text, end="" if text.endswith("\n") else "\n", file=streams.out)
        return
    ended = text if text.endswith("\n") else f"{text}\n"
    try:
        if _is_device(output):
            output.write_text(ended, encoding="utf-8")
        else:
            _replace(output, ended)
    except OSError as error:
        raise _unwritable(output, error) from error
    print(f"wrote {output}", file=streams.err)


@contextmanager
def writing(output: Path | None, streams: Streams) -> Iterator[Callable[[bytes], None]]:
    """Give a function that writes bytes as they come: to stdout, or to the file ``output``.

    A file takes its name when all is written; raises NetprobeError where it cannot be written.
    """
    if output is None:
        yield _write_to_stdout(streams.out)
        return
    try:
        device = _is_device(output)
        place = output if device else _beside(output)
        file = place.open("wb" if device else "xb")
    except OSError as error:
        raise _unwritable(output, error) from error
    try:
        try:
            yield lambda data: _write(file, data, output)
        finally:
            _close(file, output)
        if place != output:
            place.replace(output)
    finally:
        if place != output:
            place.unlink(missing_ok=True)
    print(f"wrote {output}", file=streams.err)


def _write(file: BinaryIO, data: bytes, output: Path) -> None:
    try:
        file.write(data)
    except OSError as error:  # a full disk, for one
        raise _unwritable(output, error) from error


def _close(file: BinaryIO, output: Path) -> None:
    """Close a file, which sends off the last of it."""
    try:
        file.close()
    except OSError as error:
        raise _unwritable(output, error) from error


def _write_to_stdout(out: TextIO) -> Callable[[bytes], None]:
    """Return what writes UTF-8 whatever the locale, and sends it off at once."""
    raw: BinaryIO | None = getattr(out, "buffer", None)

    def write(data: bytes) -> None:
        if raw is None:
            out.write(data.decode())
            return
        with writing_to_stdout():
            raw.write(data)
            raw.flush()

    return write


def _replace(output: Path, text: str) -> None:
    beside = _beside(output)
    try:
        with beside.open("x", encoding="utf-8") as file:
            file.write(text)
        beside.replace(output)
    finally:
        beside.unlink(missing_ok=True)


def read_lines(path: str) -> tuple[str, ...]:
    """Return the lines of a file that are not empty or comments; raises NetprobeError."""
    lines = (line.strip() for line in read_file(Path(path)).splitlines())
    return tuple(line for line in lines if line and not line.startswith("#"))
