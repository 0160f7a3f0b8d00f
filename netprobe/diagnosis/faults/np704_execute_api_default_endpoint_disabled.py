"""The API's default endpoint is disabled, and it is what is called.

## What it means

The API answers under its custom domain name only: its default host, `{api}.execute-api`, is
switched off. Connections are still taken there and every call is refused.

## Why traffic fails

`DisableExecuteApiEndpoint` leaves name, address and certificate as they are. REST and WebSocket
APIs answer 403 Forbidden, HTTP APIs 404 Not Found, which looks like a wrong path.

## How netprobe knows

API Gateway says so of the API, and the target is its default host.

## Known limits

For a REST API the switch takes effect with the next deployment; packets that are answered well
prove that it was not made yet, and nothing is said.

## Example

A module that switches the default endpoint off as soon as a custom domain name is set.

## Fix

Call the custom domain name, for `@connections` too.

## Fix safety

Switching the default endpoint on again lets callers around what protects the domain name, such
as mutual TLS.

## References

- https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-disable-default-endpoint.html
- https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-disable-default-endpoint.html
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from netprobe.diagnosis.case import Case
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.refusing import is_switched_off
from netprobe.diagnosis.states import State, state_of
from netprobe.model.finding import Evidence, Finding, PathKey
from netprobe.model.report import PathVerdict


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per API whose disabled endpoint is called, blocked paths included."""
    found: dict[str, list[PathKey]] = defaultdict(list)
    for path in case.paths:
        target = case.target(path)
        met = path.verdict in {PathVerdict.REFUSED, PathVerdict.BLOCKED}
        if not met or not case.is_in_play(path) or state_of(path) is State.ABSENT:
            continue
        if target.api_id and is_switched_off(case.snapshot, target):
            found[target.api_id].append(path.key)
    for api_id, keys in found.items():
        domains = [i.domain_name for i in case.snapshot.domain_names if api_id in i.api_ids]
        yield FAULT.found_with(
            (Evidence(resource_id=api_id, says="its default endpoint is disabled"),),
            keys,
            reason="a disabled endpoint takes connections and refuses every call",
            advice=f"call {' or '.join(domains) or 'its custom domain name'} instead",
        )


FAULT = Fault(
    code="NP704",
    name="execute-api-default-endpoint-disabled",
    title="disableExecuteApiEndpoint=true but the client calls the default hostname",
    phrase="the default endpoint is disabled",
    since="0.1.0",
    symptoms=("api-4xx",),
    check=check,
    doc=__doc__,
)
