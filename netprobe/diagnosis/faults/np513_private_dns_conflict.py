"""Two endpoints, or an endpoint and a zone, claim one private name, and only one may have it.

## What it means

The VPC has an endpoint of the service with private DNS off, and the name already belongs to
another endpoint or to a private zone. Private DNS cannot be switched on for it.

## Why traffic fails

A VPC has one private zone for a name. AWS refuses the second: "conflicting DNS domain". The
name follows the older one.

## How netprobe knows

DescribeVpcEndpoints lists both endpoints, or a private zone of the very name is associated with
the VPC, and the call does not work.

## Known limits

It never breaks a call by itself, so it is a note beside what does.

## Example

A second execute-api endpoint for a new team, in a VPC where somebody else's has private DNS.

## Fix

Use the endpoint that has the name, or call this one by its own names.

## Fix safety

Taking the name away from its owner breaks those who call by it.

## References

- https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html
- https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-private-considerations.html
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from netprobe.diagnosis.case import Case
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.names import endpoint_answering, host_of, names_of_endpoint, within
from netprobe.model.finding import Evidence, Finding, Role
from netprobe.model.report import Path, PathVerdict
from netprobe.model.resources import VpcEndpoint
from netprobe.model.service_names import matches_name


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per endpoint that cannot have its name, where the call does not work."""
    found: dict[tuple[str, str], list[Path]] = defaultdict(list)
    for path in case.paths:
        if path.verdict not in {PathVerdict.BLOCKED, PathVerdict.REFUSED}:
            continue
        for endpoint in _nameless(case, path):
            owner = _owner(case, path, endpoint)
            if owner is not None and case.is_in_play(path):
                found[endpoint.vpc_endpoint_id, owner].append(path)
    for (endpoint_id, owner), paths in found.items():
        hosts = ", ".join(sorted({host_of(case, path) for path in paths}))
        yield FAULT.found_with(
            (
                Evidence(resource_id=endpoint_id, says="has private DNS off"),
                Evidence(resource_id=owner, says=f"has {hosts}, so {endpoint_id} cannot"),
            ),
            (path.key for path in paths),
            reason="a VPC has one private zone for a name",
            advice=f"call {endpoint_id} by its own names, or use {owner}",
            standing_cost="none",
        )


def _nameless(case: Case, path: Path) -> Iterator[VpcEndpoint]:
    """Yield interface endpoints of the target's service that do not answer for its name."""
    vpc_id, host = case.source(path).vpc_id, host_of(case, path)
    for item in case.snapshot.vpc_endpoints:
        if item.vpc_id != vpc_id or item.endpoint_type != "Interface" or item.private_dns_enabled:
            continue
        if any(matches_name(name, host) for name in names_of_endpoint(case, item)):
            yield item


def _owner(case: Case, path: Path, endpoint: VpcEndpoint) -> str | None:
    """Return who has the name: another endpoint, or a private zone of that very domain."""
    vpc_id, host = case.source(path).vpc_id, host_of(case, path)
    other = endpoint_answering(case, vpc_id, host)
    if other is not None:
        return other.vpc_endpoint_id
    taken = {name.removeprefix("*.") for name in names_of_endpoint(case, endpoint)}
    return next(
        (
            item.hosted_zone_id
            for item in case.snapshot.hosted_zones
            if vpc_id in item.vpc_ids and item.name in taken and within(host, item.name)
        ),
        None,
    )


FAULT = Fault(
    code="NP513",
    name="private-dns-conflict",
    title="Second endpoint/zone for the same name cannot be created: 'conflicting DNS domain'",
    phrase="private DNS name already taken",
    since="0.1.0",
    symptoms=("wrong-address", "change-refused"),
    check=check,
    doc=__doc__,
    role=Role.NOTE,
)
