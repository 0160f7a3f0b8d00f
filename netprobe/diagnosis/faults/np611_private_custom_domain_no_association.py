"""A private custom domain name is called through an endpoint that may not be associated with it.

## What it means

The name leads to an execute-api endpoint of this VPC, and the endpoint does not serve it: TLS
fails, or the answer is 403 Forbidden.

## Why traffic fails

The consumer of a private custom domain name makes an access association for each endpoint, and
the domain's own policy has to allow the endpoint too.

## How netprobe knows

The domain name is private, its address is that of an execute-api endpoint of the VPC, and the
handshake or the request fails there in a way that no API's policy explains.

## Known limits

Access associations are not read, so this is the likeliest cause and not a proven one. A refusal
by the API's own policy (AccessDenied) is another fault.

## Example

A record for the domain made in a second VPC, whose endpoint was never associated.

## Fix

Create the domain name access association for the endpoint, and allow the endpoint in the
domain's policy and in the API's.

## Fix safety

The association gives every caller that reaches the endpoint a way to the domain.

## References

- https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-custom-domains.html
- https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-custom-domains-associations.html
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from netprobe.diagnosis.case import Case
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.names import addresses_of, error_type, host_of, outcome_of, seen_addresses
from netprobe.model.finding import Confidence, Evidence, Finding
from netprobe.model.observation import Outcome
from netprobe.model.report import Path
from netprobe.model.resources import VpcEndpoint

_FORBIDDEN = 403


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per private domain name and endpoint that does not serve it."""
    domains = {i.domain_name for i in case.snapshot.domain_names if i.endpoint_type == "PRIVATE"}
    found: dict[tuple[str, str], list[Path]] = defaultdict(list)
    for path in case.paths:
        endpoint = _endpoint(case, path) if host_of(case, path) in domains else None
        if endpoint is not None and _is_turned_away(path):
            found[host_of(case, path), endpoint.vpc_endpoint_id].append(path)
    for (host, endpoint_id), paths in found.items():
        outcome = outcome_of(paths[0])
        yield replace(
            FAULT.found_with(
                (
                    Evidence(resource_id=endpoint_id, says=f"does not serve {host}: {outcome}"),
                    Evidence(resource_id=host, says="is a private custom domain name"),
                ),
                (path.key for path in paths),
                reason="each endpoint needs an access association with a private custom domain "
                "name, and the domain's policy has to allow it",
                advice=f"create a domain name access association of {host} with {endpoint_id}, "
                "and allow it in the domain's policy",
                standing_cost="none",
            ),
            confidence=Confidence.LOW,
        )


def _endpoint(case: Case, path: Path) -> VpcEndpoint | None:
    """Return the execute-api endpoint that the packets were led to."""
    vpc_id, seen = case.source(path).vpc_id, set(seen_addresses(path))
    return next(
        (
            item
            for item in case.snapshot.vpc_endpoints
            if item.vpc_id == vpc_id
            and item.service_name.endswith(".execute-api")
            and addresses_of(case, item) & seen
        ),
        None,
    )


def _is_turned_away(path: Path) -> bool:
    seen = path.observation
    if seen is None or error_type(path).startswith("AccessDenied"):
        return False
    return seen.outcome is Outcome.TLS_FAILED or seen.status == _FORBIDDEN


FAULT = Fault(
    code="NP611",
    name="private-custom-domain-no-association",
    title="Private custom domain name: no domain name access association for this endpoint, or its policy denies",
    phrase="private domain not associated",
    since="0.1.0",
    symptoms=("tls-fails", "forbidden-inside"),
    check=check,
    doc=__doc__,
    explains=frozenset({"tls-hostname-mismatch"}),
)
