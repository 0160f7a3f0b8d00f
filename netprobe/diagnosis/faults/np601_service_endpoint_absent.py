"""The subnet has no way out, and the VPC has no endpoint for this AWS service.

## What it means

The service's name gives public addresses, the subnet has no IPv4 way to them, and there is no
endpoint that would bring the service into the VPC.

## Why traffic fails

An AWS service called by its normal name is a public target like any other, unless an interface
endpoint with private DNS answers for it inside the VPC.

## How netprobe knows

The host is that of an AWS service, no route matches its address, and DescribeVpcEndpoints
lists no endpoint for it. Packets: silence.

## Known limits

S3 and DynamoDB have gateway endpoints of their own fault (NP602). Whether IPv6 would do
depends on the service's dual-stack name.

## Example

A function in an isolated subnet that reads a secret.

## Fix

Where the subnet has IPv6 out and the service a dual-stack name: switch the SDK to dual-stack
endpoints, at no cost. Otherwise an interface endpoint with private DNS for this one service,
or a NAT gateway for all.

## Fix safety

An interface endpoint with private DNS captures the service's name for the whole VPC: its group
must admit every caller.

## References

- https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html
- https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case, by
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.prices import INTERFACE_ENDPOINT_COST
from netprobe.diagnosis.services import GATEWAY_SERVICES, service_of, service_without_endpoint
from netprobe.model.addresses import Family
from netprobe.model.finding import Evidence, Finding
from netprobe.model.trace import Component, Reason


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per service that isolated subnets call without an endpoint."""
    hits = (
        hit
        for hit in case.hits(Reason.NO_ROUTE, component=Component.ROUTE_TABLE, family=Family.IPV4)
        if service_without_endpoint(case, hit.path) not in {None, *GATEWAY_SERVICES}
    )
    for vpc_id, group in by(hits, lambda hit: case.source(hit.path).vpc_id):
        services = sorted({str(service_of(case, hit.path)) for hit in group})
        absent = f"has no endpoint for {', '.join(services)}"
        yield FAULT.found_with(
            (
                Evidence(resource_id=vpc_id, says=absent),
                *dict.fromkeys(hit.evidence for hit in group),
            ),
            (hit.path.key for hit in group),
            reason="a service called by its normal name is a public target unless an endpoint "
            "answers for it",
            advice=f"make interface endpoints with private DNS on for {', '.join(services)}; or, with "
            "IPv6 out of the subnet, call the dual-stack names",
            standing_cost="none for IPv6; interface endpoint: " + INTERFACE_ENDPOINT_COST,
        )


FAULT = Fault(
    code="NP601",
    name="service-endpoint-absent",
    title="No NAT and no endpoint for the AWS service called (Secrets Manager, SSM, Lambda, KMS, CloudWatch, EC2, SNS ...)",
    phrase="no endpoint for the service",
    since="0.1.0",
    symptoms=("aws-service-timeout", "task-timed-out"),
    check=check,
    doc=__doc__,
)
