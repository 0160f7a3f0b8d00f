"""Hubs that cannot be read: what goes there and is silent."""

from __future__ import annotations

from netprobe.diagnosis.case import Case
from netprobe.diagnosis.ways import (
    central_endpoint,
    is_for_public,
    leads_inside_elsewhere,
    silent_at_connect,
)
from netprobe.model.report import Path
from netprobe.model.trace import Component


def silent_hubs(case: Case) -> dict[str, list[Path]]:
    """Return the silent paths that leave the view to a hub, by where they leave it."""
    found: dict[str, list[Path]] = {}
    for path in silent_at_connect(case):
        if leads_inside_elsewhere(case, path) or central_endpoint(case, path):
            continue
        gateway_id = _leaves_by(case, path)
        if gateway_id is not None:
            found.setdefault(gateway_id, []).append(path)
    return found


def _leaves_by(case: Case, path: Path) -> str | None:
    """Return the transit gateway or attachment by which the request leaves the view to a hub.

    A private address may as well be behind a VPN, where everything is somebody else's.
    """
    hops = path.trace.request.hops if path.trace else ()
    last = hops[-1] if hops else None
    kinds = {Component.TRANSIT_GATEWAY, Component.TRANSIT_GATEWAY_ATTACHMENT}
    if last is None or last.component not in kinds:
        return None
    attachment = case.snapshot.transit_gateway_attachment(last.resource_id)
    to_vpc = attachment is not None and attachment.resource_type in {"vpc", "peering"}
    return last.resource_id if to_vpc or is_for_public(path) else None
