"""The SDK calls the service by a name without IPv6, although there is one with it.

## What it means

The AWS service has a dual-stack endpoint with a name of its own, and the client uses the plain
one, which has no AAAA record. IPv6 is the only way out of this subnet.

## Why traffic fails

Most services publish AAAA records on `*.api.aws` or `s3.dualstack.*` names only. SDKs use
those when they are told to, and the default is off. Over IPv4 there is no route.

## How netprobe knows

The resolver answers AAAA of the service's plain host with no data, the service is one whose
dual-stack endpoint AWS documents, nothing else stops IPv6 here, and IPv4 has no way. Packets: no
data over IPv6, silence over IPv4.

## Known limits

Services whose dual-stack endpoint is not documented are left out. An explicit endpoint URL in
the client overrides the setting.

## Example

A function in a subnet with an egress-only gateway and no NAT gateway that calls SSM.

## Fix

Set `AWS_USE_DUALSTACK_ENDPOINT=true` in the function's environment, or `use_dualstack_endpoint`
in the client.

## Fix safety

All clients of the function switch: policies keyed on IPv4 addresses will see IPv6 ones, and an
interface endpoint may not answer for the other name.

## References

- https://docs.aws.amazon.com/sdkref/latest/guide/feature-endpoints.html
- https://docs.aws.amazon.com/vpc/latest/userguide/aws-ipv6-support.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.ipv4_only import answer, without_record
from netprobe.diagnosis.services import endpoints_for, has_dual_stack_name, service_of
from netprobe.model.finding import Evidence, Finding
from netprobe.model.report import Path


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per service that is called by its IPv4-only name."""
    found: dict[str, list[Path]] = {}
    for path in without_record(case):
        service = service_of(case, path)
        if service is None or not has_dual_stack_name(service):
            continue
        if not any(endpoints_for(case, path, service)):  # which the plain name would be right for
            found.setdefault(service, []).append(path)
    for service, paths in found.items():
        functions = dict.fromkeys(_who(case, path) for path in paths)
        yield FAULT.found_with(
            (
                *dict.fromkeys(map(answer, paths)),
                Evidence(resource_id=service, says="has a dual-stack endpoint of another name"),
            ),
            (path.key for path in paths),
            reason="a service's plain name has no AAAA record, and SDKs use the dual-stack name "
            "only when told to",
            advice=f"set AWS_USE_DUALSTACK_ENDPOINT=true for {', '.join(functions)}",
        )


def _who(case: Case, path: Path) -> str:
    source = case.source(path)
    return source.function_name or source.id


FAULT = Fault(
    code="NP405",
    name="sdk-not-dualstack",
    title="SDK resolves the IPv4-only service hostname because dual-stack endpoints are not enabled",
    phrase="SDK calls the IPv4-only name",
    since="0.1.0",
    symptoms=("connect-timeout-ipv4", "aws-service-timeout", "no-aaaa"),
    check=check,
    doc=__doc__,
)
