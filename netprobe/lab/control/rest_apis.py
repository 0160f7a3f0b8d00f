"""REST APIs: their address type and the patch operations on their endpoint.

See "IP address types for REST APIs in API Gateway": ipv4 unless asked for, always dualstack for
private APIs.
"""

from __future__ import annotations

from typing import Any

PRIVATE = "PRIVATE"
ENDPOINT = "/endpointConfiguration/"
SWITCH = "/disableExecuteApiEndpoint"


def make_rest_api(original: Any, api: Any, *arguments: Any, **named: Any) -> None:
    """Make the API with an address type of its own."""
    original(api, *arguments, **named)
    api.endpoint_configuration = dict(api.endpoint_configuration)
    _settle(api.endpoint_configuration)


def _settle(configuration: dict[str, Any]) -> None:
    if PRIVATE in configuration["types"]:
        configuration["ipAddressType"] = "dualstack"
    else:
        configuration.setdefault("ipAddressType", "ipv4")


def patch(original: Any, api: Any, operations: list[dict[str, Any]]) -> None:
    """Apply patch operations; moto turns every one on the endpoint into its type."""
    others = []
    for operation in operations:
        path = operation["path"]
        if path.startswith(ENDPOINT):
            _patch_endpoint(api.endpoint_configuration, operation)
        elif path == SWITCH:
            # moto reads the text "false" as true
            api.disableExecuteApiEndpoint = str(operation["value"]).lower() == "true"
        else:
            others.append(operation)
    original(api, others)


def _patch_endpoint(configuration: dict[str, Any], operation: dict[str, Any]) -> None:
    field, _, named = operation["path"].removeprefix(ENDPOINT).partition("/")
    value = operation.get("value", "")
    if field == "types":
        configuration["types"] = [value]
    elif field == "ipAddressType":
        configuration["ipAddressType"] = value
    elif field == "vpcEndpointIds":
        held = [i for i in configuration.get("vpcEndpointIds", []) if i != (named or value)]
        configuration["vpcEndpointIds"] = [*held, value] if operation["op"] == "add" else held
    _settle(configuration)
