"""The role may not send to the connections of the WebSocket API.

## What it means

The call to `@connections` reached the WebSocket API, and IAM refused it: the role lacks
`execute-api:ManageConnections` for what was called.

## Why traffic fails

`@connections` is always authorized by IAM. The action is `execute-api:ManageConnections`, and
the resource ends in the method and `@connections/*`: a role that may POST may not GET or DELETE.

## How netprobe knows

The answer is a 403 that names execute-api:ManageConnections.

## Known limits

Roles are not read, and the probe signs nothing, so netprobe by itself never meets this answer:
only evidence of a signed call shows it. The probe's own 403, Missing Authentication Token,
proves that the network is fine.

## Example

A function that was given `execute-api:Invoke` and pushes to clients.

## Fix

Grant `execute-api:ManageConnections` on the stage's `POST/@connections/*`, and GET and DELETE
where they are called.

## Fix safety

The action on one API's stage lets the role talk to that API's clients and nothing else.

## References

- https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-control-access-iam.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.answers import refused_by_target
from netprobe.diagnosis.case import Case
from netprobe.diagnosis.fault import Fault
from netprobe.model.finding import Evidence, Finding


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per target that refuses to manage connections."""
    found = refused_by_target(
        case, lambda _, refusal: refusal.action == "execute-api:ManageConnections"
    )
    for target, paths in found:
        yield FAULT.found_with(
            (Evidence(resource_id=target, says=f"answers {paths[0][1].said}"),),
            (path.key for path, _ in paths),
            reason="@connections is authorized by IAM, whoever calls it",
            advice="grant the role execute-api:ManageConnections on the stage's "
            "POST/@connections/*, and GET and DELETE where they are called",
        )


FAULT = Fault(
    code="NP613",
    name="ws-manage-connections-iam",
    title="Role lacks execute-api:ManageConnections (or only POST is granted)",
    phrase="role lacks execute-api:ManageConnections",
    since="0.1.0",
    symptoms=("access-denied",),
    check=check,
    doc=__doc__,
)
