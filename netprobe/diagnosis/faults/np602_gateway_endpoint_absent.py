"""S3 or DynamoDB is called from a subnet without a way out, and the VPC has no gateway endpoint.

## What it means

The subnet has no IPv4 way to the service's public addresses. A gateway endpoint, which is
free, would give it one.

## Why traffic fails

A gateway endpoint puts a route to the service's prefix list into the tables it is associated
with. Without it the service is as far away as the internet.

## How netprobe knows

The host is that of S3 or DynamoDB, no route matches its address, and the VPC has no gateway
endpoint for it. Packets: silence.

## Known limits

An endpoint that exists and misses this table is another fault (NP603).

## Example

A function in an isolated subnet that reads an object.

## Fix

Make a gateway endpoint for the service and associate it with the subnet's route table. It
costs nothing.

## Fix safety

Open connections to the service break when the route appears, and the service then sees private
source addresses: bucket policies on source addresses must allow the endpoint.

## References

- https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case, by
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.services import GATEWAY_SERVICES, service_of, service_without_endpoint
from netprobe.model.addresses import Family
from netprobe.model.finding import Evidence, Finding
from netprobe.model.trace import Component, Reason


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per gateway service that isolated subnets call."""
    hits = (
        hit
        for hit in case.hits(Reason.NO_ROUTE, component=Component.ROUTE_TABLE, family=Family.IPV4)
        if service_without_endpoint(case, hit.path) in GATEWAY_SERVICES
    )
    for vpc_id, group in by(hits, lambda hit: case.source(hit.path).vpc_id):
        services = sorted({str(service_of(case, hit.path)) for hit in group})
        tables = sorted({hit.blocker.resource_id for hit in group})
        absent = f"has no gateway endpoint for {', '.join(services)}"
        yield FAULT.found_with(
            (
                Evidence(resource_id=vpc_id, says=absent),
                *dict.fromkeys(hit.evidence for hit in group),
            ),
            (hit.path.key for hit in group),
            reason="without a gateway endpoint S3 and DynamoDB are as far away as the internet",
            advice=f"make gateway endpoints for {', '.join(services)} in {', '.join(tables)}",
        )


FAULT = Fault(
    code="NP602",
    name="gateway-endpoint-absent",
    title="S3/DynamoDB called from an isolated subnet without a gateway endpoint",
    phrase="no gateway endpoint",
    since="0.1.0",
    symptoms=("aws-service-timeout", "task-timed-out"),
    check=check,
    doc=__doc__,
)
