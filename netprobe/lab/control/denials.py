"""Denied permissions on request: what a caller without an IAM action is answered.

``POST /netprobe-lab/deny`` takes ``{"actions": ["ec2:DescribeNetworkAcls"]}``; none lifts it.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

CONTROL_PATH = "/netprobe-lab/deny"
CALLER = "arn:aws:iam::123456789012:user/lab"
_SERVICE = re.compile(r"Credential=[^/]+/\d+/[^/]+/([^/]+)/")

Environ = dict[str, Any]
StartResponse = Callable[..., Any]


class Denials:
    """A WSGI application in front of another that answers denied actions itself."""

    def __init__(self, inner: Callable[[Environ, StartResponse], Iterable[bytes]]) -> None:
        self._inner = inner
        self._actions: frozenset[str] = frozenset()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request, or hand it on."""
        if environ["PATH_INFO"] == CONTROL_PATH:
            self._actions = frozenset(json.loads(_body(environ) or b"{}").get("actions", ()))
            start_response("204 No Content", [])
            return []
        if self._actions:
            action = _action_of(environ)
            if action in self._actions:
                return _refuse(action, start_response)
        return self._inner(environ, start_response)


def _body(environ: Environ) -> bytes:
    """Return the request's body and leave it readable."""
    length = int(environ.get("CONTENT_LENGTH") or 0)
    body: bytes = environ["wsgi.input"].read(length)
    environ["wsgi.input"] = io.BytesIO(body)
    return body


def _action_of(environ: Environ) -> str:
    """Return the IAM action a request needs, as far as its form tells.

    Query APIs name it; of REST APIs, API Gateway's actions are HTTP methods, and Lambda's lists
    and reads are told apart by their path.
    """
    match = _SERVICE.search(environ.get("HTTP_AUTHORIZATION", ""))
    service = match[1] if match else ""
    named = parse_qs(_body(environ).decode("latin-1")).get("Action", [""])[0]
    if named:
        return f"{service}:{named}"
    if service == "apigateway":
        return f"apigateway:{environ['REQUEST_METHOD']}"
    if service == "lambda" and environ["PATH_INFO"].rstrip("/").endswith("/functions"):
        get = environ["REQUEST_METHOD"] == "GET"
        return "lambda:ListFunctions" if get else "lambda:CreateFunction"
    if service == "lambda" and environ["PATH_INFO"].endswith("/invocations"):
        return "lambda:InvokeFunction"
    return ""


def _refuse(action: str, start_response: StartResponse) -> list[bytes]:
    text = (
        f"User: {CALLER} is not authorized to perform: {action} because no identity-based policy "
        f"allows the {action} action"
    )
    if action.startswith(("ec2:", "iam:", "sts:")):
        code = "UnauthorizedOperation" if action.startswith("ec2:") else "AccessDenied"
        intro = "You are not authorized to perform this operation. " if code[0] == "U" else ""
        body = (
            f"<Response><Errors><Error><Code>{code}</Code><Message>{intro}{escape(text)}"
            "</Message></Error></Errors><RequestID>netprobe-lab</RequestID></Response>"
        )
        if code == "AccessDenied":
            body = (
                f"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>"
                f"{escape(text)}</Message></Error></ErrorResponse>"
            )
        start_response("403 Forbidden", [("Content-Type", "text/xml")])
        return [body.encode()]
    headers = [
        ("Content-Type", "application/json"),
        ("x-amzn-ErrorType", "AccessDeniedException"),
    ]
    start_response("403 Forbidden", headers)
    return [json.dumps({"Message": text}).encode()]
