"""HTTP and WebSocket APIs: ids, endpoints and address types.

See "IP address types for HTTP APIs" and "... for WebSocket APIs" in the API Gateway guide.
"""

from __future__ import annotations

import json
from typing import Any

CUSTOM_ID_TAG = "_custom_id_"
"""moto's own way to ask for an id, which it follows for REST APIs only."""


def make_api(original: Any, api: Any, *arguments: Any, **named: Any) -> None:
    """Make the API with the id its tags ask for, and the scheme its protocol needs."""
    original(api, *arguments, **named)
    wanted = (named.get("tags") or {}).get(CUSTOM_ID_TAG)
    if wanted:
        api.backend.tag_resource(api.arn.replace(api.api_id, wanted), named["tags"])
        api.arn = api.arn.replace(api.api_id, wanted)
        api.api_endpoint = api.api_endpoint.replace(api.api_id, wanted)
        api.api_id = wanted
    if api.protocol_type == "WEBSOCKET":
        api.api_endpoint = api.api_endpoint.replace("https://", "wss://")
    api.ip_address_type = "ipv4"


def describe_api(original: Any, api: Any) -> Any:
    """Describe an API, its address type too."""
    return original(api) | {"ipAddressType": api.ip_address_type}


def answer(original: Any, response: Any) -> Any:
    """Answer CreateApi or UpdateApi, with the address type that was asked for."""
    status, headers, body = original(response)
    wanted = json.loads(response.body).get("ipAddressType")
    told = json.loads(body)
    if wanted:
        response.apigatewayv2_backend.get_api(told["apiId"]).ip_address_type = wanted
        told["ipAddressType"] = wanted
    return status, headers, json.dumps(told)
