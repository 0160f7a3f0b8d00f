"""A more specific route takes the target's address away from the default route.

## What it means

The default route would lead out, and a route for a smaller block wins for this address: to a
transit gateway, a peering connection, a VPN gateway, an appliance or a firewall's endpoint, from
where it does not get on.

## Why traffic fails

The longest prefix wins, whatever is behind it. AWS never falls back to a less specific route.

## How netprobe knows

The winning route is not the default one, the destination is public, and something behind the
route stops it; or nothing that was read stops it and the packets are silent. Other internet
targets work.

## Known limits

Where the specific route is meant, what is missing is the way on behind it: both are said.

## Example

A route for `3.0.0.0/8` to a data centre, which takes half of AWS's own addresses with it.

## Fix

Narrow the route to the blocks that are really behind it, or remove it; or add the way on.

## Fix safety

Others may use the route for what it was made for: narrow it rather than remove it.

## References

- https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from netprobe.diagnosis.case import Case
from netprobe.diagnosis.fault import Fault
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
from netprobe.model.finding import Confidence, Evidence, Finding
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
        Reason.REPLY_ELSEWHERE,
        Reason.NO_PUBLIC_IPV4,
        Reason.GATEWAY_DETACHED,
        Reason.PEERING_NOT_ACTIVE,
        Reason.NOT_IN_PEER_VPC,
        Reason.NO_ATTACHMENT,
        Reason.NO_ATTACHMENT_IN_ZONE,
        Reason.ATTACHMENT_NOT_AVAILABLE,
        Reason.NOT_ASSOCIATED,
        Reason.SOURCE_DEST_CHECK,
        Reason.INTERFACE_NOT_USABLE,
        Reason.ENDPOINT_NOT_AVAILABLE,
    }
)
"""What is met at a route or behind it, and would not be met on another way."""


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per specific route behind which public destinations are lost."""
    found: dict[tuple[str, str], list[Path]] = {}
    for path in (*_lost_paths(case), *_silent(case)):
        taken, table = taken_route(case, path), own_table(case, path)
        if taken is not None and table is not None and _swallows(case, path, taken):
            found.setdefault((table.route_table_id, taken.written), []).append(path)
    for (table_id, written), paths in found.items():
        taken = taken_route(case, paths[0])
        default = other_default(case, paths[0], taken) if taken else None
        finding = FAULT.found_with(
            (
                Evidence(
                    resource_id=table_id, says=f"{written} wins for {_destination(paths[0])}"
                ),
                *_facts(paths),
                Evidence(
                    resource_id=table_id,
                    says=f"{default.written if default else 'the default'} is not used",
                ),
            ),
            (path.key for path in paths),
            reason="the longest prefix wins, and nothing falls back to a less specific route",
            advice=f"narrow or remove {written} in {table_id}, or add the way on behind it",
        )
        guessed = not any(path.trace and path.trace.blockers for path in paths)
        yield replace(finding, confidence=Confidence.LOW) if guessed else finding


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


def _facts(paths: list[Path]) -> tuple[Evidence, ...]:
    blockers = [item for path in paths if path.trace for item in path.trace.blockers]
    facts = [
        Evidence(resource_id=item.resource_id, says=item.detail)
        for item in blockers
        if item.reason in _LOST
    ]
    return tuple(dict.fromkeys(facts or map(silence, paths)))


def _destination(path: Path) -> str:
    return str(path.trace.flow.destination) if path.trace else path.key.target


FAULT = Fault(
    code="NP112",
    name="route-more-specific-swallow",
    title="A more specific route (TGW, peering, prefix list, endpoint) captures the target's address",
    phrase="a more specific route takes it",
    since="0.1.0",
    check=check,
    doc=__doc__,
    explains=frozenset(
        {
            "nat-deleted-blackhole",
            "nat-instance-broken",
            "peering-transitive",
            "tgw-attachment-missing-az",
            "tgw-egress-or-return-missing",
        }
    ),
)
