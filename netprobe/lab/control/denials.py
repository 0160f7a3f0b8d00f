"""Permissions taken away on request: what a caller without an IAM action is answered.

A lab-only control: ``POST /netprobe-lab/deny`` with ``{"actions": ["ec2:DescribeNetworkAcls"]}``
denies those actions (wildcards as in IAM) until the next such request; an empty list lifts all.
The other lab-only request, about the states of functions, is handed on from here.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterable, Iterator
from fnmatch import fnmatchcase
from functools import cache
from typing import Any
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

from botocore.loaders import Loader
from moto.awslambda.exceptions import UnknownFunctionException

from netprobe.lab.control import functions

CONTROL_PATH = "/netprobe-lab/deny"
CALLER = "arn:aws:sts::123456789012:user/moto"
"""Who moto says everybody is, in GetCallerIdentity."""
SERVICE = re.compile(r"Credential=[^/]+/\d+/[^/]+/([^/]+)/")
"""The signing name in the Authorization header."""
NAMED_OTHERWISE = {"lambda:Invoke": "lambda:InvokeFunction"}
"""Operations whose IAM action has another name."""

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]


class Denials:
    """A WSGI application in front of another that answers denied actions itself."""

    def __init__(self, inner: Application) -> None:
        self._inner = inner
        self._denied: tuple[str, ...] = ()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request, or hand it on untouched."""
        if environ["PATH_INFO"] == CONTROL_PATH:
            self._denied = tuple(json.loads(_body(environ) or b"{}").get("actions", ()))
            start_response("204 No Content", [("Content-Length", "0")])
            return []
        if environ["PATH_INFO"] == functions.CONTROL_PATH:
            return _change_states(environ, start_response)
        action = _action(environ) if self._denied else ""
        if action and any(fnmatchcase(action, pattern) for pattern in self._denied):
            return _refuse(action, environ, start_response)
        return self._inner(environ, start_response)


def _change_states(environ: Environ, start_response: StartResponse) -> list[bytes]:
    try:
        functions.control(json.loads(_body(environ) or b"{}"))
    except UnknownFunctionException as error:
        text = str(error.message).encode()
        start_response("404 Not Found", [("Content-Length", str(len(text)))])
        return [text]
    start_response("204 No Content", [("Content-Length", "0")])
    return []


def _body(environ: Environ) -> bytes:
    """Return the request's body and leave it readable."""
    length = int(environ.get("CONTENT_LENGTH") or 0)
    body: bytes = environ["wsgi.input"].read(length)
    environ["wsgi.input"] = io.BytesIO(body)
    return body


def _action(environ: Environ) -> str:
    """Return the IAM action a request needs, empty when the request does not tell."""
    match = SERVICE.search(environ.get("HTTP_AUTHORIZATION", ""))
    if match is None:
        return ""
    service = match[1]
    if service == "apigateway":  # its actions are HTTP methods
        return f"apigateway:{environ['REQUEST_METHOD']}"
    target = environ.get("HTTP_X_AMZ_TARGET", "").rpartition(".")[2]
    name = target or _named_in_body(environ) or _named_by_path(service, environ)
    action = f"{service}:{name}"
    return NAMED_OTHERWISE.get(action, action) if name else ""


def _named_in_body(environ: Environ) -> str:
    if "x-www-form-urlencoded" not in environ.get("CONTENT_TYPE", ""):
        return ""
    return parse_qs(_body(environ).decode("utf-8", "replace")).get("Action", [""])[0]


def _named_by_path(service: str, environ: Environ) -> str:
    path = environ["PATH_INFO"].rstrip("/") or "/"
    for name, method, pattern in _operations(service):
        if method == environ["REQUEST_METHOD"] and pattern.fullmatch(path):
            return name
    return ""


@cache
def _operations(service: str) -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    """Return name, method and path of a REST service's operations, from the SDK's own model."""
    loader = Loader()
    if service not in loader.list_available_services("service-2"):
        return ()
    return tuple(_paths(loader.load_service_model(service, "service-2")))


def _paths(model: dict[str, Any]) -> Iterator[tuple[str, str, re.Pattern[str]]]:
    for name, operation in model["operations"].items():
        path = operation["http"]["requestUri"].partition("?")[0].rstrip("/") or "/"
        parts = re.split(r"\{[^}]+\}", path)
        yield name, operation["http"]["method"], re.compile("[^/]+".join(map(re.escape, parts)))


def _refuse(action: str, environ: Environ, start_response: StartResponse) -> list[bytes]:
    """Answer 403 in the form of the service's protocol.

    See "Error responses" of the EC2 API, "Common errors" of the query APIs, and the AccessDenied
    message formats in "Troubleshoot access denied error messages" of the IAM user guide.
    """
    text = (
        f"User: {CALLER} is not authorized to perform: {action} because no identity-based policy"
        f" allows the {action} action"
    )
    if action.startswith("ec2:"):
        body = (
            "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>You are not"
            f" authorized to perform this operation. {escape(text)}</Message></Error></Errors>"
            "<RequestID>netprobe-lab</RequestID></Response>"
        )
        headers = [("Content-Type", "text/xml;charset=UTF-8")]
    elif "x-www-form-urlencoded" in environ.get("CONTENT_TYPE", ""):
        body = (
            "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code>"
            f"<Message>{escape(text)}</Message></Error><RequestId>netprobe-lab</RequestId>"
            "</ErrorResponse>"
        )
        headers = [("Content-Type", "text/xml")]
    else:
        told = {"__type": "AccessDeniedException", "message": text, "Message": text}
        body = json.dumps(told)
        headers = [
            ("Content-Type", "application/x-amz-json-1.1"),
            ("x-amzn-ErrorType", "AccessDeniedException"),
        ]
    answer = body.encode()
    start_response("403 Forbidden", [*headers, ("Content-Length", str(len(answer)))])
    return [answer]
