"""The management client was made without the API's endpoint.

## What it means

The host that is called has no API in it: the client for `@connections` was made without an
endpoint and took the service's bare name, `execute-api.{region}`.

## Why traffic fails

The SDK cannot know which API and stage are meant, so its default host leads to none.

## How netprobe knows

The target's host is the bare name of execute-api.

## Known limits

What the bare name answers is not AWS's promise: often it does not resolve at all.

## Example

`boto3.client('apigatewaymanagementapi')` and nothing more.

## Fix

Give the client the endpoint https://{api}.execute-api.{region}.amazonaws.com/{stage}; the scheme
is https, not wss.

## Fix safety

Nothing is changed in the network.

## References

- https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html
- https://github.com/boto/botocore/issues/2218
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from netprobe.diagnosis.case import Case
from netprobe.diagnosis.fault import Fault
from netprobe.model.finding import Evidence, Finding
from netprobe.model.service_names import normalise_host

_BARE = re.compile(r"execute-api\.[a-z0-9-]+\.(amazonaws\.com(\.cn)?|api\.aws)")


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per target that is no API's host."""
    for target in case.targets:
        if _BARE.fullmatch(normalise_host(target.host)):
            yield FAULT.found_with(
                (Evidence(resource_id=target.host, says="names no API"),),
                (path.key for path in case.paths if path.key.target == target.id),
                reason="the SDK cannot know which API and stage are meant",
                advice=f"make the client with endpoint_url https://API_ID.{target.host}/STAGE",
            )


FAULT = Fault(
    code="NP803",
    name="management-api-default-host",
    title="apigatewaymanagementapi client created without endpoint: bare execute-api.REGION host, connection fails",
    phrase="the client has no endpoint",
    since="0.1.0",
    symptoms=("name-fails",),
    check=check,
    doc=__doc__,
)
