"""A private API is called by an endpoint's own name, without saying which API is meant.

## What it means

The request goes to `vpce-….execute-api.{region}.vpce.amazonaws.com` with that very name as its
Host, and the endpoint answers 403 Forbidden.

## Why traffic fails

The endpoint serves every private API it is allowed to. The Host header or `x-apigw-api-id` says
which one.

## How netprobe knows

The target's host is an execute-api endpoint's own name, the connection and TLS are fine, and
the answer is 403 that no policy gave.

## Known limits

A policy's refusal (AccessDenied) is another fault. netprobe's own request carries no such
header, so what the application sends may be right.

## Example

A URL copied from the endpoint's page of the console.

## Fix

Send `x-apigw-api-id: {api}` or the API's own name as Host; or call `{api}-{vpce}.execute-api`.

## Fix safety

Nothing else changes.

## References

- https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-api-test-invoke-url.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from netprobe.diagnosis.case import Case
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.names import error_type, host_of
from netprobe.model.finding import Confidence, Evidence, Finding
from netprobe.model.report import Path

_FORBIDDEN = 403


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per endpoint name that answered a request for no API in particular."""
    hosts = dict.fromkeys(host_of(case, path) for path in case.paths if _is_anonymous(case, path))
    for host in hosts:
        paths = [path for path in case.paths if host_of(case, path) == host and _is_refused(path)]
        endpoint_id = "-".join(host.partition(".")[0].split("-")[:2])
        yield replace(
            FAULT.found_with(
                (Evidence(resource_id=endpoint_id, says=f"answers 403 Forbidden to {host}"),),
                (path.key for path in paths),
                reason="an execute-api endpoint learns from the Host or x-apigw-api-id header "
                "which private API is meant",
                advice="send x-apigw-api-id or the API's own name as Host, or call "
                f"API-{endpoint_id}.execute-api.{case.snapshot.region}.amazonaws.com",
                standing_cost="none",
            ),
            confidence=Confidence.LOW,
        )


def _is_anonymous(case: Case, path: Path) -> bool:
    host = host_of(case, path)
    is_own = host.startswith("vpce-") and ".execute-api." in host
    return is_own and host.endswith(".vpce.amazonaws.com") and _is_refused(path)


def _is_refused(path: Path) -> bool:
    seen = path.observation
    if seen is None or seen.status != _FORBIDDEN:
        return False
    return not error_type(path).startswith("AccessDenied")


FAULT = Fault(
    code="NP608",
    name="private-api-host-header-missing",
    title="Private API called by vpce hostname without Host / x-apigw-api-id header",
    phrase="endpoint does not know which API",
    since="0.1.0",
    symptoms=("forbidden-inside",),
    check=check,
    doc=__doc__,
)
