"""A firewall on the way drops this host.

## What it means

The traffic passes a firewall's endpoint, or leaves the visible account by a transit gateway, and
something there lets other hosts through, or the connection but not what is sent over it.

## Why traffic fails

A firewall with an allow list of domains lets a TCP connection come about and drops or resets it
when the ClientHello names a host that is not on the list. A rule by address drops it before.

## How netprobe knows

The packets: connected, then silence or a reset during the TLS handshake; or silence to one host
while another is reached through the same endpoint. The way: a Gateway Load Balancer endpoint,
as AWS Network Firewall has, or a hub that cannot be read.

## Known limits

The firewall's rules are not read. Silence during the handshake may also be a path MTU black
hole (NP814): a small ClientHello passes there.

## Example

An allow list with `.amazonaws.com` written as a name, not as a suffix.

## Fix

Add the host to the firewall's allow list; or reach an AWS service by a VPC endpoint, which does
not pass the firewall.

## Fix safety

Allow the exact host rather than its domain.

## References

- https://docs.aws.amazon.com/network-firewall/latest/developerguide/stateful-rule-groups-domain-names.html
- https://docs.aws.amazon.com/network-firewall/latest/developerguide/rule-action.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from netprobe.diagnosis.case import Case
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.ways import goes_by_transit_gateway, inspecting_endpoint, silence
from netprobe.model.finding import Confidence, Evidence, Finding
from netprobe.model.observation import Outcome, StageName
from netprobe.model.report import Path
from netprobe.model.trace import Disposition

_DROPS = frozenset({Outcome.TIMEOUT, Outcome.RESET})


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per firewall and target that it seems to drop."""
    found: dict[tuple[str, str], list[Path]] = {}
    for path in case.failing():
        where = _inspected_at(case, path)
        if where is not None and (_is_cut_in_handshake(path) or _is_singled_out(case, path)):
            found.setdefault((where, path.key.target), []).append(path)
    for (where, _), paths in found.items():
        host = case.target(paths[0]).host
        finding = FAULT.found_with(
            (
                Evidence(resource_id=where, says=f"is passed on the way to {host}"),
                *map(silence, paths),
            ),
            (path.key for path in paths),
            reason="a firewall decides by the name in the ClientHello after the connection is "
            "made, or by the address before",
            advice=f"add {host} to the allow list of the firewall behind {where}",
        )
        yield replace(finding, confidence=Confidence.LOW)


def _inspected_at(case: Case, path: Path) -> str | None:
    """Return the firewall's endpoint, or the hop by which the path leaves the view to a hub."""
    if path.trace is None or path.trace.blockers or path.trace.unread:
        return None
    endpoint = inspecting_endpoint(case, path)
    if endpoint is not None:
        return endpoint.vpc_endpoint_id
    away = path.trace.disposition is Disposition.LEFT_VIEW and goes_by_transit_gateway(path)
    return path.trace.request.hops[-1].resource_id if away else None


def _is_cut_in_handshake(path: Path) -> bool:
    connect, handshake = (_outcome(path, i) for i in (StageName.CONNECT, StageName.HANDSHAKE))
    return connect is Outcome.REACHABLE and handshake in _DROPS


def _is_singled_out(case: Case, path: Path) -> bool:
    """Tell whether another host is reached from the same source through the same firewall."""
    endpoint = inspecting_endpoint(case, path)
    if endpoint is None or _outcome(path, StageName.CONNECT) not in _DROPS:
        return False
    others = (
        case.between(case.source(path), target).get(path.key.family) for target in case.targets
    )
    return any(
        other is not None
        and _outcome(other, StageName.CONNECT) is Outcome.REACHABLE
        and inspecting_endpoint(case, other) == endpoint
        for other in others
    )


def _outcome(path: Path, name: StageName) -> Outcome | None:
    stage = path.observation.stage(name) if path.observation else None
    return stage.outcome if stage else None


FAULT = Fault(
    code="NP119",
    name="network-firewall-drop",
    title="AWS Network Firewall / egress appliance drops or resets traffic to a host not on its allow list",
    phrase="firewall drops this host",
    since="0.1.0",
    symptoms=("one-target-timeout", "tls-fails", "stalls"),
    check=check,
    doc=__doc__,
)
