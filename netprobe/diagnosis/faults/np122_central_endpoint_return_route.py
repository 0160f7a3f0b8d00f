"""The central endpoint is reached and its answers do not come back.

## What it means

The service's name leads to an interface endpoint in another VPC, the hub. The request gets
there; the hub's tables do not lead back to this VPC, or the endpoint's group does not admit it.

## Why traffic fails

Both directions need routes: in the spoke, in the transit gateway's tables, and in the tables of
the endpoint's subnets. The endpoint's security group sees the spoke's own addresses.

## How netprobe knows

The destination is an interface of an endpoint in another VPC, and the reply or the group stops
the flow there. Where the hub cannot be read, a service's name with a private address behind a
transit gateway or a peering connection and silent packets; then it stays unsure.

## Known limits

An endpoint in the function's own VPC that does not admit it is another fault (NP205), and so is a
group that refers to the function's own, which means nothing from another VPC (NP206).

## Example

A new spoke that was given the shared private zones and the route to the hub, and whose block was
never propagated there.

## Fix

Propagate the spoke's block into the hub's transit gateway table, add it in the tables of the
endpoint's subnets, and admit it in the endpoint's group.

## Fix safety

Admit tcp/443 from the spoke's block only.

## References

- https://docs.aws.amazon.com/whitepapers/latest/building-scalable-secure-multi-vpc-network-infrastructure/centralized-access-to-vpc-private-endpoints.html
- https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from netprobe.diagnosis.admission import foreign_reference
from netprobe.diagnosis.case import Case, Hit, by
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.ways import (
    central_endpoint,
    goes_by_peering,
    goes_by_transit_gateway,
    leads_inside_elsewhere,
    own_table,
    silence,
    silent_at_connect,
    source_block,
)
from netprobe.model.finding import Confidence, Evidence, Finding
from netprobe.model.report import Path
from netprobe.model.trace import Half, Reason

_WHY = "a central endpoint needs a route back to the spoke and a group that admits the spoke"


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per central endpoint whose answers do not come back."""
    hits = (
        hit
        for hit in case.hits(Reason.REPLY_ELSEWHERE, Reason.INGRESS_NOT_ALLOWED)
        if central_endpoint(case, hit.path) is not None and not foreign_reference(case, hit)
    )
    for endpoint_id, group in by(hits, lambda hit: _endpoint_id(case, hit)):
        yield FAULT.found(
            group,
            also=(Evidence(resource_id=endpoint_id, says="is the endpoint, in another VPC"),),
            reason=_WHY,
            advice=_advice(case, group),
        )
    yield from _hidden(case)


def _endpoint_id(case: Case, hit: Hit) -> str:
    endpoint = central_endpoint(case, hit.path)
    return endpoint.vpc_endpoint_id if endpoint else ""


def _advice(case: Case, group: list[Hit]) -> str:
    steps: dict[str, None] = {}
    for hit in group:
        block, place = source_block(case, hit.path), hit.blocker.resource_id
        if hit.blocker.half is Half.REPLY:
            steps[f"add the route back to {block} in {place}"] = None
        else:
            port = hit.path.trace.flow.port if hit.path.trace else 443
            steps[f"allow ingress tcp {port} from {block} in {place}"] = None
    return " and ".join(steps)


def _hidden(case: Case) -> Iterator[Finding]:
    """Yield what is silent behind a hub that cannot be read."""
    found: dict[str, list[Path]] = {}
    for path in silent_at_connect(case):
        away = goes_by_transit_gateway(path) or goes_by_peering(path)
        table = own_table(case, path)
        if away and table is not None and leads_inside_elsewhere(case, path):
            found.setdefault(path.key.target, []).append(path)
    for paths in found.values():
        address = paths[0].trace.flow.destination if paths[0].trace else ""
        says = f"is where the name led, in a hub outside the visible account: {address}"
        finding = FAULT.found_with(
            (Evidence(resource_id=paths[0].key.target, says=says), *map(silence, paths)),
            (path.key for path in paths),
            reason=_WHY,
            advice=f"have the hub's owner add the route back to {source_block(case, paths[0])} and "
            "admit it in the endpoint's group",
        )
        yield replace(finding, confidence=Confidence.LOW)


FAULT = Fault(
    code="NP122",
    name="central-endpoint-return-route",
    title="Centralised endpoint: DNS gives the hub's private IPs, but hub/TGW tables lack the return route (or endpoint SG lacks the spoke CIDR)",
    phrase="central endpoint does not answer this VPC",
    since="0.1.0",
    symptoms=("aws-service-timeout",),
    check=check,
    doc=__doc__,
)
