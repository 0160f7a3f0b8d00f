"""A report for a terminal or a pipe: blocks -> text, in colour or not, in Unicode or ASCII."""

from __future__ import annotations

import io
import re
import textwrap
from collections.abc import Callable, Iterable, Iterator

from rich.console import Console
from rich.text import Text

from netprobe.model.report import Report
from netprobe.render.blocks import Answer, Block, Grid, Line, Part, Row, Tone
from netprobe.render.clean import clean, clean_ascii
from netprobe.render.narrative import narrate

_STYLES = {
    Tone.GOOD: "bold green",
    Tone.BAD: "bold red",
    Tone.UNSURE: "bold yellow",
    Tone.QUIET: "dim",
    Tone.STRONG: "bold",
    Tone.PLAIN: "",
}
_INDENT = 2
_LONGEST_TARGET = 44


def render_terminal(
    report: Report,
    *,
    width: int = 80,
    colour: bool = False,
    ascii: bool = False,  # noqa: A002 # the property's plain name
    verbose: bool = False,
) -> str:
    """Return the report as text; ids are never broken, however narrow the terminal."""
    shown = clean_ascii if ascii else clean
    return _print(_texts(narrate(report, verbose=verbose), width, shown), colour=colour)


def render_blocks(
    blocks: tuple[Block, ...],
    *,
    width: int,
    colour: bool,
    ascii: bool,  # noqa: A002 # the property's plain name
) -> str:
    """Return blocks as text, an empty line between them."""
    shown = clean_ascii if ascii else clean
    return _print(_texts(blocks, width, shown), colour=colour).removeprefix("\n")


def text_lines(parts: Iterable[Part], *, width: int) -> tuple[Text, ...]:
    """Return parts as lines for whoever has a rich console of their own."""
    return tuple(_texts(parts, width, clean))


def _print(texts: Iterable[Text], *, colour: bool) -> str:
    buffer = io.StringIO()
    console = Console(
        file=buffer,
        force_terminal=colour,
        no_color=not colour,
        color_system="standard" if colour else None,
        width=10_000,  # lines are wrapped here, by words; rich would break ids
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )
    for text in texts:
        console.print(text, soft_wrap=True)
    return buffer.getvalue()


Shown = Callable[[str], str]


def _texts(parts: Iterable[Part], width: int, shown: Shown) -> Iterator[Text]:
    for part in parts:
        match part:
            case Answer():
                yield from _answer(part, width, shown)
            case Grid():
                yield Text()
                yield from _grid(part, width, shown)
            case Block():
                yield Text()
                yield from _block(part, width, shown)


def _answer(answer: Answer, width: int, shown: Shown) -> Iterator[Text]:
    prefix = f"{answer.verdict}: "
    lines = _wrap(prefix + shown(answer.sentence), width, "")
    for number, line in enumerate(lines):
        text = Text(line)
        if number == 0:
            text.stylize(_STYLES[answer.tone], 0, len(prefix) - 1)
        yield text


def _grid(grid: Grid, width: int, shown: Shown) -> Iterator[Text]:
    """Yield one line per row: target, subnet, a column per family; long targets stand alone."""
    sources = [shown(row.source) for row in grid.rows]
    source_width = max(map(len, [*sources, "from"]))
    cell_widths = [
        max([len(family), *(len(shown(row.cells[n].text)) for row in grid.rows)])
        for n, family in enumerate(grid.families)
    ]
    room = width - source_width - sum(cell_widths) - 2 * (len(cell_widths) + 1)
    targets = [shown(row.target) for row in grid.rows]
    fitting = [len(target) for target in targets if len(target) <= min(room, _LONGEST_TARGET)]
    target_width = max([len("target"), *fitting])
    head = ["target".ljust(target_width), "from".ljust(source_width)]
    head += [name.ljust(size) for name, size in zip(grid.families, cell_widths, strict=True)]
    yield Text("  ".join(head).rstrip(), style=_STYLES[Tone.QUIET])
    above = ""
    for row, target in zip(grid.rows, targets, strict=True):
        if len(target) > target_width:
            if target != above:
                yield Text(target)
            above, target = target, ""  # noqa: PLW2901 # it stands over all its rows
        start = f"{target.ljust(target_width)}  {shown(row.source).ljust(source_width)}"
        yield _row(start, row, cell_widths, shown)


def _row(start: str, row: Row, cell_widths: list[int], shown: Shown) -> Text:
    text = Text(start)
    for cell, size in zip(row.cells, cell_widths, strict=True):
        text.append("  ")
        text.append(shown(cell.text).ljust(size), style=_STYLES[cell.tone])
    text.rstrip()
    return text


def _block(block: Block, width: int, shown: Shown) -> Iterator[Text]:
    for line in _wrap(shown(block.heading), width, "  "):
        yield Text(line, style=_STYLES[block.tone])
    for item in block.lines:
        yield from _line(item, width, shown)


def _line(line: Line, width: int, shown: Shown) -> Iterator[Text]:
    mark = f"{shown(line.mark)} " if line.mark else ""
    start = " " * _INDENT + mark
    body = shown(line.text)
    room = width - len(start)
    parts = _wrap_command(body, room) if line.command else _wrap(body, room, "  ")
    for number, part in enumerate(parts):
        lead = start if number == 0 else " " * len(start)
        yield Text(lead + part, style=_STYLES[line.tone])


def _wrap(text: str, width: int, hanging: str) -> list[str]:
    """Return the text in lines of at most ``width``, broken between words only."""
    lines = textwrap.wrap(
        text,
        width=max(width, 20),
        subsequent_indent=hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [line.replace("\u00a0", " ") for line in lines] or [""]


_ARGUMENT = re.compile(r"""(?:'[^']*'|"[^"]*"|[^\s'"])+""")
"""What a shell keeps together: blanks inside quotes are part of it."""


def _wrap_command(command: str, width: int) -> list[str]:
    """Return a shell's command in lines that still are one command when they are pasted."""
    lines: list[str] = []
    for word in _ARGUMENT.findall(command):
        if lines and len(lines[-1]) + len(word) + len("  \\") <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(f"  {word}" if lines else word)
    return [*(f"{line} \\" for line in lines[:-1]), *lines[-1:]]
