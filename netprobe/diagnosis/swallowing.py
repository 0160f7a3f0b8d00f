"""Which specific routes take public addresses away from the default route and lose them.

"Route priority": https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case
from netprobe.diagnosis.ways import (
    central_endpoint,
    is_default,
    is_for_public,
    other_default,
    own_table,
    silence,
    silent_paths,
    taken_route,
)
from netprobe.model.finding import Evidence
from netprobe.model.report import Path
from netprobe.model.resources import Route, TargetKind
from netprobe.model.trace import Reason

_TARGETS = frozenset(
    {
        TargetKind.TRANSIT_GATEWAY,
        TargetKind.VPC_PEERING_CONNECTION,
        TargetKind.VPN_GATEWAY,
        TargetKind.NETWORK_INTERFACE,
        TargetKind.VPC_ENDPOINT,
    }
)
_LOST = frozenset(
    {
        Reason.BLACKHOLE_ROUTE,
        Reason.NO_ROUTE,
        Reason.NO_PUBLIC_IPV4,
        Reason.GATEWAY_DETACHED,
        Reason.PEERING_NOT_ACTIVE,
        Reason.NOT_IN_PEER_VPC,
        Reason.NO_ATTACHMENT,
        Reason.ATTACHMENT_NOT_AVAILABLE,
        Reason.NOT_ASSOCIATED,
        Reason.SOURCE_DEST_CHECK,
        Reason.INTERFACE_NOT_USABLE,
        Reason.ENDPOINT_NOT_AVAILABLE,
    }
)
"""What is met at a route or behind it; a lost reply or a missing zone says the route is meant."""


def swallowed(case: Case) -> dict[tuple[str, str], list[Path]]:
    """Return the paths that are lost behind a specific route, by its table and the route."""
    found: dict[tuple[str, str], list[Path]] = {}
    for path in (*_lost_paths(case), *_silent(case)):
        taken, table = taken_route(case, path), own_table(case, path)
        if taken is not None and table is not None and _swallows(case, path, taken):
            found.setdefault((table.route_table_id, taken.written), []).append(path)
    return found


def _lost_paths(case: Case) -> Iterator[Path]:
    """Yield the paths that are lost at a route or behind it."""
    yield from {hit.path.key: hit.path for hit in case.hits(*_LOST)}.values()


def _silent(case: Case) -> Iterator[Path]:
    """Yield the silent paths that leave the view; a firewall's silence has other names."""
    for path in silent_paths(case):
        taken = taken_route(case, path)
        if taken is not None and taken.target is not TargetKind.VPC_ENDPOINT:
            yield path


def _swallows(case: Case, path: Path, taken: Route) -> bool:
    return (
        taken.target in _TARGETS
        and not is_default(taken)
        and not _is_gateway_endpoint(case, taken)
        and is_for_public(path)
        and central_endpoint(case, path) is None
        and other_default(case, path, taken) is not None
    )


def _is_gateway_endpoint(case: Case, taken: Route) -> bool:
    endpoint = case.snapshot.vpc_endpoint(taken.target_id)
    return endpoint is not None and endpoint.endpoint_type == "Gateway"


def swallow_evidence(paths: list[Path]) -> tuple[Evidence, ...]:
    """Return what the paths run into, or else their silence."""
    blockers = [item for path in paths if path.trace for item in path.trace.blockers]
    facts = [
        Evidence(resource_id=item.resource_id, says=item.detail)
        for item in blockers
        if item.reason in _LOST
    ]
    return tuple(dict.fromkeys(facts or map(silence, paths)))
