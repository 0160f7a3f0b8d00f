"""The target is an AWS service of another Region, which endpoints here do not cover.

## What it means

The host names another Region than the VPC's, and the subnet has no way to public addresses.
The endpoints of the VPC serve its own Region.

## Why traffic fails

Interface endpoints answer for the names of one Region, and the prefix lists of gateway
endpoints hold the addresses of one Region.

## How netprobe knows

The Region in the target's host differs from the VPC's, and the walk to its public address ends
for want of a way out. Packets: silence.

## Known limits

APIs of API Gateway are left out: public ones are not served by endpoints in any Region.

## Example

A bucket in another Region, read from an isolated subnet with a gateway endpoint for S3.

## Fix

A NAT gateway, or IPv6 by an egress-only gateway and the service's dual-stack name; or a
cross-Region endpoint where the service offers it; or a copy in this Region.

## Fix safety

A way out is one for everything that the subnet's groups allow.

## References

- https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html
- https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from netprobe.diagnosis.case import Case
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.names import NO_WAY_OUT, host_of, stays_public
from netprobe.diagnosis.prices import NAT_GATEWAY_COST
from netprobe.diagnosis.routes import route_evidence
from netprobe.diagnosis.services import NOT_ENDPOINTABLE
from netprobe.model.finding import Evidence, Finding
from netprobe.model.report import Path
from netprobe.model.service_names import service_of_host

_REGION = re.compile(
    r"\.(?P<region>[a-z]{2,4}(?:-[a-z]+)+-\d+)\.(?:amazonaws\.com(?:\.cn)?|amazonaws\.eu|api\.aws)$"
)


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per VPC and other Region that it has no way to."""
    found: dict[tuple[str, str], list[Path]] = defaultdict(list)
    for path in case.failing():
        vpc = case.snapshot.vpc(case.source(path).vpc_id)
        region, own = _region(case, path), (vpc.region if vpc else None) or case.snapshot.region
        if region not in {None, own} and stays_public(case, path):
            found[str(region), own].append(path)
    for (region, own), paths in found.items():
        hosts = sorted({host_of(case, path) for path in paths})
        subnets = dict.fromkeys(case.source(path).subnet_id for path in paths)
        yield FAULT.found_with(
            (
                *(
                    Evidence(resource_id=i, says=f"is in {region}, the VPC in {own}")
                    for i in hosts
                ),
                *(fact for item in subnets for fact in route_evidence(case, item)),
            ),
            (path.key for path in paths),
            reason="endpoints and the prefix lists of gateway endpoints cover their own Region",
            advice=f"give {', '.join(subnets)} a way out: IPv6 with the dual-stack name, or a NAT "
            f"gateway; or keep what is needed in {own}",
            standing_cost="none for IPv6; NAT gateway: " + NAT_GATEWAY_COST,
        )


def _region(case: Case, path: Path) -> str | None:
    """Return the Region in the host of an AWS service that endpoints might serve."""
    host = host_of(case, path)
    found = _REGION.search(host)
    if found is None or host.endswith(".vpce.amazonaws.com"):
        return None
    service = service_of_host(host, found["region"])
    return None if service in {None, NOT_ENDPOINTABLE} else found["region"]


FAULT = Fault(
    code="NP610",
    name="cross-region-target",
    title="Target is in another Region: local endpoints/prefix lists do not cover it",
    phrase="target in another Region",
    since="0.1.0",
    symptoms=("aws-service-timeout", "one-target-timeout"),
    check=check,
    doc=__doc__,
    explains=NO_WAY_OUT,
)
