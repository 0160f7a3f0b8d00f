"""The words in which API Gateway answers for itself.

Statuses, bodies and error types of the gateway responses are those of "Gateway response types
for API Gateway" in its developer guide.
"""

from __future__ import annotations

import base64
import hashlib
import json
import uuid

from netprobe.lab.live.http_message import Response, amazon

_WEBSOCKET_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
"""RFC 6455, section 1.3."""


def forbidden() -> Response:
    """Refuse without a reason: an endpoint's public API, a disabled endpoint, no mapping."""
    return _from_gateway(403, '{"message":"Forbidden"}', "ForbiddenException")


def missing_token() -> Response:
    """Answer what REST APIs say to an unknown path and to a call without a signature."""
    text = '{"message":"Missing Authentication Token"}'
    return _from_gateway(403, text, "MissingAuthenticationTokenException")


def denied(resource: str, *, explicitly: bool) -> Response:
    """Refuse by a policy; the account's number is masked, as AWS does."""
    arn = resource.split(":")
    arn[4] = "*" * 8 + arn[4][-4:]
    text = (
        "User: anonymous is not authorized to perform: execute-api:Invoke on resource: "
        f"{':'.join(arn)}{' with an explicit deny' if explicitly else ''}"
    )
    return _from_gateway(403, json.dumps({"Message": text}), "AccessDeniedException")


def gone() -> Response:
    """Answer a signed call about a connection that is not there."""
    return _from_gateway(410, "", "GoneException")


def failed() -> Response:
    """Answer for an integration of a REST API that cannot be carried out."""
    return _from_gateway(
        500, '{"message":"Internal server error"}', "InternalServerErrorException"
    )


def not_found() -> Response:
    """Answer an HTTP API's request that no route takes."""
    return of_http_api(404, '{"message":"Not Found"}')


def unauthorized() -> Response:
    """Answer an HTTP API's request without the token its authorizer wants."""
    return of_http_api(401, '{"message":"Unauthorized"}')


def not_let_in() -> Response:
    """Refuse an HTTP API's request that is not signed where its route wants it."""
    return of_http_api(403, '{"message":"Forbidden"}')


def of_http_api(status: int, body: str, headers: dict[str, str] | None = None) -> Response:
    """Return an answer of an HTTP API, whose request id has a header of its own."""
    own = {"Content-Type": "application/json", "apigw-requestid": _request_id()}
    return Response(status=status, body=body, headers=own | (headers or {}))


def of_rest_api(status: int, body: str, headers: dict[str, str] | None = None) -> Response:
    """Return an answer of a REST API's integration."""
    answer = _from_gateway(status, body, None)
    return Response(status=status, body=body, headers=answer.headers | (headers or {}))


def switched_to_websocket(key: str) -> Response:
    """Accept a handshake."""
    digest = hashlib.sha1(f"{key}{_WEBSOCKET_GUID}".encode()).digest()  # noqa: S324 # RFC 6455 says so
    return Response(
        status=101,
        headers={
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Accept": base64.b64encode(digest).decode(),
        },
    )


def _from_gateway(status: int, body: str, kind: str | None) -> Response:
    answer = amazon(status, body, kind)
    headers = answer.headers | {"x-amz-apigw-id": _request_id()}
    return Response(status=status, body=body, headers=headers)


def _request_id() -> str:
    return base64.urlsafe_b64encode(uuid.uuid4().bytes[:11]).decode().rstrip("=") + "="
