"""The VPC as far as it matters, one picture for each target: what its packets meet, in order.

Several targets in one picture would share boxes that stop the one and let the other pass.
"""

from __future__ import annotations

from dataclasses import dataclass

from netprobe.model.finding import PathKey, Role
from netprobe.model.report import Path, PathVerdict, Report, Target
from netprobe.render.captures import told_trace
from netprobe.render.labels import target_labels
from netprobe.render.layout import Drawing, lay_out
from netprobe.render.sketch import Sketch

MOST_SHOWN = 8
"""Sources and targets; more would be a picture of nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """How far requests to one target get."""

    target: str
    """What it is called."""
    paths: tuple[PathKey, ...]
    is_felt: bool
    """Something on the way to it fails, and the client feels it."""
    across: Drawing
    upright: Drawing
    """The same from top to bottom, for screens that are narrow."""


def pictures_of(report: Report) -> tuple[Picture, ...]:
    """Return the pictures of the targets that matter, those first whose failure is felt."""
    matter = matters(report)
    drawn = [(target, _paths(report, target, matter)) for target in _targets(report)]
    return tuple(_picture(report, target, paths) for target, paths in drawn if paths)[:MOST_SHOWN]


def matters(report: Report) -> frozenset[PathKey]:
    """Return the paths that work, and those whose failure is felt or explained by a finding."""
    works = {path.key for path in report.paths if path.verdict is PathVerdict.WORKS}
    told = {k for item in report.findings if item.role is not Role.NOTE for k in item.paths}
    return frozenset(works | told | report.felt)


def left_out(report: Report) -> str:
    """Return what the pictures do not show, as a sentence; empty where they show all."""
    matter = matters(report)
    targets = [target for target in report.targets if _paths(report, target, matter)]
    counts = (("subnets", len(report.sources)), ("targets", len(targets)))
    parts = [f"{MOST_SHOWN} of {n} {name}" for name, n in counts if n > MOST_SHOWN]
    return f"The pictures show {' and '.join(parts)}." if parts else ""


def _targets(report: Report) -> list[Target]:
    felt = {key.target for key in report.felt}
    return sorted(report.targets, key=lambda target: target.id not in felt)


def _paths(report: Report, target: Target, matter: frozenset[PathKey]) -> list[Path]:
    """Return the paths of a target's picture."""
    shown = {item.id for item in report.sources[:MOST_SHOWN]}
    mine = [path for path in report.paths if path.key.target == target.id]
    return [path for path in mine if path.key in matter and path.key.source in shown]


def _picture(report: Report, target: Target, paths: list[Path]) -> Picture:
    sketch = Sketch(report, target)
    for source in report.sources[:MOST_SHOWN]:
        sketch.add_source(source)
    for path in paths:
        trace = told_trace(path)
        if trace:
            sketch.add_path(path, trace)
    sketch.add_target()
    return Picture(
        target=target_labels(report)[target.id],
        paths=tuple(path.key for path in report.paths if path.key.target == target.id),
        is_felt=any(key.target == target.id for key in report.felt),
        across=lay_out(sketch, upright=False),
        upright=lay_out(sketch, upright=True),
    )
