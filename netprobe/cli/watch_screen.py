"""Where a watch is shown: a live table in a terminal, lines anywhere else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from netprobe.cli.console import NARROWEST, Streams, TerminalProgress
from netprobe.cli.options import WatchFormat
from netprobe.cli.process import writing
from netprobe.render.blocks import Block, Tone
from netprobe.render.clean import clean
from netprobe.render.terminal import render_blocks, text_lines
from netprobe.render.watch_v1 import change_line
from netprobe.render.watching import narrate_changes, narrate_state
from netprobe.workflows.watch import Round

Write = Callable[[bytes], None]


class Screen(Protocol):
    """Shows a watch to somebody."""

    def tell(self, done: Round) -> None:
        """Show what changed in a round."""
        ...

    def trouble(self, text: str) -> None:
        """Say what went wrong for the moment."""
        ...

    def step(self, text: str) -> None:
        """Say what is being done now."""
        ...


class Lines(TerminalProgress):
    """Appends what changes; what is no change goes to stderr."""

    def __init__(self, streams: Streams, write: Write, *, json: bool, silent: bool) -> None:
        super().__init__(streams)
        self._write, self._json, self._silent = write, json, silent

    def tell(self, done: Round) -> None:
        """Write what changed, one object or a few lines for each change."""
        for text in self._texts(done):
            self._write(f"{text}\n".encode())

    def _texts(self, done: Round) -> Iterator[str]:
        if self._json:
            for change in done.changes:
                yield change_line(done.at, done.seconds, done.number, change)
            return
        streams = self.streams
        for block in _changes(done):
            shown = render_blocks(
                (block,), width=streams.width, colour=streams.colour, ascii=streams.ascii
            )
            yield shown.rstrip("\n")

    def trouble(self, text: str) -> None:
        """Say it on stderr."""
        print(clean(text), file=self.streams.err)

    def step(self, text: str) -> None:
        """Say it on stderr, if people look at it and nothing else is written there."""
        if not self._silent:
            super().step(text)


class Table:
    """A table that stays in place, below what happened so far."""

    def __init__(self, streams: Streams) -> None:
        self._console = Console(
            file=streams.out,
            force_terminal=True,
            no_color=not streams.colour,
            highlight=False,
            markup=False,
            emoji=False,
        )
        self._done: Round | None = None
        self._doing = ""
        self._live = Live(console=self._console, get_renderable=self._shown)

    def tell(self, done: Round) -> None:
        """Append what changed and show where every path stands."""
        self._done = done
        self._append(_changes(done))
        self._live.refresh()

    def _append(self, blocks: Iterable[Block]) -> None:
        for line in text_lines(blocks, width=self._width):
            if line.plain:
                self._console.print(line, soft_wrap=True)

    def trouble(self, text: str) -> None:
        """Append it."""
        self._append((Block(heading=text, tone=Tone.UNSURE),))

    def step(self, text: str) -> None:
        """Show it in the last line."""
        self._doing = clean(text)
        self._live.refresh()

    @property
    def _width(self) -> int:
        return max(self._console.width, NARROWEST)

    def _shown(self) -> Group:
        """Return the table: the paths, and what is being done; nothing in it wraps."""
        lines: list[Text] = []
        status = self._doing
        if self._done is not None:
            case = self._done.seen.case
            grid = narrate_state(case.sources, case.targets, self._done.paths)
            lines += text_lines((grid,), width=self._width)
            at = f"{self._done.at:%H:%M:%SZ} round {self._done.number}, {self._done.verdict}"
            status = f"{at}; {self._doing}"
        lines.append(Text(status, style="dim"))
        for line in lines:
            line.no_wrap, line.overflow = True, "ellipsis"
        return Group(*lines)

    def __enter__(self) -> Self:
        """Begin to show it."""
        self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave the last state on the screen."""
        self._doing = "ended"
        self._live.stop()


@contextmanager
def screen_for(
    streams: Streams, output: Path | None, form: WatchFormat, *, logged: bool = False
) -> Iterator[Screen]:
    """Give a table in a terminal that can show one, lines elsewhere; raises NetprobeError.

    What is ``logged`` would be written across a table.
    """
    terminal = output is None and streams.out_is_terminal
    json = form is not WatchFormat.TEXT
    if terminal and not (json or logged or streams.ascii):
        with Table(streams) as table:
            yield table
        return
    with (
        writing(output, streams) as written,
        _in_one_document(written) if form is WatchFormat.JSON else nullcontext(written) as write,
        Lines(streams, write, json=json, silent=terminal) as lines,
    ):
        yield lines


@contextmanager
def _in_one_document(write: Write) -> Iterator[Write]:
    """Give what keeps the lines of a watch, and write them as one document in the end."""
    lines: list[bytes] = []
    yield lines.append
    listed = b",\n  ".join(line.rstrip() for line in lines)
    write(b'{"changes": [\n  %b\n]}\n' % listed)


def _changes(done: Round) -> Iterator[Block]:
    case = done.seen.case
    return narrate_changes(done.at, done.seconds, done.changes, case.sources, case.targets)
