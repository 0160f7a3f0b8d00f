"""Where a function's log goes: to CloudWatch Logs, if its role may write there.

Without the permission Lambda runs the function all the same and leaves no log group behind; see
"Sending Lambda function logs to CloudWatch Logs" in the Lambda developer guide.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

from moto.iam.models import iam_backends


def keep(function: Any, logs: str) -> None:
    """Write an invocation's log to the function's log group, as far as the role allows."""
    allowed = _allowed_log_actions(function)
    name = function.logs_group_name
    if name not in function.logs_backend.groups:
        if "CreateLogGroup" not in allowed:
            return
        function.logs_backend.ensure_log_group(name)
    if logs and {"CreateLogStream", "PutLogEvents"} <= allowed:
        function.save_logs(logs)


def _allowed_log_actions(function: Any) -> set[str]:
    """Return which log actions some statement allows and none denies; resources are not read."""
    statements = list(_statements(function))
    return {
        name
        for name in ("CreateLogGroup", "CreateLogStream", "PutLogEvents")
        if _says(statements, "Allow", name) and not _says(statements, "Deny", name)
    }


def _says(statements: list[dict[str, Any]], effect: str, name: str) -> bool:
    wanted = f"logs:{name}".lower()
    return any(
        statement.get("Effect") == effect
        and any(fnmatchcase(wanted, action.lower()) for action in _listed(statement.get("Action")))
        for statement in statements
    )


def _statements(function: Any) -> Iterator[dict[str, Any]]:
    role = iam_backends[function.account_id][function.partition].get_role_by_arn(function.role)
    documents = [*role.policies.values(), *(p.document for p in role.managed_policies.values())]
    for document in documents:
        policy = json.loads(document) if isinstance(document, str) else document
        yield from _listed(policy["Statement"])


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
