"""The path of @connections does not begin with a stage of the API.

## What it means

The management calls go to the API's host but to a path that leads nowhere: the stage is missing
or is not one of the API's.

## Why traffic fails

On the default host the path is `/{stage}/@connections/{id}`. A custom domain name has a mapping
instead of the stage. The scheme is https, though the clients' own is wss.

## How netprobe knows

The target's path is compared with the API's stages as GetStages gives them. Packets: HTTP 403
Forbidden.

## Known limits

Mappings of custom domain names are not compared: only the default host is judged. Where the
stages could not be read nothing is said.

## Example

A client built from the domain name of the request context alone, without its stage.

## Fix

Build the endpoint as https://{domainName}/{stage} from the request context, or with the
mapping's key for a custom domain name.

## Fix safety

Nothing is changed in the network.

## References

- https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.case import Case
from netprobe.diagnosis.fault import Fault
from netprobe.diagnosis.refusing import wrong_stage
from netprobe.diagnosis.states import State, state_of
from netprobe.model.finding import Evidence, Finding
from netprobe.model.report import Path, PathVerdict


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per target whose path names no stage of its API."""
    for target in case.targets:
        says = wrong_stage(case.snapshot, target)
        keys = [
            path.key for path in case.paths if path.key.target == target.id and _is_met(case, path)
        ]
        if says and keys:
            yield FAULT.found_with(
                (Evidence(resource_id=target.api_id or target.id, says=says),),
                keys,
                reason="on the default host the path of @connections begins with the stage",
                advice=f"call https://{target.host}/STAGE/@connections/ID with one of its stages",
            )


def _is_met(case: Case, path: Path) -> bool:
    """Tell whether the path meets the wrong name, or will once it is not blocked."""
    met = path.verdict in {PathVerdict.REFUSED, PathVerdict.BLOCKED}
    return met and case.is_in_play(path) and state_of(path) is not State.ABSENT


FAULT = Fault(
    code="NP708",
    name="ws-wrong-endpoint-path",
    title="@connections called with wrong base URL: stage missing, stage doubled on a custom domain, trailing slash, or wss scheme",
    phrase="@connections is called without a stage of the API",
    since="0.1.0",
    symptoms=("api-4xx",),
    check=check,
    doc=__doc__,
)
