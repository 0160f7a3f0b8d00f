"""The streams of a process as a value: what is a terminal, how wide, with colour or without."""

from __future__ import annotations

import io
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TextIO

from netprobe.render.clean import clean

if TYPE_CHECKING:
    from rich.text import Text

NARROWEST, WIDEST = 60, 160


@dataclass(frozen=True, slots=True, kw_only=True)
class Streams:
    """Data goes to ``out``, everything for people to ``err``."""

    out: TextIO
    err: TextIO
    out_is_terminal: bool = False
    err_is_terminal: bool = False
    colour: bool = False
    ascii: bool = True
    width: int = 80

    @classmethod
    def from_process(cls, environ: Mapping[str, str], out: TextIO, err: TextIO) -> Streams:
        """Return the streams of a process with this environment.

        ``NO_COLOR`` (no-color.org) and ``TERM=dumb`` switch colour off, ``FORCE_COLOR`` on.
        A pipe gets no colour and, unless it is UTF-8, ASCII.
        """
        terminal = out.isatty()
        dumb = environ.get("TERM") == "dumb"
        forced = bool(environ.get("FORCE_COLOR"))
        utf8 = (getattr(out, "encoding", None) or "ascii").lower().replace("-", "") == "utf8"
        return cls(
            out=out,
            err=err,
            out_is_terminal=terminal,
            err_is_terminal=err.isatty() and not dumb,
            colour=forced or (terminal and not dumb and not environ.get("NO_COLOR")),
            ascii=dumb or not utf8,
            width=_width(environ, terminal=terminal),
        )

    @classmethod
    def test(cls, *, width: int = 80, terminal: bool = False) -> Streams:
        """Return streams that write to buffers, as a pipe or as a terminal."""
        return cls(
            out=io.StringIO(),
            err=io.StringIO(),
            out_is_terminal=terminal,
            colour=terminal,
            ascii=not terminal,
            width=width,
        )


def _width(environ: Mapping[str, str], *, terminal: bool) -> int:
    given = environ.get("COLUMNS", "")
    columns = int(given) if given.isdigit() else 0
    if not columns:
        columns = shutil.get_terminal_size().columns if terminal else 100
    return min(max(columns, NARROWEST), WIDEST)


@dataclass(slots=True)
class TerminalProgress:
    """Says on stderr what is awaited, to people who look at a terminal; silent in a pipe."""

    streams: Streams
    _status: Any = field(default=None)

    def step(self, text: str) -> None:
        """Say what is being done now."""
        if not self.streams.err_is_terminal:
            return
        if self._status is None:
            from rich.console import Console  # noqa: PLC0415 # 45 ms that pipes need not pay

            self._status = Console(file=self.streams.err).status(_plain(text), spinner="line")
            self._status.start()
        else:
            self._status.update(_plain(text))

    def close(self) -> None:
        """Take the line away."""
        if self._status is not None:
            self._status.stop()
            self._status = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _plain(text: str) -> Text:
    """Return text that rich shows as it is: names and paths are data, brackets no markup."""
    from rich.text import Text  # noqa: PLC0415 # as above

    return Text(clean(text))
