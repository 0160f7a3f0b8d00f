"""The connection is gone; the network is fine.

## What it means

`@connections` answered 410 Gone: the client with this connection id has left. Path, name, TLS
and permission work.

## Why traffic fails

A WebSocket connection ends when the client leaves, after ten minutes without a message and after
two hours in any case. The id does not come back.

## How netprobe knows

Packets: HTTP 410 from `@connections`, for an id that was asked for.

## Known limits

API Gateway says so only to signed calls, and the probe signs nothing: by itself netprobe does
not meet this answer.

## Example

A table of connection ids from which nobody deletes.

## Fix

Delete the id from the store when 410 comes back; clients connect again by themselves.

## Fix safety

Nothing is changed in the network.

## References

- https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html
- https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case
from netprobe.diagnosis.fault import Fault
from netprobe.model.finding import Evidence, Finding, Role

_GONE = 410


def check(case: Case) -> Iterator[Finding]:
    """Yield one note per target whose connection has left."""
    for target in case.targets:
        if not target.path_given or "/@connections/" not in (target.path or ""):
            continue
        keys = [
            path.key
            for path in case.paths
            if path.key.target == target.id
            and path.observation is not None
            and path.observation.status == _GONE
        ]
        if keys:
            yield FAULT.found_with(
                (Evidence(resource_id=target.id, says="answers 410: the client has left"),),
                keys,
                reason="a connection id does not outlive its connection",
                advice="delete the id from the store of connections",
            )


FAULT = Fault(
    code="NP709",
    name="ws-stale-connection-410",
    title="410 Gone: connection id no longer exists (network is fine)",
    phrase="the client has left",
    since="0.1.0",
    symptoms=("api-4xx",),
    check=check,
    doc=__doc__,
    role=Role.NOTE,
)
