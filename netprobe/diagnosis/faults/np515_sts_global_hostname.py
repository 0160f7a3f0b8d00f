"""A service is called by its global host, which the Regional endpoint does not have.

## What it means

The VPC has an interface endpoint for the service, STS mostly, and the call goes to the global
name, such as `sts.amazonaws.com`, which stays public.

## Why traffic fails

Private DNS of the endpoint has the Regional name only. Older SDKs call STS by the global one.

## How netprobe knows

The target's host is `{service}.amazonaws.com`, an endpoint of that service is in the VPC and
does not list the host, and the public address leads nowhere. Packets: silence.

## Known limits

Which name the SDK makes is not in the configuration; the target says it. Services that are
global only, such as IAM, have no Regional endpoint to use.

## Example

A function with an old SDK that assumes a role from an isolated subnet with an STS endpoint.

## Fix

Use the Regional name: AWS_STS_REGIONAL_ENDPOINTS=regional, or a newer SDK.

## Fix safety

Tokens of Regional STS endpoints are valid in all Regions.

## References

- https://docs.aws.amazon.com/sdkref/latest/guide/feature-sts-regionalized-endpoints.html
- https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_enable-regions.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.names import NO_WAY_OUT, host_of, other_names
from netprobe.model.finding import Evidence, Finding
from netprobe.model.report import Path

_SUFFIX = ".amazonaws.com"


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per endpoint that is missed by the service's global host."""
    for endpoint, paths in other_names(case, _service):
        service = endpoint.service_name.rpartition(".")[2]
        regional = f"{service}.{case.snapshot.region}{_SUFFIX}"
        advice = f"call {regional} instead"
        if service == "sts":
            advice += ": set AWS_STS_REGIONAL_ENDPOINTS=regional, or use a newer SDK"
        yield FAULT.found_with(
            (
                Evidence(
                    resource_id=endpoint.vpc_endpoint_id,
                    says=f"answers for {regional} and not for {service}{_SUFFIX}",
                ),
            ),
            (path.key for path in paths),
            reason="private DNS of an endpoint has the Regional name of its service only",
            advice=advice,
            standing_cost="none",
        )


def _service(case: Case, path: Path) -> str | None:
    """Return the service of a global host, None for any other host."""
    label, found, rest = host_of(case, path).partition(_SUFFIX)
    return label if found and not rest and "." not in label else None


FAULT = Fault(
    code="NP515",
    name="sts-global-hostname",
    title="STS (or other global) endpoint sts.amazonaws.com is used; the Regional interface endpoint does not cover it",
    phrase="global host name",
    since="0.1.0",
    symptoms=("aws-service-timeout", "wrong-address"),
    check=check,
    doc=__doc__,
    explains=NO_WAY_OUT,
)
