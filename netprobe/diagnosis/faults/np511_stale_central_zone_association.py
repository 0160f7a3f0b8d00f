"""A private zone still leads to an endpoint in another VPC that there is no route to any more.

## What it means

The VPC is associated with a private zone for an AWS service. It answers with an address of
another VPC, and the subnet has no route there.

## Why traffic fails

The zone hides the public name, so the service cannot be reached by another way either.

## How netprobe knows

The name is an AWS service's, a private zone of the VPC answers it with an address outside the
VPC, and no route of the subnet's table leads to it. Packets: silence.

## Known limits

Where a route exists and the way back is missing it is another fault (NP122).

## Example

A VPC that was moved off the central endpoints and kept its zone associations.

## Fix

Dissociate the zone from the VPC; or restore the route.

## Fix safety

Without the zone the name is public: the subnet needs a way out, or an endpoint of its own.

## References

- https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-private-disassociate-vpcs.html
- https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-private-considerations.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case, Hit, by
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.names import UNROUTED_FAULTS, host_of, resolution_of, unrouted
from netprobe.model.finding import Evidence, Finding
from netprobe.model.service_names import service_of_host


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per zone whose answers cannot be reached."""
    hits = (hit for hit in unrouted(case) if _is_service(case, hit) and _zone_id(case, hit))
    for zone_id, group in by(hits, lambda hit: _zone_id(case, hit)):
        vpcs = ", ".join(sorted({case.source(hit.path).vpc_id for hit in group}))
        first = Evidence(
            resource_id=zone_id, says=f"is associated with {vpcs}: {_said(case, group)}"
        )
        yield FAULT.found_with(
            (first, *dict.fromkeys(hit.evidence for hit in group)),
            (hit.path.key for hit in group),
            reason="a private zone hides the public name, and its answer lies beyond every route",
            advice=f"dissociate {zone_id} from {vpcs}, or restore the route to the endpoint",
            standing_cost="none",
        )


def _is_service(case: Case, hit: Hit) -> bool:
    return service_of_host(host_of(case, hit.path), case.snapshot.region) is not None


def _zone_id(case: Case, hit: Hit) -> str:
    """Return the private zone that answers, empty where it is somebody else."""
    resolution = resolution_of(hit.path)
    zones = {item.hosted_zone_id for item in case.snapshot.hosted_zones}
    authority = resolution.authority_id if resolution else None
    return authority if authority in zones and authority else ""


def _said(case: Case, group: list[Hit]) -> str:
    answers = {
        (host_of(case, hit.path), str(hit.path.trace.flow.destination))
        for hit in group
        if hit.path.trace
    }
    return ", ".join(f"{host} is {address}" for host, address in sorted(answers))


FAULT = Fault(
    code="NP511",
    name="stale-central-zone-association",
    title="VPC still associated with a central endpoint zone it no longer routes to: private answers that cannot be reached",
    phrase="stale zone of a central endpoint",
    since="0.1.0",
    symptoms=("aws-service-timeout", "wrong-address"),
    check=check,
    doc=__doc__,
    explains=frozenset({*UNROUTED_FAULTS, "private-answer-unrouted", "service-endpoint-absent"}),
)
