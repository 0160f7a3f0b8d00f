"""Which policies on a path certainly refuse: an endpoint's, an API's, a bucket's, the role's.

Permission boundaries and the policies of sessions, organisations and keys are not read, so
nothing here claims that a request is allowed; it claims refusals that no other policy can undo.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from netprobe.diagnosis.arns import api_arn, api_behind, api_prefix, partition
from netprobe.diagnosis.callers import (
    endpoint_on,
    facts_from_internet,
    facts_through_endpoint,
)
from netprobe.diagnosis.case import Case
from netprobe.diagnosis.denial import Denial, Holder
from netprobe.diagnosis.denied_by_bucket import by_bucket
from netprobe.diagnosis.denied_by_role import by_role
from netprobe.diagnosis.iam_conditions import Fact, Facts
from netprobe.diagnosis.iam_policies import (
    ANYTHING,
    Decision,
    Request,
    Words,
    condition_keys,
    decide,
)
from netprobe.diagnosis.paths import is_captured
from netprobe.diagnosis.refusals import refusal_of
from netprobe.diagnosis.states import State, state_of
from netprobe.model.flow import Source
from netprobe.model.report import Path, PathVerdict, Target
from netprobe.model.resources import VpcEndpoint
from netprobe.model.service_names import service_of_host
from netprobe.model.snapshot import Snapshot
from netprobe.model.trace import Trace
from netprobe.model.workloads import Api

_FORBIDDEN = 403
_OWN_PREFIX = frozenset(
    {
        *("s3", "dynamodb", "ssm", "ssmmessages", "secretsmanager", "sts", "kms", "lambda"),
        *("sqs", "sns", "logs", "ec2", "ec2messages", "events", "states", "execute-api"),
    }
)
"""Endpoint services whose IAM actions begin with the same word.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

_BUCKETS_OF_AWS = re.compile(
    r"(cloudformation-(custom-resource-response|waitcondition)-[a-z0-9-]+"
    r"|prod-[a-z0-9-]+-starport-layer-bucket"
    r"|(al2023|amazonlinux-2)-repos-[a-z0-9-]+)\.s3[.-]"
)
"""Hosts of buckets that AWS documents as its own."""
_OWNERS = ("aws:resourceaccount", "aws:resourceorgid", "aws:principalorgid")


def denials(
    snapshot: Snapshot, source: Source, target: Target, trace: Trace | None
) -> Iterator[Denial]:
    """Yield the policies that certainly refuse a path's request."""
    if trace is None:
        return
    api = api_behind(snapshot, target)
    endpoint = endpoint_on(snapshot, trace)
    captured = trace.resolution is not None and trace.resolution.captured
    if endpoint is not None and not captured:
        yield from _by_endpoint(snapshot, source, target, endpoint)
    yield from by_bucket(snapshot, source, target, trace)
    yield from by_role(snapshot, source, target, trace)
    if api is None:
        return
    if api.is_private and endpoint is not None:
        facts = facts_through_endpoint(snapshot, source, target, endpoint)
        yield from _by_api(snapshot, target, api, facts)
    elif not api.is_private and api.policy and (endpoint is None or captured):
        facts = facts_from_internet(snapshot, source, target, trace)
        yield from _by_api(snapshot, target, api, facts)


def denied_paths(case: Case, holder: Holder) -> Iterator[tuple[Path, Denial]]:
    """Yield the paths that do not work, with each policy of such a holder that refuses them.

    A path that is blocked as well is among them: the refusal would come as a surprise later.
    """
    for path in case.paths:
        met = path.verdict in {PathVerdict.REFUSED, PathVerdict.BLOCKED}
        passed = refusal_of(path.observation) if not is_captured(path) else None
        if passed is not None and passed.status != _FORBIDDEN:  # it got beyond the policies
            continue
        if not met or not case.is_in_play(path) or state_of(path) is State.ABSENT:
            continue
        for denial in denials(case.snapshot, case.source(path), case.target(path), path.trace):
            if denial.holder is holder:
                yield path, denial


def _by_endpoint(
    snapshot: Snapshot, source: Source, target: Target, endpoint: VpcEndpoint
) -> Iterator[Denial]:
    facts = facts_through_endpoint(snapshot, source, target, endpoint) | _facts_of_bucket(target)
    request = Request(
        action=_action(snapshot, target), resource=_resource(snapshot, target), facts=facts
    )
    decision = decide(endpoint.policy, request)
    if decision.refuses:
        yield Denial(
            resource_id=endpoint.vpc_endpoint_id,
            holder=Holder.ENDPOINT,
            decision=decision,
            facts=facts,
            condition_keys=condition_keys(endpoint.policy),
            request=request,
            policy=endpoint.policy,
        )


def _by_api(snapshot: Snapshot, target: Target, api: Api, facts: Facts) -> Iterator[Denial]:
    """Yield a REST API's denial; a private one without any policy lets nobody in.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-api-create.html
    """
    arn = api_arn(snapshot, target, api)
    request = Request(action=Words(known="execute-api:Invoke"), resource=arn, facts=facts)
    # As written by hand; API Gateway puts the API's own ARN there when it stores a policy.
    short, full = "execute-api:/", f"{api_prefix(snapshot)}{api.api_id}/"
    policy = api.policy.replace(short, full) if api.policy else None
    decision = decide(policy, request) if policy else Decision.NOT_ALLOWED
    if decision.refuses:
        yield Denial(
            resource_id=api.api_id,
            holder=Holder.API,
            decision=decision,
            facts=facts,
            condition_keys=condition_keys(policy),
            request=request,
            policy=policy,
            has_policy=bool(policy),
        )


def is_of_aws(target: Target) -> bool:
    """Tell whether the target is a bucket of AWS's own that instances and functions need.

    https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html and
    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/vpc-interface-endpoints.html
    """
    return _BUCKETS_OF_AWS.match(target.host) is not None


def _facts_of_bucket(target: Target) -> dict[str, Fact]:
    """Return the keys of a call to a bucket of AWS's own, signed by AWS or by nobody."""
    return dict.fromkeys(_OWNERS, "aws") if is_of_aws(target) else {}


def _action(snapshot: Snapshot, target: Target) -> Words:
    """Return what is known of the action: the service's prefix, and for an API all of it."""
    service = service_of_host(target.host, snapshot.region)
    if service == "execute-api":
        return Words(known="execute-api:Invoke")
    return Words(known=f"{service}:", complete=False) if service in _OWN_PREFIX else ANYTHING


def _resource(snapshot: Snapshot, target: Target) -> Words:
    """Return what is known of the resource: an API's stage, or an S3 bucket in the host."""
    api = api_behind(snapshot, target)
    if api is not None:
        return api_arn(snapshot, target, api)
    bucket, found, _ = target.host.partition(".s3.")
    if found and service_of_host(target.host, snapshot.region) == "s3":
        return Words(known=f"arn:{partition(snapshot)}:s3:::{bucket}", complete=False)
    return ANYTHING
