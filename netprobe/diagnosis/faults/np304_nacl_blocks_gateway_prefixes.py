"""The subnet's network ACL drops what goes to a gateway endpoint.

## What it means

The ACL opens the ports to some addresses, usually the VPC's, and not to the public prefixes of
S3 or DynamoDB, which the route leads to a gateway endpoint.

## Why traffic fails

A gateway endpoint changes the route and not the address. The packet that leaves the subnet is
still for a public address of the service, and the reply comes from one.

## How netprobe knows

The request's route leads to a gateway endpoint, the ACL of the source's subnet denies the
request or the reply, and other entries of it allow the ports. All that the ACL stops goes to
gateway endpoints. Packets: silence, while interface endpoints work.

## Known limits

An ACL that stops other flows too is another fault (NP301). A security group that forgets the
prefixes is NP204.

## Example

A data subnet whose ACL allows 10.0.0.0/8 in both directions and nothing else.

## Fix

Allow egress tcp 443 to the service's prefixes and ingress tcp 1024-65535 from them. Network
ACLs take no prefix lists, so each range needs an entry.

## Fix safety

Ranges of a service change: entries for `0.0.0.0/0` last longer and open more.

## References

- https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html
- https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html
- https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case, Hit, by, resource_of
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.filters import (
    entries_to_add,
    forgotten_prefixes,
    own_acl_hits,
    ports_of,
)
from netprobe.diagnosis.ways import gateway_endpoint_on
from netprobe.model.addresses import Family
from netprobe.model.finding import Evidence, Finding


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per ACL of a source's subnet that forgets the prefixes."""
    for acl_id, hits in by(own_acl_hits(case, Family.IPV4), resource_of):
        group = forgotten_prefixes(case, acl_id, hits)
        if not group:
            continue
        halves = {hit.blocker.half for hit in group}
        services = dict.fromkeys(item.says.rpartition(" ")[2] for item in _endpoints(case, group))
        prefixes = f"the prefixes of {', '.join(services)}"
        yield FAULT.found(
            group,
            also=dict.fromkeys(_endpoints(case, group)),
            reason="a gateway endpoint changes the route and not the address, so the ACL sees "
            "the service's public prefixes",
            advice=entries_to_add(acl_id, halves, ports_of(group), prefixes),
        )


def _endpoints(case: Case, group: list[Hit]) -> Iterator[Evidence]:
    for endpoint in (gateway_endpoint_on(case, hit.path) for hit in group):
        if endpoint is not None:
            says = f"is the gateway endpoint for {endpoint.service_name}"
            yield Evidence(resource_id=endpoint.vpc_endpoint_id, says=says)


FAULT = Fault(
    code="NP304",
    name="nacl-blocks-gateway-prefixes",
    title="Data-tier NACL blocks the public prefixes used by S3/DynamoDB gateway endpoints",
    phrase="ACL closed to the gateway endpoint's prefixes",
    since="0.1.0",
    symptoms=("aws-service-timeout",),
    check=check,
    doc=__doc__,
)
