"""A watch as JSON Lines, version 1: one object for each change of a path."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Literal

from typing_extensions import TypedDict  # pydantic asks for this one before Python 3.12

from netprobe.model.addresses import Family
from netprobe.model.observation import Outcome
from netprobe.model.path_change import PathChange, Turn
from netprobe.model.report import PathVerdict
from netprobe.render.trace_v1 import BlockV1, write_block

SCHEMA_ID: Literal["netprobe.watch/1"] = "netprobe.watch/1"


class PathChangeV1(TypedDict):
    """One change of one path; the first round tells of every path."""

    schema: Literal["netprobe.watch/1"]
    at: str
    """UTC."""
    seconds: float
    """Since the first round."""
    round: int
    change: Turn
    path: str
    source: str
    target: str
    family: Family
    was: PathVerdict | None
    now: PathVerdict
    outcome: Outcome | None
    """What the probe saw; null where none was sent."""
    gone: list[BlockV1]
    new: list[BlockV1]
    earlier: bool
    """The configuration changed so in an earlier round; packets followed only now."""


def change_line(at: datetime, seconds: float, number: int, change: PathChange) -> str:
    """Return one change as one line of JSON."""
    path = change.path
    document: PathChangeV1 = {
        "schema": SCHEMA_ID,
        "at": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "seconds": round(seconds, 1),
        "round": number,
        "change": change.turn,
        "path": str(change.key),
        "source": change.key.source,
        "target": change.key.target,
        "family": change.key.family,
        "was": change.was,
        "now": path.verdict,
        "outcome": path.observation.outcome if path.observation else None,
        "gone": [write_block(item) for item in change.gone],
        "new": [write_block(item) for item in change.new],
        "earlier": change.earlier,
    }
    return json.dumps(document, ensure_ascii=True)
