"""Text as Markdown that means nothing but itself: words as they are, all data in code spans.

GitHub makes mentions of ``@name``, links of ``www.`` and of issue numbers, and HTML of tags, some
after backslashes are gone; in a code span it makes none: https://github.github.com/gfm/#code-spans
Jira's editor reads code spans too, and knows no escapes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from netprobe.render.clean import clean

_PLAIN = re.compile(r"[^\W_]+(?:[-'\u2019/][^\W_]+)*")
"""A word, and words joined: nothing that any reader takes for markup."""
_NUMBER = re.compile(r"\d+(?:[-.,]\d+)*%?")
_ADDRESS = re.compile(r"\d+(?:\.\d+){3}")
"""An IPv4 address is data as an IPv6 address and a block are, though it looks like a number."""
_MARKS = re.compile(r"[-\u2013→·]")
_FRINGE = re.compile(r"([(\"']*)(.*?)((?:['\u2019]s)?[)\"'.,:;?]*)", re.DOTALL)
"""What stands around a name in a sentence: a reader copies the name without it."""
_ID = re.compile(r"(?!IPv[46])(?=.*\d)(?:.*-.*|.{7,})")
"""What looks like a name of something: readers make links of ``ABC-123`` and of hashes."""


def prose(text: str) -> str:
    """Return a sentence; what in it is no plain word or number becomes a code span."""
    words = clean(text).replace("->", "→").split()
    return " ".join(_word(word) for word in words)


def _word(word: str) -> str:
    fringe = _FRINGE.fullmatch(word)
    before, core, after = fringe.groups() if fringe else ("", word, "")
    if not core or _MARKS.fullmatch(core):
        return word
    if _NUMBER.fullmatch(core) and not _ADDRESS.fullmatch(core):
        return word
    if _PLAIN.fullmatch(core) and not _ID.fullmatch(core):
        return word
    return f"{before}{code(core)}{after}"


def code(text: str) -> str:
    """Return text in a code span; its fence is longer than any run of backticks in the text."""
    shown = clean(text).strip()
    if not shown:
        return "-"
    fence = "`" * (_longest_run(shown) + 1)
    pad = " " if shown[0] == "`" or shown[-1] == "`" else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def block(lines: Iterable[str], language: str = "") -> str:
    """Return lines in a fenced block that none of them can end."""
    shown = [clean(line).rstrip() for text in lines for line in text.rstrip().split("\n")]
    fence = "`" * max(3, *(_longest_run(line) + 1 for line in shown))
    return "\n".join((f"{fence}{language}", *shown, fence))


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a table of Markdown cells; a bar in one is shown by its number, so it ends none."""
    names = tuple(head)
    lines = [_row(names), "|" + "---|" * len(names)]
    return "\n".join([*lines, *(_row(row) for row in rows)])


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", r"\u007c") for cell in cells) + " |"


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)
