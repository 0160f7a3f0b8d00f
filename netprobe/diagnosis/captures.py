"""What the two capture faults say about execute-api endpoints with private DNS."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from netprobe.diagnosis.case import Case
from netprobe.diagnosis.paths import is_captured
from netprobe.model.finding import Evidence, PathKey
from netprobe.model.report import Path, PathVerdict
from netprobe.model.workloads import ApiKind

WHY = (
    "an execute-api endpoint with private DNS answers for every API of the region and serves "
    "private REST APIs only"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One endpoint that answers in the place of one public API."""

    evidence: tuple[Evidence, ...]
    paths: tuple[PathKey, ...]
    advice: str


def captures(case: Case, *, websocket: bool) -> Iterator[Capture]:
    """Yield the captures of WebSocket APIs' names, or of REST and HTTP APIs'."""
    for (endpoint_id, api_id), paths in _captured(case).items():
        api = case.snapshot.api(api_id)
        if api is None or (api.kind is ApiKind.WEBSOCKET) is not websocket:
            continue
        yield Capture(
            evidence=(
                Evidence(
                    resource_id=endpoint_id,
                    says=f"private DNS answers for {api.host}, which it cannot serve",
                ),
                Evidence(
                    resource_id=api_id,
                    says=f"is a {api.endpoint_type.lower()} {api.kind.upper()} API, "
                    "not a private one",
                ),
                *_answers(paths),
            ),
            paths=tuple(path.key for path in paths),
            advice=f"call {api_id} by a custom domain name (alias record, not CNAME)"
            + ("" if _is_needed(case) else f", or switch private DNS off for {endpoint_id}"),
        )


def _is_needed(case: Case) -> bool:
    """Tell whether a private API is asked about too, whose default name private DNS answers."""
    apis = (case.snapshot.api(item.api_id) for item in case.targets if item.api_id)
    return any(api is not None and api.is_private for api in apis)


def _captured(case: Case) -> dict[tuple[str, str], list[Path]]:
    """Return the paths on which an endpoint answers in an API's place, by both."""
    found: dict[tuple[str, str], list[Path]] = defaultdict(list)
    for path in case.paths:
        api_id = case.target(path).api_id
        resolution = path.trace.resolution if path.trace else None
        if not is_captured(path) or path.verdict is PathVerdict.WORKS or not case.is_in_play(path):
            continue
        if api_id and resolution and resolution.endpoint_id:
            found[resolution.endpoint_id, api_id].append(path)
    return found


def _answers(paths: Iterable[Path]) -> Iterator[Evidence]:
    """Yield what the packets met at the endpoint."""
    seen = dict.fromkeys(
        (path.observation.address, path.observation.status)
        for path in paths
        if path.observation and path.observation.address
    )
    for address, status in seen:
        said = f"HTTP {status}" if status else "no HTTP answer"
        yield Evidence(resource_id=str(address), says=f"is where the name led: {said}")
