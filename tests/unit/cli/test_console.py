"""What a process's streams are taken for."""

from __future__ import annotations

import io

import pytest

from netprobe.cli.console import NARROWEST, WIDEST, Streams, TerminalProgress


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


class Pipe(io.StringIO):
    encoding = "utf-8"


class AsciiPipe(io.StringIO):
    encoding = "ANSI_X3.4-1968"


TABLE = [
    (Terminal, {}, True, False),
    (Terminal, {"NO_COLOR": "1"}, False, False),
    (Terminal, {"TERM": "dumb"}, False, True),
    (Pipe, {}, False, False),
    (Pipe, {"FORCE_COLOR": "1"}, True, False),
    (AsciiPipe, {}, False, True),
]


@pytest.mark.parametrize(("kind", "environ", "colour", "ascii_only"), TABLE)
def test_colour_and_signs(
    kind: type[io.StringIO],
    environ: dict[str, str],
    colour: bool,  # noqa: FBT001 # a row of the table
    ascii_only: bool,  # noqa: FBT001 # a row of the table
) -> None:
    """A terminal gets colour, a pipe none; what is not UTF-8 gets ASCII."""
    streams = Streams.from_process(environ, kind(), io.StringIO())

    assert (streams.colour, streams.ascii) == (colour, ascii_only)


@pytest.mark.parametrize(
    ("columns", "width"),
    [("100", 100), ("10", NARROWEST), ("1000", WIDEST), ("wide", 100), ("", 100), ("-5", 100)],
)
def test_width(columns: str, width: int) -> None:
    """COLUMNS is obeyed within reason; a pipe without it is 100 wide."""
    streams = Streams.from_process({"COLUMNS": columns}, Pipe(), io.StringIO())

    assert streams.width == width


def test_progress_is_silent_in_a_pipe() -> None:
    """Logs of a build show the report, not what was awaited."""
    streams = Streams.test()
    with TerminalProgress(streams) as progress:
        progress.step("reading")

    assert isinstance(streams.err, io.StringIO)
    assert streams.err.getvalue() == ""


def test_progress_shows_on_a_terminal_and_is_taken_away() -> None:
    """Someone who waits sees for what; stdout stays clean."""
    out, err = io.StringIO(), Terminal()
    streams = Streams.from_process({"TERM": "xterm"}, out, err)
    with TerminalProgress(streams) as progress:
        progress.step("probing 1 target")

    assert "probing 1 target" in err.getvalue()
    assert out.getvalue() == ""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("reading a[/b].json", "reading a[/b].json"),
        ("reading [red]b.json", "reading [red]b.json"),
        ("reading \x1b]0;owned\x07", "reading \\u001b]0;owned\\u0007"),
    ],
)
def test_names_and_paths_are_no_markup(text: str, shown: str) -> None:
    """A folder called ``[/b]`` neither colours nor breaks the line, and escapes do nothing."""
    err = Terminal()
    streams = Streams.from_process({"TERM": "xterm"}, io.StringIO(), err)
    with TerminalProgress(streams) as progress:
        progress.step(text)

    assert shown in err.getvalue()
    assert "\x07" not in err.getvalue()
