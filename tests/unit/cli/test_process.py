"""Reading and writing the files that the command line names."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from netprobe.cli import process
from netprobe.cli.console import Streams
from netprobe.cli.exits import ExitCode
from netprobe.cli.process import (
    read_lines,
    require_writable,
    write_report,
    writing,
)
from netprobe.errors import NetprobeError
from netprobe.workflows.capabilities import new_run_id


def test_report_goes_to_stdout_with_one_newline_at_its_end() -> None:
    """Whether or not the renderer ended it."""
    for text in ("report", "report\n"):
        streams = Streams.test()
        write_report(text, None, streams)
        assert isinstance(streams.out, io.StringIO)
        assert streams.out.getvalue() == "report\n"


def test_file_is_replaced_whole(tmp_path: Path) -> None:
    """A reader never sees half a report, and nothing else is left in the folder."""
    output = tmp_path / "report.json"
    output.write_text("older and much longer than the new one")
    streams = Streams.test()
    write_report("new", output, streams)

    assert output.read_text() == "new\n"
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]
    assert isinstance(streams.out, io.StringIO)
    assert streams.out.getvalue() == ""


def test_pipe_is_written_to_and_never_replaced(tmp_path: Path) -> None:
    """``--output /dev/stdout`` must not turn the device into a file."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    require_writable(pipe)
    write_report("report", pipe, Streams.test())

    assert os.read(reader, 100) == b"report\n"
    assert pipe.is_fifo()
    os.close(reader)


def _write_bytes(output: Path) -> None:
    with writing(output, Streams.test()) as write:
        write(b"report\n")


@pytest.mark.parametrize("to", ["file", "folder", "pipe", "nothing"])
@pytest.mark.parametrize(
    "write", [lambda output: write_report("report", output, Streams.test()), _write_bytes]
)
def test_link_is_replaced_and_not_followed(
    to: str, write: Callable[[Path], None], tmp_path: Path
) -> None:
    """A report stays in the folder it was asked for, whatever a link there leads to."""
    folder, elsewhere = tmp_path / "reports", tmp_path / "elsewhere"
    folder.mkdir()
    elsewhere.mkdir()
    (elsewhere / "file").write_text("precious")
    (elsewhere / "folder").mkdir()
    os.mkfifo(elsewhere / "pipe")
    output = folder / "report.json"
    output.symlink_to(elsewhere / to)

    require_writable(output)
    write(output)

    assert not output.is_symlink()
    assert output.read_text() == "report\n"
    assert (elsewhere / "file").read_text() == "precious"
    assert list((elsewhere / "folder").iterdir()) == []
    assert {path.name for path in elsewhere.iterdir()} == {"file", "folder", "pipe"}
    assert [path.name for path in folder.iterdir()] == ["report.json"]


def test_link_laid_under_the_name_before_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even who guesses the name a file has while it is written gains nothing."""
    monkeypatch.setattr(process.secrets, "token_hex", lambda _: "guessed")
    precious = tmp_path / "precious"
    precious.write_text("precious")
    output = tmp_path / "report.json"
    (tmp_path / ".report.json.guessed").symlink_to(precious)

    with pytest.raises(NetprobeError, match="cannot write"):
        write_report("report", output, Streams.test())
    assert precious.read_text() == "precious"


@pytest.mark.parametrize("where", [".", "", "missing/report.json"])
def test_unwritable_place_is_known_before_the_work(where: str, tmp_path: Path) -> None:
    """A folder, nothing at all, and a folder that is not there."""
    output = tmp_path / where if where != "" else Path()

    with pytest.raises(NetprobeError, match="cannot write"):
        require_writable(output)
    with pytest.raises(NetprobeError, match="cannot write"):
        write_report("report", output, Streams.test())
    assert list(tmp_path.iterdir()) == []


def test_lines_of_a_targets_file(tmp_path: Path) -> None:
    """Empty lines and comments are no targets."""
    path = tmp_path / "targets"
    path.write_text("# mine\napi:abc\n\n  service:s3  \n#\n", encoding="utf-8")

    assert read_lines(str(path)) == ("api:abc", "service:s3")


def test_unreadable_targets_file(tmp_path: Path) -> None:
    """Missing, or not text."""
    binary = tmp_path / "binary"
    binary.write_bytes(b"\xff\xfe\x00")

    for path in (tmp_path / "missing", binary):
        with pytest.raises(NetprobeError, match=f"cannot read {path}"):
            read_lines(str(path))


def test_run_ids_differ() -> None:
    """Two runs in one account do not touch each other's resources."""
    ids = {new_run_id() for _ in range(100)}

    assert len(ids) == 100
    assert all(len(item) == 8 and int(item, 16) >= 0 for item in ids)


def test_bytes_go_to_stdout_as_they_come() -> None:
    """In UTF-8, whatever the locale says."""
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding="ascii")
    with writing(None, Streams(out=out, err=io.StringIO())) as write:
        write("ü\n".encode())
        assert raw.getvalue() == b"\xc3\xbc\n"


def _write_half(write: Callable[[bytes], None]) -> None:
    write(b"half")
    raise KeyboardInterrupt


def test_bytes_take_the_name_of_their_file_at_the_end(tmp_path: Path) -> None:
    """Until then the old content stands, and after an error too."""
    output = tmp_path / "answers"
    output.write_text("older")
    streams = Streams.test()
    with pytest.raises(KeyboardInterrupt), writing(output, streams) as write:
        _write_half(write)
    assert output.read_text() == "older"
    with writing(output, streams) as write:
        write(b"whole\n")
        assert output.read_text() == "older"

    assert output.read_text() == "whole\n"
    assert [path.name for path in tmp_path.iterdir()] == ["answers"]


def test_bytes_for_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    """The folder is not there, or the disk is full."""
    with (
        pytest.raises(NetprobeError, match="cannot write"),
        writing(tmp_path / "missing" / "answers", Streams.test()),
    ):
        pass
    with (
        pytest.raises(NetprobeError, match="cannot write /dev/full"),
        writing(Path("/dev/full"), Streams.test()) as write,
    ):
        write(b"x" * (1 << 20))


COMMANDS = (["--version"], ["--help"], ["check", "--help"], ["explain", "NP101"], ["iam-policy"])
FULL = Path("/dev/full")


@pytest.mark.skipif(not FULL.is_char_device(), reason="the system has no such device")
@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_full_stdout_is_one_line(words: list[str]) -> None:
    """No bug of netprobe's, and no traceback, not even at the end of the process."""
    with FULL.open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "netprobe", *words],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False, timeout=60,
        )  # fmt: skip

    assert done.returncode == ExitCode.CANNOT
    assert done.stderr.startswith("error[unwritable-output]: cannot write to stdout (No space")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("closing", "says"), [(">&-", "cannot write to stdout (Bad file descriptor)"), ("2>&-", "")]
)
def test_closed_stream_is_no_traceback(closing: str, says: str) -> None:
    """A job that was started without one of them."""
    done = subprocess.run(
        ["/bin/sh", "-c", f'exec "$0" -m netprobe explain NP101 {closing}', sys.executable],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip

    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert done.returncode == (ExitCode.CANNOT if says else ExitCode.HEALTHY)


@pytest.mark.skipif(not FULL.is_char_device(), reason="the system has no such device")
def test_failure_at_the_last_byte_names_the_file() -> None:
    """What was buffered is sent off when the file is closed, where a full disk shows."""
    with (
        pytest.raises(NetprobeError, match="cannot write /dev/full"),
        writing(FULL, Streams.test()) as write,
    ):
        write(b"lines")
