"""A private API is called by its default name where no endpoint answers for it.

## What it means

The API is private, and in this VPC no execute-api endpoint has private DNS on. Its default name
leads nowhere that serves it.

## Why traffic fails

A private API is served by interface endpoints only. Its default name means something only in a
VPC whose execute-api endpoint has private DNS on.

## How netprobe knows

GetRestApis says that the API is private; no available execute-api endpoint of the VPC has
private DNS. Packets: no such name, or no answer.

## Known limits

An endpoint in another VPC that this one reaches does the job too, by its own names.

## Example

A function in a second VPC that calls the private API of the first by its execute-api name.

## Fix

Call it by the name `{api}-{vpce}` of an endpoint that is there; or switch private DNS on; or
make an execute-api endpoint.

## Fix safety

Private DNS of execute-api captures the names of every API of the region for the whole VPC:
public APIs then answer 403.

## References

- https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-apis.html
- https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-api-test-invoke-url.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case, Hit, by, resource_of
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.names import NO_WAY_OUT, waits_for_attributes
from netprobe.diagnosis.prices import INTERFACE_ENDPOINT_COST
from netprobe.model.finding import Evidence, Finding
from netprobe.model.resources import VpcEndpoint
from netprobe.model.trace import Reason


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per private API whose name nobody answers in a VPC."""
    hits = (
        hit
        for hit in case.hits(Reason.API_IS_PRIVATE)
        if not (_is_unread(case, hit) or waits_for_attributes(case, hit))
    )
    for _, group in by(hits, lambda hit: _key(case, hit)):
        api_id, vpc_id = resource_of(group[0]), case.source(group[0].path).vpc_id
        endpoint = _endpoint(case, vpc_id)
        said = (
            f"serves private APIs, with private DNS {_state(endpoint)}"
            if endpoint
            else "has no endpoint for execute-api"
        )
        where = endpoint.vpc_endpoint_id if endpoint else vpc_id
        yield FAULT.found(
            group,
            also=(Evidence(resource_id=where, says=said),),
            reason="a private API is served by interface endpoints only, and its default name is "
            "answered by their private DNS",
            advice=f"call {api_id}-{where}.execute-api instead, or switch private DNS on for {where}"
            if endpoint
            else f"make an execute-api endpoint in {vpc_id} and call {api_id} by its name there",
            standing_cost="none" if endpoint else INTERFACE_ENDPOINT_COST,
        )


def _is_unread(case: Case, hit: Hit) -> bool:
    """Tell whether an endpoint might be there that could not be read."""
    return case.snapshot.gap("ec2:DescribeVpcEndpoints", case.source(hit.path).vpc_id) is not None


def _key(case: Case, hit: Hit) -> str:
    return f"{resource_of(hit)} {case.source(hit.path).vpc_id}"


def _endpoint(case: Case, vpc_id: str) -> VpcEndpoint | None:
    return next(
        (
            item
            for item in case.snapshot.vpc_endpoints
            if item.vpc_id == vpc_id and item.service_name.endswith(".execute-api")
        ),
        None,
    )


def _state(endpoint: VpcEndpoint) -> str:
    on = "on" if endpoint.private_dns_enabled else "off"
    return on if endpoint.state.lower() == "available" else f"{on}, and is {endpoint.state}"


FAULT = Fault(
    code="NP512",
    name="private-api-name-unresolvable",
    title="Private REST API called by its default name from a VPC without private DNS / endpoint",
    phrase="private API without its endpoint",
    since="0.1.0",
    symptoms=("name-fails",),
    check=check,
    doc=__doc__,
    explains=frozenset(
        {
            *NO_WAY_OUT,
            "route-v4-public-subnet-no-public-ip",
            "route-v4-default-vpc",
            "nat-in-private-subnet",
            "nat-deleted-blackhole",
            "nat-failed-or-pending",
            "igw-detached",
        }
    ),
)
