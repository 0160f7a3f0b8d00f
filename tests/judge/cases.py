"""Disagreements that were found and settled: small accounts, each with one flow and its fate."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.judge.apart import Say
from tests.judge.building import Answers, standing
from tests.judge.drawing_flows import Question
from tests.judge.estate import KEYS, PER_SUBJECT
from tests.judge.verdicts import send

FOLDER = Path(__file__).parent / "cases"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One file of the folder."""

    name: str
    why: str
    """What AWS does, and where it says so."""
    wrong: str
    """Which side was wrong: ``engine`` or ``lab``."""
    question: Question
    answers: Answers
    request: bool | None
    """Whether the request arrives."""
    reply: bool | None
    """None where AWS decides and does not tell: the engine must say that it is unknown."""


def read_cases() -> tuple[Case, ...]:
    """Return every settled disagreement."""
    return tuple(_read(path) for path in sorted(FOLDER.glob("*.json")))


def _read(path: Path) -> Case:
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return Case(
        name=path.stem,
        why=document["why"],
        wrong=document["wrong"],
        question=Question(**document["flow"]),
        answers=_fill(document["answers"]),
        request=document["request"],
        reply=document["reply"],
    )


def _fill(answers: dict[str, Any]) -> Answers:
    """Return the answers with the empty ones that files leave out."""
    empty: dict[str, Any] = {operation: {key: []} for operation, key in KEYS.items()}
    empty |= {operation: [] for operation in PER_SUBJECT}
    return empty | answers


def carry(say: Say) -> None:
    """Send each case's request through a network of its own and say what arrived."""
    for case in read_cases():
        with standing(case.answers, "case") as watch:
            (seen,) = send(watch, (case.question,))
        say(
            {"name": case.name, "request": seen.request_at is not None, "reply": seen.reply},
        )
