"""Where a function's log goes: to CloudWatch Logs, if its role may write there.

Without the permission Lambda runs the function all the same and leaves no log group behind; see
"Sending Lambda function logs to CloudWatch Logs" in the Lambda developer guide.
"""

from __future__ import annotations

from typing import Any

from netprobe.lab.control import function_roles


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
    statements = list(function_roles.statements(function))
    return {
        name
        for name in ("CreateLogGroup", "CreateLogStream", "PutLogEvents")
        if function_roles.says(statements, "Allow", f"logs:{name}")
        and not function_roles.says(statements, "Deny", f"logs:{name}")
    }
