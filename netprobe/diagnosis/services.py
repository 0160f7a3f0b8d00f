"""What several faults say about AWS services and their endpoints."""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case
from netprobe.model.report import Path
from netprobe.model.resources import VpcEndpoint
from netprobe.model.service_names import service_of_host

GATEWAY_SERVICES = ("s3", "dynamodb")
"""Services with gateway endpoints, which are free."""

NOT_ENDPOINTABLE = "execute-api"
"""Its endpoint serves private REST APIs only, so it is no way to a public API."""


_WITH_DUAL_STACK_NAMES = frozenset(
    {
        "s3",
        "sqs",
        "sns",
        "ssm",
        "kms",
        "sts",
        "lambda",
        "logs",
        "monitoring",
        "events",
        "states",
        "ecr.api",
        "ec2",
        "kinesis-firehose",
        "appconfigdata",
        "xray",
        "bedrock-runtime",
        "rds-data",
    }
)
"""Services whose public endpoints AWS says support IPv6, under a name of its own.

https://docs.aws.amazon.com/vpc/latest/userguide/aws-ipv6-support.html
"""


def has_dual_stack_name(service: str) -> bool:
    """Tell whether AWS documents a dual-stack endpoint for a service."""
    return service in _WITH_DUAL_STACK_NAMES


def service_of(case: Case, path: Path) -> str | None:
    """Return the endpoint service behind the target's host, None for other hosts and APIs."""
    service = service_of_host(case.target(path).host, case.snapshot.region)
    return None if service == NOT_ENDPOINTABLE else service


def endpoints_for(case: Case, path: Path, service: str) -> Iterator[VpcEndpoint]:
    """Yield the VPC's endpoints of a service."""
    vpc_id = case.source(path).vpc_id
    for item in case.snapshot.vpc_endpoints:
        if item.vpc_id == vpc_id and item.service_name.endswith(f".{service}"):
            yield item


def service_without_endpoint(case: Case, path: Path) -> str | None:
    """Return the service of the target when the VPC is known to have no endpoint for it."""
    service = service_of(case, path)
    if service is None or case.snapshot.gap("ec2:DescribeVpcEndpoints"):
        return None
    return None if any(endpoints_for(case, path, service)) else service


def endpoint_would_serve(case: Case, path: Path) -> bool:
    """Tell whether the target is an AWS service, whose missing endpoint is the nearer cause."""
    return service_of(case, path) is not None
