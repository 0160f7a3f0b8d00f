"""The endpoint exists, but the service's normal name does not lead to it.

## What it means

The VPC has an interface endpoint for this service with private DNS off. The SDK's normal host
name still gives public addresses, which this subnet cannot reach.

## Why traffic fails

Private DNS is what makes the normal name resolve to the endpoint. Without it only the
endpoint's own `vpce` names do.

## How netprobe knows

An available interface endpoint of the service has `PrivateDnsEnabled` false, the name gives
public addresses, and the path fails.

## Known limits

Services without private DNS, DynamoDB's interface endpoint among them, cannot switch it on.

## Example

An endpoint for SSM made by a template that leaves private DNS at false.

## Fix

Switch private DNS on; the VPC needs enableDnsSupport and enableDnsHostnames. Or give the SDK
the endpoint's own URL.

## Fix safety

Private DNS applies to the whole VPC: every subnet then uses the endpoint, whose group must
admit it.

## References

- https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from netprobe.diagnosis.case import Case
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.services import endpoints_for, service_of
from netprobe.model.addresses import Family
from netprobe.model.finding import Evidence, Finding
from netprobe.model.report import Path
from netprobe.model.resources import VpcEndpoint


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per endpoint whose private DNS would carry a failing path."""
    found: dict[str, list[Path]] = defaultdict(list)
    for path in case.failing():
        endpoint = _silent_endpoint(case, path)
        if endpoint is not None and path.key.family is Family.IPV4:
            found[endpoint.vpc_endpoint_id].append(path)
    for endpoint_id, paths in found.items():
        hosts = sorted({case.target(path).host for path in paths})
        yield FAULT.found_with(
            (
                Evidence(
                    resource_id=endpoint_id,
                    says=f"PrivateDnsEnabled is false, so {', '.join(hosts)} stays public",
                ),
            ),
            (path.key for path in paths),
            reason="without private DNS only the endpoint's own names lead to it",
            advice=f"switch private DNS on for {endpoint_id}",
        )


def _silent_endpoint(case: Case, path: Path) -> VpcEndpoint | None:
    """Return the endpoint that serves the path's service and does not answer for its name."""
    service = service_of(case, path)
    resolution = path.trace.resolution if path.trace else None
    if service is None or resolution is None or resolution.endpoint_id is not None:
        return None
    return next(
        (
            item
            for item in endpoints_for(case, path, service)
            if item.endpoint_type == "Interface" and not item.private_dns_enabled
        ),
        None,
    )


FAULT = Fault(
    code="NP504",
    name="endpoint-private-dns-disabled",
    title="Interface endpoint exists but PrivateDnsEnabled=false, so the SDK's normal hostname still resolves publicly and times out",
    phrase="endpoint without private DNS",
    since="0.1.0",
    symptoms=("aws-service-timeout", "wrong-address"),
    check=check,
    doc=__doc__,
)
