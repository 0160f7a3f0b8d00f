"""AWS's JSON of policies as values: what is attached to roles, what buckets have of their own."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import TypeVar
from urllib.parse import unquote

from netprobe.aws import operations as ops
from netprobe.aws.convert_answers import Answers, is_last
from netprobe.aws.operations import Operation
from netprobe.aws.reading import UNREADABLE, Json, maybe_text, part, stated_parts, text, texts
from netprobe.model.policies import BucketPolicy, RolePolicies
from netprobe.model.workloads import Function

_Made = TypeVar("_Made")


def convert_role_policies(
    answers: Answers, functions: tuple[Function, ...]
) -> tuple[RolePolicies, ...]:
    """Return what is attached to each role, as far as it was read."""
    own, attached = _own(answers), _attached(answers)
    named = dict(_readable(answers, ops.ROLE_POLICIES, _names_of_own))
    linked = dict(_readable(answers, ops.ATTACHED_POLICIES, _arns_of_attached))
    roles = dict.fromkeys((*named, *linked, *own))
    for operation in (ops.ROLE_POLICIES, ops.ATTACHED_POLICIES):
        answers.want(operation, [item.role_arn for item in functions if item.role_arn])
    answers.want(ops.ROLE_POLICY, [name for names in named.values() for name in names])
    for operation in (ops.POLICY, ops.POLICY_VERSION):
        answers.want(operation, [arn for arns in linked.values() for arn in arns])
    return tuple(
        RolePolicies(
            role_name=role,
            account=answers.raw.account or "",
            policies=(
                *own.get(role, {}).values(),
                *(attached[arn] for arn in linked.get(role, ()) if arn in attached),
            ),
            complete=role in named
            and role in linked
            and set(named[role]) <= own.get(role, {}).keys()
            and set(linked[role]) <= attached.keys(),
        )
        for role in roles
    )


def convert_bucket_policies(answers: Answers) -> tuple[BucketPolicy, ...]:
    """Return the policies of buckets; an answer without one is of a bucket that has none."""
    if not answers.knows(ops.BUCKET_POLICY):
        answers.miss(ops.BUCKET_POLICY)
    return tuple(policy for _, policy in _readable(answers, ops.BUCKET_POLICY, _bucket_policy))


def _bucket_policy(answer: Json) -> tuple[str, BucketPolicy]:
    bucket = text(answer, "Bucket")
    return bucket, BucketPolicy(bucket=bucket, policy=maybe_text(answer, "Policy"))


def _own(answers: Answers) -> dict[str, dict[str, str]]:
    """Return the documents of roles' own policies, by role and name."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for role, (name, document) in _readable(answers, ops.ROLE_POLICY, _own_policy):
        found[role][name] = document
    return found


def _own_policy(answer: Json) -> tuple[str, tuple[str, str]]:
    document = _document(answer, "PolicyDocument")
    return text(answer, "RoleName"), (text(answer, "PolicyName"), document)


def _attached(answers: Answers) -> dict[str, str]:
    """Return the documents of managed policies, of the version in force, by ARN."""
    default = dict(_readable(answers, ops.POLICY, _version_in_force))
    return {
        arn: document
        for arn, (version, document) in _readable(answers, ops.POLICY_VERSION, _version)
        if default.get(arn) == version
    }


def _version_in_force(answer: Json) -> tuple[str, str]:
    policy = part(answer, "Policy")
    return text(policy, "Arn"), text(policy, "DefaultVersionId")


def _version(answer: Json) -> tuple[str, tuple[str, str]]:
    version = part(answer, "PolicyVersion")
    found = text(version, "VersionId"), _document(version, "Document")
    return text(answer, "PolicyArn"), found


def _names_of_own(answer: Json) -> tuple[str, tuple[str, ...]]:
    return _whole(answer, "RoleName"), texts(answer, "PolicyNames")


def _arns_of_attached(answer: Json) -> tuple[str, tuple[str, ...]]:
    policies = stated_parts(answer, "AttachedPolicies")
    return _whole(answer, "RoleName"), tuple(text(item, "PolicyArn") for item in policies)


def _whole(answer: Json, subject: str) -> str:
    """Return whom an answer is about; raises ValueError for one whose last page is missing."""
    if not is_last(answer):
        raise ValueError("the last page is missing")  # caught by whoever reads it
    return text(answer, subject)


def _document(item: Json, key: str) -> str:
    """Return a policy as JSON text; the API sends it percent-encoded, SDK and CLI parse it."""
    found = item[key]
    return unquote(found) if isinstance(found, str) else json.dumps(found)


def _readable(
    answers: Answers, operation: Operation, read: Callable[[Json], tuple[str, _Made]]
) -> Iterator[tuple[str, _Made]]:
    """Yield what each answer says; one that cannot be read leaves a gap."""
    for answer in answers.pieces(operation):
        try:
            yield read(answer)
        except UNREADABLE as error:
            answers.fail(operation, error)
