"""The role may not send to the connections of the WebSocket API.

## What it means

The call to `@connections` reached the WebSocket API, and IAM refused it: the role lacks
`execute-api:ManageConnections` for what was called.

## Why traffic fails

`@connections` is always authorized by IAM. The action is `execute-api:ManageConnections`, and
the resource ends in the method and `@connections/*`: a role that may POST may not GET or DELETE.

## How netprobe knows

The policies of the role of the function asked about, its own and those attached to it, were all
read, and none allows sending to a connection of the stage, or one denies it. Or the answer is a
403 that names execute-api:ManageConnections.

## Known limits

The probe signs nothing: its own 403, Missing Authentication Token, proves only that the network
is fine. Permission boundaries and policies of organisations and sessions are not read; they could
only deny more. Nothing is said where a policy could not be read, where a condition decides that
is not known, or where the role may take another one. A role without any policy is a note: on AWS
no function gets into a VPC with one.

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

from collections import defaultdict
from collections.abc import Iterator

from netprobe.diagnosis.answers import refused_by_target
from netprobe.diagnosis.case import Case
from netprobe.diagnosis.denial import Holder
from netprobe.diagnosis.denials import denied_paths
from netprobe.diagnosis.denied_by_role import MANAGE, role_of
from netprobe.diagnosis.fault import Fault
from netprobe.model.finding import Evidence, Finding, PathKey
from netprobe.model.report import Path, PathVerdict


def check(case: Case) -> Iterator[Finding]:
    """Yield one finding per role or answer that keeps the function from the connections."""
    groups: dict[str, list[tuple[PathKey, str]]] = defaultdict(list)
    for path, denial in denied_paths(case, Holder.ROLE):
        groups[denial.resource_id].append((path.key, f"{denial.says}: {_call(case, path)}"))
    for path in case.paths:
        role = role_of(case.snapshot, case.source(path), case.target(path))
        bare = role is not None and role.complete and not role.policies
        if role and bare and path.verdict is PathVerdict.WORKS:
            says = f"has no policy at all, so nothing allows {_call(case, path)}"
            groups[role.role_name].append((path.key, says))
    told = {key for found in groups.values() for key, _ in found}
    for target, paths in refused_by_target(case, lambda path, refusal: (
        refusal.action == MANAGE.known and path.key not in told
    )):  # fmt: skip
        groups[target] += [(path.key, f"answers {refusal.said}") for path, refusal in paths]
    for name, found in groups.items():
        yield FAULT.found_with(
            (Evidence(resource_id=name, says=says) for says in dict.fromkeys(s for _, s in found)),
            (key for key, _ in found),
            reason="@connections is authorized by IAM, whoever calls it",
            advice="grant the role execute-api:ManageConnections on the stage's "
            "POST/@connections/*, and GET and DELETE where they are called",
        )


def _call(case: Case, path: Path) -> str:
    target = case.target(path)
    return f"{MANAGE.known} for POST {(target.path or '').partition('@')[0]}@connections/*"


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
