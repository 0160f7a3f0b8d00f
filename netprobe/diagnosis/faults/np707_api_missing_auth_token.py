"""API Gateway knows no such path, or wants a signature.

## What it means

The API answered: Missing Authentication Token. The network is fine. The path, the method or the
stage does not exist, or the method wants a signed request.

## Why traffic fails

API Gateway gives this answer to a REST API's unknown resource as well as to a call without a
signature where IAM authorizes it.

## How netprobe knows

Packets: HTTP 403 with the error type MissingAuthenticationTokenException, for a path that was
asked for.

## Known limits

The probe signs nothing, so where the method wants a signature its answer proves the way to it
and no more: for `@connections`, and for AWS services, this is expected and no finding.

## Example

A URL without its stage.

## Fix

Correct the stage, path and method, or sign the request with the role's credentials.

## Fix safety

Nothing is changed in the network.

## References

- https://repost.aws/knowledge-center/api-gateway-authentication-token-errors
- https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.answers import refused_by_target
from netprobe.diagnosis.case import Case
from netprobe.diagnosis.fault import Fault
from netprobe.model.finding import Evidence, Finding
from netprobe.model.report import TargetKind

_APIS = frozenset({TargetKind.REST_API, TargetKind.HTTP_API, TargetKind.HTTPS})


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per API path that is not there, or not without a signature."""
    found = refused_by_target(
        case,
        lambda path, refusal: (
            refusal.kind.startswith("MissingAuthenticationToken")
            and case.target(path).kind in _APIS
            and case.target(path).path_given
        ),
    )
    for target, paths in found:
        asked = case.target(paths[0][0]).path
        yield FAULT.found_with(
            (Evidence(resource_id=target, says=f"answers {paths[0][1].said} to {asked}"),),
            (path.key for path, _ in paths),
            reason="API Gateway says this to an unknown path and to a call without a signature",
            advice=f"check stage, path and method of {asked}, or sign the request",
        )


FAULT = Fault(
    code="NP707",
    name="api-missing-auth-token",
    title="403 Missing Authentication Token: path/method/stage absent or request unsigned (network is fine)",
    phrase="no such path, or no signature",
    since="0.1.0",
    symptoms=("api-4xx",),
    check=check,
    doc=__doc__,
)
