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
from netprobe.diagnosis.swallowing import swallow_evidence, swallowed
from netprobe.diagnosis.ways import other_default, taken_route
from netprobe.model.finding import Confidence, Evidence, Finding
from netprobe.model.report import Path


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per specific route behind which public destinations are lost."""
    for (table_id, written), paths in swallowed(case).items():
        taken = taken_route(case, paths[0])
        default = other_default(case, paths[0], taken) if taken else None
        finding = FAULT.found_with(
            (
                Evidence(
                    resource_id=table_id, says=f"{written} wins for {_destination(paths[0])}"
                ),
                *swallow_evidence(paths),
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


def _destination(path: Path) -> str:
    return str(path.trace.flow.destination) if path.trace else path.key.target


FAULT = Fault(
    code="NP112",
    name="route-more-specific-swallow",
    title="A more specific route (TGW, peering, prefix list, endpoint) captures the target's address",
    phrase="a more specific route takes it",
    since="0.1.0",
    symptoms=("one-target-timeout",),
    check=check,
    doc=__doc__,
    explains=frozenset(
        {
            "nat-deleted-blackhole",
            "nat-instance-broken",
            "peering-transitive",
            "tgw-egress-or-return-missing",
        }
    ),
)
