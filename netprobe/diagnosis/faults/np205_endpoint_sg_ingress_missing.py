"""The interface endpoint's security group does not admit the function.

## What it means

The name leads to an interface endpoint inside the VPC, and the endpoint's own group has no
rule that lets the function in on this port.

## Why traffic fails

An interface endpoint is an interface with groups of its own. Both must agree: egress of the
function's group, ingress of the endpoint's. Without a group given, an endpoint gets the VPC's
default group, which admits only its own members.

## How netprobe knows

The address belongs to an endpoint's interface and no ingress rule of its groups admits the
source, by address or by group. Packets: silence.

## Known limits

The endpoint's egress rules do not matter, because replies to tracked connections are always
let out.

## Example

An endpoint for Secrets Manager left with the default group.

## Fix

Allow tcp 443 from the function's security group in the endpoint's group.

## Fix safety

The rule admits every member of the function's group to the endpoint.

## References

- https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case, Hit, by, resource_of
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.filters import ports_of
from netprobe.model.finding import Evidence, Finding
from netprobe.model.trace import Reason


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per endpoint group that keeps a source out."""
    hits = (hit for hit in case.hits(Reason.INGRESS_NOT_ALLOWED) if endpoint_of(case, hit))
    for group_id, group in by(hits, resource_of):
        endpoint_id = endpoint_of(case, group[0])
        sources = {i for hit in group for i in case.source(hit.path).security_group_ids}
        yield FAULT.found(
            group,
            also=(Evidence(resource_id=str(endpoint_id), says=f"is guarded by {group_id}"),),
            reason="an interface endpoint has security groups of its own, and what their ingress "
            "rules do not admit is dropped",
            advice=f"allow ingress tcp {ports_of(group)} from {', '.join(sorted(sources))} in "
            f"{group_id}",
        )


def endpoint_of(case: Case, hit: Hit) -> str | None:
    """Return the interface endpoint that the path leads to."""
    trace = hit.path.trace
    if trace is None:
        return None
    if trace.resolution is not None and trace.resolution.endpoint_id is not None:
        return trace.resolution.endpoint_id
    interface = case.snapshot.interface_at(case.source(hit.path).vpc_id, trace.flow.destination)
    return next(
        (
            item.vpc_endpoint_id
            for item in case.snapshot.vpc_endpoints
            if interface and interface.network_interface_id in item.network_interface_ids
        ),
        None,
    )


FAULT = Fault(
    code="NP205",
    name="endpoint-sg-ingress-missing",
    title="Interface endpoint's security group does not admit tcp/443 from the function",
    phrase="endpoint group closed",
    since="0.1.0",
    symptoms=("aws-service-timeout",),
    check=check,
    doc=__doc__,
)
