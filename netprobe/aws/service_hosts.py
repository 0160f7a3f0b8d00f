"""The host names AWS's SDKs call, from botocore's own endpoint rules; nothing is sent."""

from __future__ import annotations

import difflib
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from botocore.endpoint_provider import EndpointProvider
from botocore.exceptions import BotoCoreError
from botocore.loaders import Loader

from netprobe.errors import NetprobeError

_PARAMETERS_OF: dict[str, dict[str, Any]] = {
    "s3": {"UseGlobalEndpoint": False},
    "s3control": {"RequiresAccountId": False},
    "sts": {"UseGlobalEndpoint": False},
    "acm": {"ServiceType": "ACM"},
    "neptune-graph": {"ApiType": "ControlPlane"},
}
"""What the rules of a service need beside region and dual-stack to give its regional host.

Without the first, S3 in us-east-1 gives ``s3.amazonaws.com``, which no VPC endpoint serves.
"""

_SDK_NAMES = {
    "monitoring": "cloudwatch",
    "states": "stepfunctions",
    "ecr.api": "ecr",
    "kinesis-streams": "kinesis",
    "kinesis-firehose": "firehose",
    "email": "ses",
    "dynamodb-streams": "dynamodbstreams",
    "elasticfilesystem": "efs",
    "elasticloadbalancing": "elbv2",
    "sagemaker.api": "sagemaker",
    "sagemaker.runtime": "sagemaker-runtime",
    "iot.data": "iot-data",
}
"""botocore's service name by that of the endpoint service, where they differ."""

_HINTS = {
    "execute-api": "name the API itself: api:ID",
    "ecr.dkr": "give your registry's URL: https://ACCOUNT.dkr.ecr.{region}.amazonaws.com",
    "neptune-db": "give your cluster's ARN, or its endpoint: tcp://HOST:8182",
}
"""What to write for services whose hosts belong to one resource."""

_WITHOUT_AN_SDK = frozenset(
    {
        "ec2messages",
        "ecs-agent",
        "ecs-telemetry",
        "email-smtp",
        "git-codecommit",
        "ssmmessages",
        "sync-states",
    }
)
"""Endpoint services that agents and tools call, and no SDK has a client for.

https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html
"""


def service_names() -> list[str]:
    """Return the names a service can be asked for by: the SDK's, and those of endpoints."""
    return sorted({*_loader().list_available_services("endpoint-rule-set-1"), *_SDK_NAMES})


class BotocoreHosts:
    """Host names of services in one region."""

    def __init__(self, region: str) -> None:
        self._region = region
        self._loader = _loader()

    def host(self, service: str, *, dual_stack: bool) -> str:
        """Return the host name of a service in the region; raises NetprobeError if unknown."""
        if not self._region:
            what = f"a host of {service!r} needs a region, and nothing says which"
            raise NetprobeError("no-region", what, hint="give --region")
        asked = service.strip().lower()
        name = _SDK_NAMES.get(asked, asked)
        known = self._loader.list_available_services("endpoint-rule-set-1")
        if name not in known:
            hint = self._hint(name, known)
            raise NetprobeError("unknown-service", f"no AWS service {service!r}", hint=hint)
        return self._resolve(name, service, dual_stack=dual_stack)

    def _hint(self, name: str, known: list[str]) -> str:
        """Return what to write instead of a name the SDK does not know."""
        if name in _HINTS:
            return _HINTS[name].format(region=self._region)
        if name in _WITHOUT_AN_SDK:
            return f"give its URL: https://{name}.{self._region}.amazonaws.com"
        near = difflib.get_close_matches(name, [*known, *_SDK_NAMES], n=1, cutoff=0.5)
        return f"did you mean service:{near[0]}?" if near else "use the SDK's service name"

    def _resolve(self, name: str, given: str, *, dual_stack: bool) -> str:
        provider = EndpointProvider(
            self._loader.load_service_model(name, "endpoint-rule-set-1"),
            self._loader.load_data("partitions"),
        )
        parameters: dict[str, Any] = {
            "Region": self._region, "UseDualStack": dual_stack, "UseFIPS": False,
        }  # fmt: skip
        try:
            found = provider.resolve_endpoint(**parameters, **_PARAMETERS_OF.get(name, {}))
        except BotoCoreError as error:
            raise NetprobeError(
                "no-service-host",
                f"service {given!r} has no host of its own in {self._region}",
                why=str(error),
                hint="give its URL as --target instead",
            ) from error
        return str(urlsplit(found.url).hostname)


@lru_cache(maxsize=1)
def _loader() -> Loader:
    return Loader()
