"""The VPC has an endpoint for a sibling of the service, not for the one that is called.

## What it means

The name stays public although something similar has an endpoint here: SES's SMTP and not its
API, one of the two ECR services, execute-api and not API Gateway's control plane, an interface
endpoint for DynamoDB, which answers by its own names only.

## Why traffic fails

An endpoint answers for the names of its own service. A sibling has other names.

## How netprobe knows

The host is an AWS service's, the VPC has no endpoint that answers for it, it has one for a
sibling, and the public address leads nowhere. Packets: silence.

## Known limits

Which names are siblings is a table; services not in it are NP601.

## Example

An endpoint for `email-smtp` in an isolated subnet whose function calls sendEmail.

## Fix

Use what the endpoint covers (SMTP on 587), or make an endpoint for the service that is called;
for DynamoDB a gateway endpoint, which is free.

## Fix safety

A new endpoint with private DNS captures its service's name for the whole VPC.

## References

- https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html
- https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/privatelink-interface-endpoints.html
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from netprobe.diagnosis.case import Case
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.names import NO_WAY_OUT, stays_public
from netprobe.diagnosis.prices import INTERFACE_ENDPOINT_COST
from netprobe.diagnosis.services import endpoints_for, service_of, service_without_endpoint
from netprobe.model.addresses import Family
from netprobe.model.finding import Evidence, Finding
from netprobe.model.report import Path
from netprobe.model.resources import VpcEndpoint

_SIBLINGS = (
    frozenset({"email", "email-smtp"}),
    frozenset({"execute-api", "apigateway"}),
    frozenset({"ecr.api", "ecr.dkr"}),
    frozenset({"sagemaker.api", "sagemaker.runtime"}),
    frozenset({"bedrock", "bedrock-runtime", "bedrock-agent", "bedrock-agent-runtime"}),
    frozenset({"kinesis-streams", "kinesis-firehose"}),
    frozenset({"cognito-idp", "cognito-identity"}),
    frozenset({"dynamodb", "dynamodb-streams"}),
    frozenset({"ssm", "ssmmessages", "ec2messages"}),
)
"""Services that are taken for each other, by what names their endpoints."""

_WITHOUT_PRIVATE_DNS = "dynamodb"


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per service and endpoint that was taken for its own."""
    found: dict[tuple[str, str, str], list[Path]] = defaultdict(list)
    for path in case.failing():
        service = service_of(case, path)
        if service is None or path.key.family is not Family.IPV4 or not stays_public(case, path):
            continue
        sibling = _sibling(case, path, service)
        if sibling is not None:
            found[service, sibling.vpc_endpoint_id, sibling.service_name].append(path)
    for (service, endpoint_id, name), paths in found.items():
        is_free = service == _WITHOUT_PRIVATE_DNS
        wanted = "a gateway endpoint" if is_free else "an interface endpoint"
        yield FAULT.found_with(
            (
                Evidence(
                    resource_id=endpoint_id, says=f"is {name}: no answer for {_hosts(case, paths)}"
                ),
            ),
            (path.key for path in paths),
            reason="an endpoint answers for the names of its own service, not for a sibling's",
            advice=f"make {wanted} for {service}; {endpoint_id} does not have its name",
            standing_cost="none" if is_free else INTERFACE_ENDPOINT_COST,
        )


def _sibling(case: Case, path: Path, service: str) -> VpcEndpoint | None:
    """Return the endpoint that looks as if it served the target and does not."""
    unread = case.snapshot.gap("ec2:DescribeVpcEndpoints")
    if service == _WITHOUT_PRIVATE_DNS and not unread and not _has_gateway(case, path):
        own = next(endpoints_for(case, path, service), None)
        if own is not None:
            return own
    if service_without_endpoint(case, path) is None:
        return None
    others = {name for group in _SIBLINGS if service in group for name in group} - {service}
    found = (item for name in sorted(others) for item in endpoints_for(case, path, name))
    return next(found, None)


def _has_gateway(case: Case, path: Path) -> bool:
    own = endpoints_for(case, path, _WITHOUT_PRIVATE_DNS)
    return any(item.endpoint_type == "Gateway" for item in own)


def _hosts(case: Case, paths: list[Path]) -> str:
    return ", ".join(sorted({case.target(path).host for path in paths}))


FAULT = Fault(
    code="NP609",
    name="endpoint-wrong-flavour",
    title="Endpoint exists for a sibling protocol/service, not for the API called (SES: email-smtp vs email API; execute-api vs apigateway; s3 interface vs gateway)",
    phrase="endpoint of a sibling service",
    since="0.1.0",
    symptoms=("aws-service-timeout",),
    check=check,
    doc=__doc__,
    explains=frozenset(
        {
            *NO_WAY_OUT,
            "service-endpoint-absent",
            "gateway-endpoint-absent",
            "endpoint-private-dns-disabled",
        }
    ),
)
