"""What is behind an API's routes: Lambda functions, and mocks that answer for themselves."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from netprobe.lab.live import gateway_answers
from netprobe.lab.live.apis import Api
from netprobe.lab.live.callers import Caller
from netprobe.lab.live.http_message import Request, Response
from netprobe.lab.network.describe import ControlPlane

Json = Mapping[str, Any]

_FUNCTION = re.compile(r"(arn:aws[a-z-]*:lambda:[^/]+)(?:/invocations)?$")
"""A function's ARN, on its own or in the path of a REST API's integration."""
_STATUS = re.compile(r'"?statusCode"?\s*:\s*"?(\d{3})')
"""In a mock's request template, which need not be JSON."""
_JSON = "application/json"


class Integrations:
    """Carries requests out."""

    def __init__(self, control: ControlPlane) -> None:
        self._control = control

    def http(self, api: Api, target: str, request: Request, caller: Caller) -> Response:
        """Carry out a route of an HTTP API.

        See "Working with AWS Lambda proxy integrations for HTTP APIs": an answer without a status
        code becomes the body of a 200.
        """
        client = self._control.client("apigatewayv2", api.region)
        integration_id = target.rpartition("/")[2]
        found = client.get_integration(ApiId=api.api_id, IntegrationId=integration_id)
        made = self._run(api, str(found.get("IntegrationUri", "")), _event(api, request, caller))
        if made is None:
            return gateway_answers.of_http_api(500, '{"message":"Internal Server Error"}')
        if not isinstance(made, dict) or "statusCode" not in made:
            return gateway_answers.of_http_api(200, json.dumps(made))
        return gateway_answers.of_http_api(int(made["statusCode"]), _body(made), _headers(made))

    def rest(self, api: Api, resource: Json, request: Request, caller: Caller) -> Response:
        """Carry out a method of a REST API, if it asks for nothing the request lacks."""
        client = self._control.client("apigateway", api.region)
        methods = resource.get("resourceMethods") or {}
        name = next((word for word in (request.method, "ANY") if word in methods), None)
        if name is None:
            return gateway_answers.missing_token()
        where = {"restApiId": api.api_id, "resourceId": resource["id"], "httpMethod": name}
        if refused := _refused(client.get_method(**where), request):
            return refused
        try:
            found = client.get_integration(**where)
        except ClientError:
            return gateway_answers.failed()
        if found.get("type") == "MOCK":
            return mock(found)
        if found.get("type") == "AWS_PROXY":
            return self._proxy(api, found, _event(api, request, caller))
        return gateway_answers.failed()  # the lab has no other far ends to integrate with

    def _proxy(self, api: Api, found: Json, event: Json) -> Response:
        """Return what a function answers; what is no proxy response is a 502.

        See "Output format of a Lambda function for proxy integration" in the API Gateway guide.
        """
        made = self._run(api, str(found.get("uri", "")), event)
        if not isinstance(made, dict) or "statusCode" not in made:
            text = '{"message": "Internal server error"}'
            return gateway_answers.of_rest_api(502, text)
        return gateway_answers.of_rest_api(int(made["statusCode"]), _body(made), _headers(made))

    def _run(self, api: Api, uri: str, event: Json) -> Any:
        """Invoke the function behind an integration; None where there is none or it fails."""
        match = _FUNCTION.search(uri)
        if match is None:
            return None
        try:
            answer = self._control.client("lambda", api.region).invoke(
                FunctionName=match[1], Payload=json.dumps(event).encode()
            )
        except ClientError:
            return None
        if answer.get("FunctionError"):
            return None
        return json.loads(answer["Payload"].read() or b"{}")


def _refused(method: Json, request: Request) -> Response | None:
    """Return the refusal of a method that wants a signature or a key."""
    if method.get("authorizationType") == "AWS_IAM" and not request.is_signed:
        return gateway_answers.missing_token()
    if method.get("apiKeyRequired") and "x-api-key" not in request.headers:
        return gateway_answers.forbidden()
    return None


def mock(found: Json) -> Response:
    """Answer a mock integration: its request template names the status, a response maps it.

    See "Mock integrations for REST APIs in API Gateway". A template without a status code, or
    responses none of which takes it, are an internal error there; a mock that has no template or
    no responses yet gets away with what it does have here.
    """
    responses = list((found.get("integrationResponses") or {}).values())
    template = (found.get("requestTemplates") or {}).get(_JSON)
    if template is None:
        return _mapped(responses[0] if responses else {"statusCode": "200"})
    named = _STATUS.search(str(template))
    if named is None:
        return gateway_answers.failed()
    if not responses:
        return _mapped({"statusCode": named[1]})
    fitting = [
        item
        for item in responses
        if (pattern := item.get("selectionPattern")) and re.fullmatch(pattern, named[1])
    ]
    fitting += [item for item in responses if not item.get("selectionPattern")]
    return _mapped(fitting[0]) if fitting else gateway_answers.failed()


def _mapped(item: Json) -> Response:
    body = (item.get("responseTemplates") or {}).get(_JSON) or ""
    return gateway_answers.of_rest_api(int(item["statusCode"]), str(body))


def _event(api: Api, request: Request, caller: Caller) -> Json:
    """Return a proxy event with what both its formats have, under the names of both."""
    return {
        "version": "2.0" if api.kind == "HTTP" else "1.0",
        "rawPath": request.path,
        "path": request.path,
        "httpMethod": request.method,
        "headers": request.headers,
        "requestContext": {
            "apiId": api.api_id,
            "identity": {"sourceIp": caller.address},
            "http": {
                "method": request.method,
                "path": request.path,
                "sourceIp": caller.address,
            },
        },
        "body": request.body.decode("utf-8", "replace"),
        "isBase64Encoded": False,
    }


def _body(made: Json) -> str:
    body = made.get("body") or ""
    if made.get("isBase64Encoded"):
        return base64.b64decode(body).decode("utf-8", "replace")
    return body if isinstance(body, str) else json.dumps(body)


def _headers(made: Json) -> dict[str, str]:
    """Return the headers a function sets; one with a line break in it is left out."""
    headers = {str(name): str(value) for name, value in (made.get("headers") or {}).items()}
    return {n: v for n, v in headers.items() if "\r" not in n + v and "\n" not in n + v}
