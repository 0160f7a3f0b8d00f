"""A custom domain name leads by CNAME to a name that the endpoint's private DNS captures.

## What it means

The API is called by its Regional custom domain name, as it should be where an execute-api
endpoint has private DNS on. But the record is a CNAME, so the resolver asks for the
`d-xxxx.execute-api` name next, and the endpoint answers for that one too.

## Why traffic fails

Private DNS for execute-api is a wildcard. Route 53 looks up the target of an alias record
itself, past private DNS; a CNAME starts over in the VPC.

## How netprobe knows

A record of a private zone is a CNAME to a captured name; or the probe was led to the addresses
of the endpoint by a Regional custom domain name. Packets: a private address, then a certificate
that does not match, or HTTP 403.

## Known limits

Records of public zones are not read: there it needs the probe.

## Example

A domain at another DNS provider, which has no alias records.

## Fix

Make it an alias record (A, and AAAA where the domain is dual-stack), in a private zone for the
name if the public one cannot; or switch private DNS off for the endpoint.

## Fix safety

The call then leaves the VPC: the subnet needs a way to the internet.

## References

- https://repost.aws/knowledge-center/api-gateway-vpc-connections
- https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-choosing-alias-non-alias.html
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from netprobe.diagnosis.case import Case
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.names import (
    addresses_of,
    endpoint_answering,
    host_of,
    resolution_of,
    seen_addresses,
)
from netprobe.model.finding import Evidence, Finding
from netprobe.model.report import Path, PathVerdict


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per custom domain name and endpoint that captures it."""
    found: dict[tuple[str, str, str], list[Path]] = defaultdict(list)
    for path in case.paths:
        if path.verdict in {PathVerdict.BLOCKED, PathVerdict.REFUSED}:
            captured = _by_records(path) or _by_packets(case, path)
            if captured is not None:
                found[(host_of(case, path), *captured)].append(path)
    for (host, target, endpoint_id), paths in found.items():
        yield FAULT.found_with(
            (
                Evidence(resource_id=host, says=f"leads by CNAME to {target}"),
                Evidence(resource_id=endpoint_id, says=f"private DNS answers for {target}"),
            ),
            (path.key for path in paths),
            reason="a CNAME starts over in the VPC, where private DNS answers for every "
            "execute-api name; an alias record does not",
            advice=f"make {host} an alias record, or switch private DNS off for {endpoint_id}",
            standing_cost="none",
        )


def _by_records(path: Path) -> tuple[str, str] | None:
    """Return the captured name and the endpoint where the records on the way are known."""
    resolution = resolution_of(path)
    if resolution is None or not resolution.captured or resolution.endpoint_id is None:
        return None
    return (resolution.canonical, resolution.endpoint_id) if resolution.chain else None


def _by_packets(case: Case, path: Path) -> tuple[str, str] | None:
    """Return the same where the probe was led to an endpoint by a Regional custom name."""
    host, vpc_id = host_of(case, path), case.source(path).vpc_id
    domain = next((i for i in case.snapshot.domain_names if i.domain_name == host), None)
    if domain is None or domain.endpoint_type != "REGIONAL":
        return None
    for target in domain.target_names:
        endpoint = endpoint_answering(case, vpc_id, target)
        if endpoint is not None and addresses_of(case, endpoint) & set(seen_addresses(path)):
            return target, endpoint.vpc_endpoint_id
    return None


FAULT = Fault(
    code="NP516",
    name="apigw-custom-domain-cname-hijack",
    title="Workaround half done: Regional custom domain reached through a CNAME to d-xxxx.execute-api..., which the wildcard private zone captures too",
    phrase="CNAME captured by private DNS",
    since="0.1.0",
    symptoms=("tls-fails", "forbidden-inside"),
    check=check,
    doc=__doc__,
    explains=frozenset(
        {
            "apigw-private-dns-hijack-rest-http",
            "apigw-private-dns-hijack-websocket",
            "tls-hostname-mismatch",
        }
    ),
)
