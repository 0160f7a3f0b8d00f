"""The VPC's DNS attributes keep its resolver, or its private names, from working.

## What it means

With enableDnsSupport off the Amazon resolver does not answer at all. With enableDnsHostnames
off it ignores private hosted zones and the private DNS of endpoints, and answers publicly.

## Why traffic fails

Without an answer nothing is sent. With the public answer traffic goes where the subnet has no
way, although an endpoint or a zone in the VPC has the name.

## How netprobe knows

DescribeVpcAttribute says so. For enableDnsHostnames it also takes an endpoint with private DNS
or a private zone that would answer for the name, and a path that fails. Packets: DNS times out,
or a public address is silent.

## Known limits

With servers of one's own in the DHCP option set enableDnsSupport decides nothing here.

## Example

A template that leaves enableDnsHostnames at its default, false, in a VPC with endpoints.

## Fix

Switch both attributes on.

## Fix safety

Private zones and private DNS then answer in the whole VPC: names that resolved publicly may
lead to endpoints.

## References

- https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html
- https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-private-considerations.html
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from netprobe.diagnosis.case import Case, Hit, by, resource_of
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.names import (
    NO_WAY_OUT,
    endpoint_answering,
    has_record,
    host_of,
    outcome_of,
    stays_public,
    waits_for_attributes,
    zone_answering,
)
from netprobe.model.finding import Evidence, Finding
from netprobe.model.observation import Outcome
from netprobe.model.report import Path
from netprobe.model.trace import Reason


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per VPC and attribute that is off and felt."""
    silent = (hit for hit in case.hits(Reason.NO_RESOLVER) if _is_switched_off(hit))
    for vpc_id, group in by(silent, resource_of):
        yield FAULT.found(
            group,
            reason="without enableDnsSupport the Amazon resolver answers no question",
            advice=f"switch enableDnsSupport and enableDnsHostnames on for {vpc_id}",
        )
    private = (hit for hit in case.hits(Reason.API_IS_PRIVATE) if waits_for_attributes(case, hit))
    for vpc_id, group in by(private, lambda hit: case.source(hit.path).vpc_id):
        yield FAULT.found(
            group,
            reason="private zones and the private DNS of endpoints need both DNS attributes",
            advice=f"switch enableDnsSupport and enableDnsHostnames on for {vpc_id}",
        )
    for (vpc_id, owner), paths in _public(case).items():
        hosts = ", ".join(sorted({host_of(case, path) for path in paths}))
        yield FAULT.found_with(
            (
                Evidence(resource_id=vpc_id, says="enableDnsHostnames is false"),
                Evidence(resource_id=owner, says=f"would answer for {hosts}"),
            ),
            (path.key for path in paths),
            reason="private zones and the private DNS of endpoints need both DNS attributes",
            advice=f"switch enableDnsHostnames on for {vpc_id}",
            standing_cost="none",
        )


def _is_switched_off(hit: Hit) -> bool:
    return str(hit.blocker.entry).startswith("enableDnsSupport")


def _public(case: Case) -> dict[tuple[str, str], list[Path]]:
    """Return failing paths whose name a private zone or an endpoint of the VPC should answer."""
    found: dict[tuple[str, str], list[Path]] = defaultdict(list)
    for path in case.failing():
        vpc = case.snapshot.vpc(case.source(path).vpc_id)
        if vpc is None or vpc.enable_dns_hostnames is not False or not vpc.enable_dns_support:
            continue
        owner = _owner(case, vpc.vpc_id, host_of(case, path))
        missing = outcome_of(path) in {Outcome.DNS_NXDOMAIN, Outcome.DNS_SERVFAIL}
        if owner is not None and (missing or stays_public(case, path)):
            found[vpc.vpc_id, owner].append(path)
    return found


def _owner(case: Case, vpc_id: str, host: str) -> str | None:
    endpoint = endpoint_answering(case, vpc_id, host)
    if endpoint is not None:
        return endpoint.vpc_endpoint_id
    zone = zone_answering(case, vpc_id, host)
    return zone.hosted_zone_id if zone and has_record(zone, host) else None


FAULT = Fault(
    code="NP505",
    name="vpc-dns-support-off",
    title="enableDnsSupport or enableDnsHostnames is false",
    phrase="DNS attributes of the VPC off",
    since="0.1.0",
    symptoms=("name-fails", "wrong-address"),
    check=check,
    doc=__doc__,
    explains=NO_WAY_OUT,
)
