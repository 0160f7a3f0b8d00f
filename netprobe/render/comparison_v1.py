"""A comparison as JSON, version 1: its shape, and a comparison in that shape."""

from __future__ import annotations

import json
from typing import Literal

from typing_extensions import TypedDict  # pydantic asks for this one before Python 3.12

from netprobe.model.addresses import Family
from netprobe.model.comparison import (
    Comparison,
    Course,
    Fact,
    FactChange,
    Kind,
    KnownFinding,
    PathDifference,
    Side,
)
from netprobe.model.finding import Role
from netprobe.model.path_change import Turn
from netprobe.model.report import PathVerdict, Verdict
from netprobe.render.comparing import say_fact
from netprobe.render.trace_v1 import BlockV1, write_block

SCHEMA_ID: Literal["netprobe.diff/1"] = "netprobe.diff/1"


class SideV1(TypedDict):
    """One of the two that were compared."""

    name: str
    at: str | None
    """UTC; null for a snapshot, which does not say."""
    verdict: Verdict | None
    """null where nothing was asked."""
    summary: str


class FactV1(TypedDict):
    """One thing of the configuration that is not as it was."""

    resource_id: str
    kind: str
    change: FactChange
    what: str
    """Which part of the resource; empty for all of it."""
    was: str | None
    now: str | None
    says: str


class PathDifferenceV1(TypedDict):
    """One path that fares otherwise, or as before for other reasons."""

    path: str
    source: str
    target: str
    family: Family
    was: PathVerdict
    now: PathVerdict
    change: Turn
    course: Course
    gone: list[BlockV1]
    new: list[BlockV1]
    facts: list[FactV1]
    """What changed where it is blocked or was, and what decided, the primary one first."""
    beside: list[FactV1]
    """What else changed of the things it meets."""


class KnownFindingV1(TypedDict):
    """A finding that only one of both has."""

    code: str
    name: str
    title: str
    role: Role
    resource_id: str
    says: str


class ComparisonV1(TypedDict):
    """All that is not the same in both."""

    schema: Literal["netprobe.diff/1"]
    kind: Kind
    course: Course
    """The worst that happened to a path."""
    before: SideV1
    after: SideV1
    paths: list[PathDifferenceV1]
    gone_paths: list[str]
    """Asked about before only."""
    new_paths: list[str]
    gone_findings: list[KnownFindingV1]
    new_findings: list[KnownFindingV1]
    facts: list[FactV1]
    """All that changed in the configuration; empty for two reports, which do not hold it."""
    not_compared: list[str]
    """What one of both could not read, one sentence each."""


def comparison_to_json(comparison: Comparison) -> str:
    """Return the comparison as one JSON document."""
    return json.dumps(comparison_document(comparison), indent=2, ensure_ascii=True)


def comparison_document(comparison: Comparison) -> ComparisonV1:
    """Return the comparison as JSON values."""
    return {
        "schema": SCHEMA_ID,
        "kind": comparison.kind,
        "course": comparison.course,
        "before": _side(comparison.before),
        "after": _side(comparison.now),
        "paths": [_path(item) for item in comparison.paths],
        "gone_paths": [str(key) for key in comparison.gone_paths],
        "new_paths": [str(key) for key in comparison.new_paths],
        "gone_findings": [_finding(item) for item in comparison.gone_findings],
        "new_findings": [_finding(item) for item in comparison.new_findings],
        "facts": [_fact(item) for item in comparison.facts],
        "not_compared": list(comparison.not_compared),
    }


def _side(side: Side) -> SideV1:
    return {
        "name": side.name,
        "at": side.at,
        "verdict": side.verdict,
        "summary": side.summary,
    }


def _path(item: PathDifference) -> PathDifferenceV1:
    change, key = item.change, item.change.key
    return {
        "path": str(key),
        "source": key.source,
        "target": key.target,
        "family": key.family,
        "was": change.was or PathVerdict.UNKNOWN,
        "now": change.path.verdict,
        "change": change.turn,
        "course": item.course,
        "gone": [write_block(blocker) for blocker in change.gone],
        "new": [write_block(blocker) for blocker in change.new],
        "facts": [_fact(fact) for fact in item.facts],
        "beside": [_fact(fact) for fact in item.beside],
    }


def _fact(fact: Fact) -> FactV1:
    return {
        "resource_id": fact.resource_id,
        "kind": fact.kind,
        "change": fact.change,
        "what": fact.what,
        "was": fact.was,
        "now": fact.now,
        "says": say_fact(fact),
    }


def _finding(finding: KnownFinding) -> KnownFindingV1:
    return {
        "code": finding.code,
        "name": finding.name,
        "title": finding.title,
        "role": finding.role,
        "resource_id": finding.resource_id,
        "says": finding.says,
    }
