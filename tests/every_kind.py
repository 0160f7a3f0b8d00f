"""AWS's answers about a small account that has one of every kind, from ``tests/dumps/every-kind``.

Two VPCs joined by a transit gateway, and a third one peered, in another account.
"""

from __future__ import annotations

import copy
import json
from functools import cache
from pathlib import Path
from typing import Any

from netprobe.aws.convert import convert
from netprobe.aws.raw import RawSnapshot
from netprobe.model.snapshot import Snapshot

Json = dict[str, Any]

DUMPS = Path(__file__).parent / "dumps"
EVERY_KIND = DUMPS / "every-kind"
ACCOUNT, OTHER_ACCOUNT, REGION = "111111111111", "222222222222", "us-east-1"


@cache
def _answers() -> Json:
    found: Json = {}
    for path in sorted(EVERY_KIND.glob("*.json")):
        document = json.loads(path.read_text(encoding="utf-8"))
        name = path.stem.replace("-", ":")
        found[name] = document.get(name, document)
    return found


def every_answer() -> Json:
    """Return the answers by the names they are kept under, to change at will."""
    return copy.deepcopy(_answers())


def converted(answers: Json) -> Snapshot:
    """Return the snapshot that answers make."""
    return convert(RawSnapshot(REGION, ACCOUNT, answers))


@cache
def everything() -> Snapshot:
    """Return the snapshot of all answers."""
    return converted(every_answer())
