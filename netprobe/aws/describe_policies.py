"""Reading what IAM decides about the call that is asked about: the caller's role, the bucket.

The role is read for ``@connections`` only, which IAM always authorizes: what other services let
a role do depends on an action that a check does not know.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from netprobe.aws import operations
from netprobe.aws.calls import Call, Json, of_subjects
from netprobe.aws.operations import Operation
from netprobe.aws.reader import Reader
from netprobe.model.service_names import bucket_of
from netprobe.workflows.capabilities import Asked

MOST_POLICIES = 30
"""Policies of one role that are read; AWS lets at most 25 managed ones be attached.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
"""


def read_policies(reader: Reader, asked: Asked) -> None:
    """Read the policies of the buckets asked about, and of the role where IAM decides."""
    buckets = dict.fromkeys(_buckets(asked.urls, reader.session.region))
    reader.read_each(of_subjects(operations.BUCKET_POLICY, buckets))
    if asked.function and _manages_connections(reader, asked):
        _read_role(reader)


def _buckets(urls: Iterable[str], region: str) -> Iterator[str]:
    """Yield the buckets that URLs name; the URLs were taken apart before, and can be."""
    for url in map(urlsplit, urls):
        if bucket := bucket_of(url.hostname or "", url.path, region):
            yield bucket


def _manages_connections(reader: Reader, asked: Asked) -> bool:
    """Tell whether a WebSocket API is asked about, by id, by its own name or by a custom one."""
    mapped = {str(item.get("ApiId")) for item in reader.items(operations.MAPPINGS)}
    hosts = asked.hosts or ()
    return any(
        item.get("ProtocolType") == "WEBSOCKET"
        and (
            item.get("ApiId") in mapped | set(asked.apis)
            or any(host.startswith(f"{item.get('ApiId')}.execute-api.") for host in hosts)
        )
        for item in reader.items(operations.APIS)
    )


def _read_role(reader: Reader) -> None:
    """Read the policies of the asking function's role, its own and those attached to it."""
    roles = {
        str(answer["Role"]).rpartition("/")[2]
        for answer in reader.answers.get(operations.FUNCTION.answer_name) or ()
        if answer.get("Role")
    }
    reader.read_each(
        of_subjects(operations.ROLE_POLICIES, roles),
        of_subjects(operations.ATTACHED_POLICIES, roles),
    )
    own = [
        {"RoleName": answer["RoleName"], "PolicyName": name}
        for answer in _answers(reader, operations.ROLE_POLICIES)
        for name in answer["PolicyNames"]
    ]
    attached = [
        str(item["PolicyArn"])
        for item in reader.items(operations.ATTACHED_POLICIES)
        if item.get("PolicyArn")
    ]
    reader.read_each(
        Call(operations.ROLE_POLICY, tuple(own[:MOST_POLICIES])),
        of_subjects(operations.POLICY, attached[:MOST_POLICIES]),
    )
    versions = [
        {"PolicyArn": answer["PolicyArn"], "VersionId": answer["Policy"]["DefaultVersionId"]}
        for answer in _answers(reader, operations.POLICY)
    ]
    reader.read_each(Call(operations.POLICY_VERSION, tuple(versions)))


def _answers(reader: Reader, operation: Operation) -> Iterator[Json]:
    yield from reader.answers.get(operation.answer_name) or ()
