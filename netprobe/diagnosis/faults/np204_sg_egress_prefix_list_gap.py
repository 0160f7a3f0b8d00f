"""The function's security groups forget the prefixes that a gateway endpoint serves.

## What it means

The route to S3 or DynamoDB leads to a gateway endpoint, and the egress rules for the port are
for other things.

## Why traffic fails

A gateway endpoint changes the route and not the address: the packet still goes to a public
address of the service, and a rule for the VPC or for a group does not cover it.

## How netprobe knows

The request's route leads to a gateway endpoint; egress rules for the port exist, and none
covers the service's prefixes. Packets: silence, while interface endpoints connect.

## Known limits

Without any egress rule for the port, the fault is NP201. A network ACL that drops the same
prefixes is another fault (NP304).

## Example

Egress restricted to the group of the interface endpoints, and a function that also reads from
S3.

## Fix

Allow tcp 443 to the service's managed prefix list, `com.amazonaws.{region}.s3` or
`.dynamodb`.

## Fix safety

The list holds the service's addresses of this region only; the endpoint's policy can narrow it
further.

## References

- https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
- https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case, Hit, by, resource_of
from netprobe.diagnosis.egress_rules import EgressGap, egress_hits, rule_evidence
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.filters import ports_of
from netprobe.diagnosis.ways import gateway_endpoint_on
from netprobe.model.finding import Evidence, Finding


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per group, or set of groups, that lets nothing out to the prefixes."""
    for group_id, group in by(egress_hits(case, EgressGap.PREFIX_LIST), resource_of):
        lists = sorted({_list_of(case, hit) for hit in group})
        yield FAULT.found(
            group,
            also=dict.fromkeys((*rule_evidence(case, group), *_endpoints(case, group))),
            reason="a gateway endpoint changes the route and not the address, so egress must "
            "admit the service's public prefixes",
            advice=f"allow egress tcp {ports_of(group)} to {', '.join(lists)} in {group_id}",
        )


def _endpoints(case: Case, group: list[Hit]) -> Iterator[Evidence]:
    for hit in group:
        endpoint = gateway_endpoint_on(case, hit.path)
        if endpoint is not None:
            says = f"is the gateway endpoint that {endpoint.service_name} is routed to"
            yield Evidence(resource_id=endpoint.vpc_endpoint_id, says=says)


def _list_of(case: Case, hit: Hit) -> str:
    """Return the prefix list of the endpoint's service, by id where it was read."""
    endpoint = gateway_endpoint_on(case, hit.path)
    name = endpoint.service_name if endpoint else ""
    found = (item for item in case.snapshot.prefix_lists if item.name == name)
    return next((item.prefix_list_id for item in found), f"the prefix list {name}")


FAULT = Fault(
    code="NP204",
    name="sg-egress-prefix-list-gap",
    title="Restricted egress forgets the S3/DynamoDB prefix list (gateway endpoints keep public addresses)",
    phrase="no egress rule for the gateway endpoint's prefixes",
    since="0.1.0",
    symptoms=("aws-service-timeout",),
    check=check,
    doc=__doc__,
)
