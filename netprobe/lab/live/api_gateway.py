"""API Gateway's own answers: who is served, who is refused, and in which words.

https://repost.aws/knowledge-center/api-gateway-troubleshoot-403-forbidden
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from netprobe.lab.live.http_message import Request, Response, amazon
from netprobe.lab.live.names import API_HOST, FoundApi, find_api
from netprobe.lab.live.policies import allows
from netprobe.lab.network.describe import ControlPlane

_WEBSOCKET_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
"""RFC 6455, section 1.3."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Where a request comes from."""

    address: str
    vpc_id: str | None = None
    endpoint_id: str | None = None
    """The interface endpoint it came through; None for the public front end."""


class ApiGateway:
    """The execute-api front end."""

    def __init__(self, control: ControlPlane) -> None:
        self._control = control

    def serves(self, host: str) -> bool:
        """Tell whether a host name is one of execute-api's."""
        return API_HOST.match(host) is not None or ".execute-api." in host

    def answer(self, request: Request, caller: Caller) -> Response:
        """Answer a request to any API."""
        api = self._api_of(request)
        if api is None or api.disabled or api.private is not (caller.endpoint_id is not None):
            # Endpoints serve private APIs only, and the public front end only public ones.
            return _forbidden()
        if not self._lets_in(api, caller):
            return _denied(api, request)
        match api.kind:
            case "WEBSOCKET":
                return self._websocket(api, request)
            case "HTTP":
                return self._http(api, request, caller)
            case _:
                return self._rest(api, request)

    def _api_of(self, request: Request) -> FoundApi | None:
        match = API_HOST.match(request.host)
        if match:
            return find_api(self._control, match["api"], match["region"])
        api_id = request.headers.get("x-apigw-api-id")
        region = request.host.partition(".execute-api.")[2].partition(".")[0]
        return find_api(self._control, api_id, region) if api_id and region else None

    def _lets_in(self, api: FoundApi, caller: Caller) -> bool:
        if api.policy is None:
            return not api.private  # a private API without a policy is closed to everyone
        return allows(
            api.policy,
            source_ip=caller.address,
            vpc_id=caller.vpc_id,
            endpoint_id=caller.endpoint_id,
        )

    def _websocket(self, api: FoundApi, request: Request) -> Response:
        stage, _, rest = request.path.strip("/").partition("/")
        if stage not in self._v2_stages(api):
            return _forbidden()
        if rest.startswith("@connections/"):
            if not request.is_signed:
                return _missing_token()
            return amazon(410, "", "GoneException")
        key = request.headers.get("sec-websocket-key")
        if request.headers.get("upgrade", "").lower() != "websocket" or not key:
            return _forbidden()
        accept = base64.b64encode(hashlib.sha1(f"{key}{_WEBSOCKET_GUID}".encode()).digest())  # noqa: S324 # RFC 6455 says so
        return Response(
            status=101,
            headers={
                "Upgrade": "websocket",
                "Connection": "Upgrade",
                "Sec-WebSocket-Accept": accept.decode(),
            },
        )

    def _v2_stages(self, api: FoundApi) -> set[str]:
        stages = self._control.client("apigatewayv2", api.region).get_stages(ApiId=api.api_id)
        return {item["StageName"] for item in stages["Items"]}

    def _http(self, api: FoundApi, request: Request, caller: Caller) -> Response:
        client = self._control.client("apigatewayv2", api.region)
        path = request.path
        stages = self._v2_stages(api)
        stage, _, rest = path.strip("/").partition("/")
        if "$default" not in stages:
            if stage not in stages:
                return amazon(404, '{"message":"Not Found"}')
            path = f"/{rest}"
        routes = {item["RouteKey"]: item for item in client.get_routes(ApiId=api.api_id)["Items"]}
        keys = (f"{request.method} {path}", f"ANY {path}", "$default")
        route = next((routes[key] for key in keys if key in routes), None)
        if route is None or not route.get("Target"):
            return amazon(404, '{"message":"Not Found"}')
        integration = client.get_integration(
            ApiId=api.api_id, IntegrationId=route["Target"].rpartition("/")[2]
        )
        return self._invoke(api, integration["IntegrationUri"], request, caller)

    def _invoke(self, api: FoundApi, uri: str, request: Request, caller: Caller) -> Response:
        """Invoke a function with a proxy event and turn what it returns into a response."""
        event = {
            "version": "2.0",
            "rawPath": request.path,
            "headers": request.headers,
            "requestContext": {
                "apiId": api.api_id,
                "http": {
                    "method": request.method,
                    "path": request.path,
                    "sourceIp": caller.address,
                },
            },
            "body": request.body.decode("utf-8", "replace"),
        }
        answer = self._control.client("lambda", api.region).invoke(
            FunctionName=uri, Payload=json.dumps(event).encode()
        )
        if answer.get("FunctionError"):
            return amazon(500, '{"message":"Internal Server Error"}')
        made = json.loads(answer["Payload"].read() or b"{}")
        if not isinstance(made, dict) or "statusCode" not in made:
            return amazon(200, json.dumps(made))
        return amazon(int(made["statusCode"]), str(made.get("body", "")))

    def _rest(self, api: FoundApi, request: Request) -> Response:
        stage, _, rest = request.path.strip("/").partition("/")
        client = self._control.client("apigateway", api.region)
        stages = client.get_stages(restApiId=api.api_id).get("item") or ()
        if stage not in {item["stageName"] for item in stages}:
            return _missing_token()
        wanted = f"/{rest}".rstrip("/") or "/"
        for resource in _items(client, api.api_id):
            if resource["path"] == wanted:
                return self._integration(client, api, resource["id"], request.method)
        return _missing_token()

    def _integration(self, client: Any, api: FoundApi, resource_id: str, method: str) -> Response:
        where = {"restApiId": api.api_id, "resourceId": resource_id}
        for name in (method, "ANY"):
            try:
                found = client.get_integration(**where, httpMethod=name)
            except ClientError:
                continue  # the method is not there; the other word for it may be
            if found.get("type") == "MOCK":
                responses = sorted(found.get("integrationResponses") or {"200": {}})
                return amazon(int(responses[0]), "")
            return amazon(500, '{"message":"Internal server error"}')
        return _missing_token()


def _items(client: Any, api_id: str) -> Iterator[dict[str, Any]]:
    yield from client.get_resources(restApiId=api_id)["items"]


def _forbidden() -> Response:
    return amazon(403, '{"message":"Forbidden"}', "ForbiddenException")


def _missing_token() -> Response:
    return amazon(
        403, '{"message":"Missing Authentication Token"}', "MissingAuthenticationTokenException"
    )


def _denied(api: FoundApi, request: Request) -> Response:
    resource = f"arn:aws:execute-api:{api.region}:********9012:{api.api_id}{request.path}"
    text = (
        f"User: anonymous is not authorized to perform: execute-api:Invoke on resource: {resource}"
    )
    return amazon(403, json.dumps({"Message": text}), "AccessDeniedException")
