"""What the two capture faults say about execute-api endpoints with private DNS."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from netprobe.diagnosis.case import Case
from netprobe.diagnosis.paths import is_captured
from netprobe.model.finding import Evidence
from netprobe.model.report import Path, PathVerdict


def captures(case: Case) -> Iterator[tuple[str, str, list[Path]]]:
    """Yield endpoint, API and the paths on which the endpoint answers in the API's place."""
    found: dict[tuple[str, str], list[Path]] = defaultdict(list)
    for path in case.paths:
        api_id = case.target(path).api_id
        resolution = path.trace.resolution if path.trace else None
        if not is_captured(path) or path.verdict is PathVerdict.WORKS:
            continue
        if api_id and resolution and resolution.endpoint_id:
            found[resolution.endpoint_id, api_id].append(path)
    for (endpoint_id, api_id), paths in found.items():
        yield endpoint_id, api_id, paths


def answers(paths: Iterable[Path]) -> Iterator[Evidence]:
    """Yield what the packets met at the endpoint."""
    seen = dict.fromkeys(
        (path.observation.address, path.observation.status)
        for path in paths
        if path.observation and path.observation.address
    )
    for address, status in seen:
        said = f"HTTP {status}" if status else "no HTTP answer"
        yield Evidence(resource_id=str(address), says=f"is where the name led: {said}")
