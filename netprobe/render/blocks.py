"""What reports for people consist of: an answer, a grid, and blocks of lines."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from netprobe.model.report import Verdict


class Tone(StrEnum):
    """What a piece of text says about the world."""

    GOOD = "good"
    BAD = "bad"
    UNSURE = "unsure"
    QUIET = "quiet"
    STRONG = "strong"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The whole answer in one sentence."""

    verdict: Verdict
    sentence: str
    tone: Tone


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One path in the grid."""

    text: str
    tone: Tone


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One target from one source, in both families."""

    target: str
    source: str
    target_id: str
    source_id: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Targets by sources, one column per family."""

    families: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a block; ``mark`` stands before it."""

    text: str
    mark: str = ""
    tone: Tone = Tone.PLAIN
    command: bool = False
    """It is for a shell: where it is broken, the shell is told so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A heading and the lines that belong to it."""

    heading: str
    tone: Tone = Tone.STRONG
    lines: tuple[Line, ...] = ()


Part = Answer | Grid | Block
