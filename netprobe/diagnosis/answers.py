"""Refusals that packets met at the right far end, path by path."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator

from netprobe.diagnosis.case import Case
from netprobe.diagnosis.paths import is_captured
from netprobe.diagnosis.refusals import Refusal, refusal_of
from netprobe.model.report import Path, PathVerdict


def refused(case: Case) -> Iterator[tuple[Path, Refusal]]:
    """Yield the paths on which the far end that was meant said no, with what it said."""
    for path in case.paths:
        if path.verdict is PathVerdict.REFUSED and not is_captured(path):
            refusal = refusal_of(path.observation)
            if refusal is not None:
                yield path, refusal


def refused_by_target(
    case: Case, fits: Callable[[Path, Refusal], bool]
) -> Iterator[tuple[str, list[tuple[Path, Refusal]]]]:
    """Yield the refusals that fit by target id: one finding per target."""
    groups: dict[str, list[tuple[Path, Refusal]]] = defaultdict(list)
    for path, refusal in refused(case):
        if fits(path, refusal):
            groups[path.key.target].append((path, refusal))
    yield from groups.items()
