"""The gateway endpoint exists, but not in this subnet's route table.

## What it means

The VPC has a gateway endpoint for the service. It is associated with other route tables, so
this subnet does not use it.

## Why traffic fails

A gateway endpoint works through a route in each associated table. A table without that route
sends the traffic wherever its other routes lead, or nowhere.

## How netprobe knows

The service's gateway endpoint does not list the subnet's effective table, and no route matches
the service's address. Packets: silence.

## Known limits

Where another route carries the traffic, the path works and this is no fault.

## Example

A table added after the endpoint was made.

## Fix

Associate the endpoint with the table. It costs nothing.

## Fix safety

All subnets of the table then reach the service through the endpoint and its policy.

## References

- https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.services import endpoints_for, service_of
from netprobe.model.addresses import Family
from netprobe.model.finding import Evidence, Finding
from netprobe.model.report import Path
from netprobe.model.resources import VpcEndpoint
from netprobe.model.trace import Component, Reason


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per endpoint and table that lacks it."""
    for hit in case.hits(Reason.NO_ROUTE, component=Component.ROUTE_TABLE, family=Family.IPV4):
        table_id = hit.blocker.resource_id
        endpoint = _missing_from(case, hit.path, table_id)
        if endpoint is None:
            continue
        yield FAULT.found(
            (hit,),
            also=(
                Evidence(
                    resource_id=endpoint.vpc_endpoint_id,
                    says=f"is associated with {', '.join(endpoint.route_table_ids) or 'no table'}"
                    f", not with {table_id}",
                ),
            ),
            reason="a gateway endpoint works through a route in each associated table",
            advice=f"associate {endpoint.vpc_endpoint_id} with {table_id}",
        )


def _missing_from(case: Case, path: Path, table_id: str) -> VpcEndpoint | None:
    service = service_of(case, path)
    if service is None:
        return None
    return next(
        (
            item
            for item in endpoints_for(case, path, service)
            if item.endpoint_type == "Gateway" and table_id not in item.route_table_ids
        ),
        None,
    )


FAULT = Fault(
    code="NP603",
    name="gateway-endpoint-not-in-table",
    title="Gateway endpoint exists but is not associated with the function subnets' route table",
    phrase="gateway endpoint misses the table",
    since="0.1.0",
    symptoms=("aws-service-timeout",),
    check=check,
    doc=__doc__,
)
