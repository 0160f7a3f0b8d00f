"""AWS's JSON of API Gateway APIs as values."""

from __future__ import annotations

from typing import Any

from netprobe.model.workloads import Api, ApiKind

Json = dict[str, Any]


def convert_rest_api(item: Json, region: str, stages: Json | None) -> Api:
    """Return a REST API of GetRestApis.

    A missing ``ipAddressType`` is ipv4, for private APIs dualstack:
    https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-ip-address-type.html
    """
    endpoint = item.get("endpointConfiguration") or {}
    kind = next(iter(endpoint.get("types") or ()), "EDGE")
    said = endpoint.get("ipAddressType")
    return Api(
        api_id=item["id"],
        name=item.get("name") or "",
        kind=ApiKind.REST,
        host=_host(item["id"], region),
        endpoint_type=kind,
        ip_address_type=said or ("dualstack" if kind == "PRIVATE" else "ipv4"),
        ip_address_type_assumed=said is None,
        default_endpoint_disabled=bool(item.get("disableExecuteApiEndpoint")),
        stages=tuple(stage["stageName"] for stage in (stages or {}).get("item") or ()),
        vpc_endpoint_ids=tuple(endpoint.get("vpcEndpointIds") or ()),
        policy=item.get("policy"),
    )


def convert_http_or_websocket_api(item: Json, region: str, stages: Json | None) -> Api:
    """Return an API of apigatewayv2 GetApis; both kinds are regional only."""
    said = item.get("IpAddressType")
    return Api(
        api_id=item["ApiId"],
        name=item.get("Name") or "",
        kind=ApiKind.WEBSOCKET if item["ProtocolType"] == "WEBSOCKET" else ApiKind.HTTP,
        host=_host(item["ApiId"], region),
        ip_address_type=said or "ipv4",
        ip_address_type_assumed=said is None,
        default_endpoint_disabled=bool(item.get("DisableExecuteApiEndpoint")),
        stages=tuple(stage["StageName"] for stage in (stages or {}).get("Items") or ()),
    )


def _host(api_id: str, region: str) -> str:
    suffix = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
    return f"{api_id}.execute-api.{region}.{suffix}"
