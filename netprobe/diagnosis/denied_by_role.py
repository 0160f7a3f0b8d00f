"""Whether the policies of a function's role certainly refuse the call that is asked about.

Only ``@connections`` is such a call: IAM always authorizes it, its action is known, and a
WebSocket API has no policy of its own that could allow what the role's do not.
https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-control-access-iam.html
"""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.diagnosis.arns import api_arn, api_behind
from netprobe.diagnosis.callers import facts_from_internet
from netprobe.diagnosis.denial import Denial, Holder
from netprobe.diagnosis.iam_policies import (
    Request,
    Words,
    condition_keys,
    decide_together,
)
from netprobe.model.flow import Source
from netprobe.model.policies import RolePolicies, role_policies_of
from netprobe.model.report import Target
from netprobe.model.snapshot import Snapshot
from netprobe.model.trace import Trace
from netprobe.model.workloads import ApiKind

MANAGE = Words(known="execute-api:ManageConnections")
_ASSUME = Words(known="sts:AssumeRole")
_SOME_CONNECTION = "POST/@connections/L0SM9cOFvHcCIhw="
"""Sending to a client; the id is the example of the API Gateway developer guide."""


def role_of(snapshot: Snapshot, source: Source, target: Target) -> RolePolicies | None:
    """Return the policies of the role that calls ``@connections``, None where nobody does."""
    api = api_behind(snapshot, target)
    function = snapshot.function(source.function_name) if source.function_name else None
    asked = "@connections" in (target.path or "")
    if function is None or api is None or api.kind is not ApiKind.WEBSOCKET or not asked:
        return None
    return role_policies_of(snapshot.role_policies, function.role_arn)


def by_role(snapshot: Snapshot, source: Source, target: Target, trace: Trace) -> Iterator[Denial]:
    """Yield the denial of the calling function's role.

    A role without any policy is not believed: Lambda attaches no function to a VPC with one, so
    it was taken away since, or what was read is no real account.
    """
    role, api = role_of(snapshot, source, target), api_behind(snapshot, target)
    if role is None or api is None or not role.policies:
        return
    facts = facts_from_internet(snapshot, source, target, trace)
    stage = api_arn(snapshot, target, api)
    is_known = stage.known.endswith("/") and snapshot.account and target.host == api.host
    resource = Words(known=f"{stage.known}{_SOME_CONNECTION}") if is_known else stage
    request = Request(action=MANAGE, resource=resource, facts=facts)
    decision = decide_together(role.policies, request, complete=role.complete)
    if decision.refuses and not _may_become_another(role):
        yield Denial(
            resource_id=role.role_name,
            holder=Holder.ROLE,
            decision=decision,
            facts=facts,
            condition_keys=frozenset(
                key for policy in role.policies for key in condition_keys(policy)
            ),
            request=request,
            policy=None,
        )


def _may_become_another(role: RolePolicies) -> bool:
    """Tell whether the function may call with the permissions of another role."""
    request = Request(action=_ASSUME)
    return not decide_together(role.policies, request, complete=role.complete).refuses
