"""API Gateway: address types, WebSocket endpoints and ids of one's choice.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-ip-address-type.html
"""

from __future__ import annotations

import json
from typing import Any

from moto.apigateway.models import APIGatewayBackend, RestAPI
from moto.apigatewayv2.models import Api, ApiGatewayV2Backend
from moto.apigatewayv2.responses import ApiGatewayV2Response

from netprobe.lab.control.patching import add, wrap

CUSTOM_ID = "_custom_id_"
"""moto's own tag for an id of one's choice, honoured here for APIs too."""
_ENDPOINT = "/endpointConfiguration"
_TRUE = "true"


def apply() -> None:
    """Correct both generations of APIs."""
    add(Api, "ip_address_type", "ipv4")
    wrap(Api, "to_json", _v2_to_json)
    wrap(ApiGatewayV2Backend, "create_api", _v2_create)
    wrap(ApiGatewayV2Response, "create_api", _v2_answer)
    wrap(ApiGatewayV2Response, "update_api", _v2_update)
    wrap(APIGatewayBackend, "create_rest_api", _v1_create)
    wrap(RestAPI, "apply_patch_operations", _v1_patch)


def _v2_to_json(original: Any, api: Any) -> dict[str, Any]:
    answer: dict[str, Any] = original(api)
    answer["ipAddressType"] = api.ip_address_type
    return answer


def _v2_create(original: Any, backend: Any, *arguments: Any, **keywords: Any) -> Any:
    api = original(backend, *arguments, **keywords)
    wanted = (keywords.get("tags") or {}).get(CUSTOM_ID)
    if wanted:
        backend.apis.pop(api.api_id)
        api.arn = api.arn.replace(api.api_id, wanted)
        api.api_endpoint = api.api_endpoint.replace(api.api_id, wanted)
        api.api_id = wanted
        backend.apis[wanted] = api
    if api.protocol_type == "WEBSOCKET":
        api.api_endpoint = api.api_endpoint.replace("https://", "wss://")
    return api


def _v2_answer(original: Any, response: Any) -> Any:
    status, headers, body = original(response)
    return _with_address_type(response, status, headers, body)


def _v2_update(original: Any, response: Any) -> Any:
    status, headers, body = original(response)
    return _with_address_type(response, status, headers, body)


def _with_address_type(response: Any, status: int, headers: Any, body: str) -> Any:
    api = response.apigatewayv2_backend.get_api(json.loads(body)["apiId"])
    wanted = json.loads(response.body).get("ipAddressType")
    if wanted:
        api.ip_address_type = wanted
    return status, headers, json.dumps(api.to_json())


def _v1_create(original: Any, backend: Any, *arguments: Any, **keywords: Any) -> Any:
    api = original(backend, *arguments, **keywords)
    wanted = (keywords.get("tags") or {}).get(CUSTOM_ID)
    if wanted and wanted != api.id:
        backend.apis.pop(api.id)
        api.id = wanted
        backend.apis[wanted] = api
    _complete(api)
    return api


def _complete(api: Any) -> None:
    """Fill in the address type: ipv4 by default, always dualstack for private APIs."""
    configuration = api.endpoint_configuration
    private = "PRIVATE" in configuration.get("types", ())
    if private:
        configuration["ipAddressType"] = "dualstack"
    configuration.setdefault("ipAddressType", "ipv4")


def _v1_patch(original: Any, api: Any, operations: list[dict[str, Any]]) -> None:
    """Carry out the operations that moto gets wrong, and leave it the others."""
    others = []
    for operation in operations:
        path, value = operation["path"], operation.get("value", "")
        if path == f"{_ENDPOINT}/ipAddressType":
            api.endpoint_configuration["ipAddressType"] = value
        elif path.startswith(f"{_ENDPOINT}/types"):
            api.endpoint_configuration["types"] = [value]
        elif path == "/disableExecuteApiEndpoint":
            api.disableExecuteApiEndpoint = str(value).lower() == _TRUE
        else:
            others.append(operation)
    original(api, others)
    _complete(api)
