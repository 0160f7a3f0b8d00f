"""The SDK calls SQS by its legacy host, which the endpoint's private DNS does not have.

## What it means

The VPC has an endpoint for SQS, and the call goes to `{region}.queue.amazonaws.com`, which
stays public.

## Why traffic fails

Private DNS of the endpoint has `sqs.{region}.amazonaws.com`. Old SDKs made the other name.

## How netprobe knows

The target's host is a legacy one, an available SQS endpoint of the VPC does not list it, and
the public address leads nowhere. Packets: silence.

## Known limits

Which name the SDK makes is not in the configuration; the target says it.

## Example

An old boto3, which warns of a deprecated endpoint, in an isolated subnet with an SQS endpoint.

## Fix

Call `sqs.{region}.amazonaws.com`: a newer SDK does, or an endpoint URL.

## Fix safety

Queue URLs kept in configuration may hold the old host: look them up again.

## References

- https://docs.aws.amazon.com/general/latest/gr/sqs-service.html
- https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-internetwork-traffic-privacy.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from netprobe.diagnosis.case import Case
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.names import NO_WAY_OUT, host_of, other_names
from netprobe.model.finding import Evidence, Finding
from netprobe.model.report import Path

_LEGACY = re.compile(r"(?:(?P<region>[a-z0-9-]+)\.)?queue\.amazonaws\.com(?:\.cn)?")


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per SQS endpoint that is missed by its legacy host."""
    for endpoint, paths in other_names(case, _service):
        hosts = ", ".join(sorted({host_of(case, path) for path in paths}))
        regional = f"sqs.{case.snapshot.region}.amazonaws.com"
        yield FAULT.found_with(
            (
                Evidence(
                    resource_id=endpoint.vpc_endpoint_id,
                    says=f"answers for {regional} and not for {hosts}",
                ),
            ),
            (path.key for path in paths),
            reason="private DNS has the service's current name, not its legacy one",
            advice=f"call SQS by {regional}: a newer SDK, or an endpoint URL",
            standing_cost="none",
        )


def _service(case: Case, path: Path) -> str | None:
    """Return sqs where the host is a legacy one of this region."""
    found = _LEGACY.fullmatch(host_of(case, path))
    if found is None:
        return None
    return "sqs" if (found["region"] or "us-east-1") == case.snapshot.region else None


FAULT = Fault(
    code="NP514",
    name="sqs-legacy-hostname",
    title="SDK uses legacy SQS host REGION.queue.amazonaws.com that endpoint private DNS does not cover",
    phrase="legacy SQS host",
    since="0.1.0",
    symptoms=("aws-service-timeout", "wrong-address"),
    check=check,
    doc=__doc__,
    explains=NO_WAY_OUT,
)
