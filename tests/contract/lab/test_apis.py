"""API Gateway: address types, ids, schemes, policies and custom domains."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.contract.lab.corrected import Cloud

WEBSOCKET = {"ProtocolType": "WEBSOCKET", "RouteSelectionExpression": "$request.body.action"}


@pytest.mark.parametrize("given", [{"ProtocolType": "HTTP"}, WEBSOCKET])
def test_address_type_of_a_v2_api_is_ipv4_until_changed(
    cloud: Cloud, given: dict[str, str]
) -> None:
    apis = cloud.client("apigatewayv2")
    made = apis.create_api(Name="a", **given)
    assert made["IpAddressType"] == "ipv4"

    answer = apis.update_api(ApiId=made["ApiId"], IpAddressType="dualstack")

    assert answer["IpAddressType"] == "dualstack"
    assert apis.get_api(ApiId=made["ApiId"])["IpAddressType"] == "dualstack"
    assert apis.get_apis()["Items"][0]["IpAddressType"] == "dualstack"
    apis.update_api(ApiId=made["ApiId"], Description="other")
    assert apis.get_api(ApiId=made["ApiId"])["IpAddressType"] == "dualstack"


def test_address_type_of_a_v2_api_can_be_given_at_creation(cloud: Cloud) -> None:
    made = cloud.client("apigatewayv2").create_api(
        Name="a", ProtocolType="HTTP", IpAddressType="dualstack"
    )

    assert made["IpAddressType"] == "dualstack"


def test_endpoint_of_a_websocket_api_is_a_websocket(cloud: Cloud) -> None:
    apis = cloud.client("apigatewayv2")
    websocket = apis.create_api(Name="a", **WEBSOCKET)
    http = apis.create_api(Name="b", ProtocolType="HTTP")

    own = websocket["ApiId"]
    assert websocket["ApiEndpoint"] == f"wss://{own}.execute-api.us-east-1.amazonaws.com"
    assert http["ApiEndpoint"].startswith("https://")


def test_v2_api_takes_the_id_asked_for(cloud: Cloud) -> None:
    apis = cloud.client("apigatewayv2")
    made = apis.create_api(Name="a", Tags={"_custom_id_": "abc123wsok", "k": "v"}, **WEBSOCKET)
    apis.create_stage(ApiId="abc123wsok", StageName="prod")

    assert made["ApiId"] == "abc123wsok"
    assert made["ApiEndpoint"] == "wss://abc123wsok.execute-api.us-east-1.amazonaws.com"
    found = apis.get_api(ApiId="abc123wsok")
    assert found["Tags"]["k"] == "v"
    assert [item["ApiId"] for item in apis.get_apis()["Items"]] == ["abc123wsok"]


def test_default_endpoint_of_a_v2_api_can_be_disabled_and_enabled(cloud: Cloud) -> None:
    apis = cloud.client("apigatewayv2")
    own = apis.create_api(Name="a", ProtocolType="HTTP", DisableExecuteApiEndpoint=True)["ApiId"]
    assert apis.get_api(ApiId=own)["DisableExecuteApiEndpoint"] is True

    apis.update_api(ApiId=own, DisableExecuteApiEndpoint=False)

    assert apis.get_api(ApiId=own)["DisableExecuteApiEndpoint"] is False


def rest_api(cloud: Cloud, kind: str, **more: Any) -> dict[str, Any]:
    made = cloud.client("apigateway").create_rest_api(
        name="a", endpointConfiguration={"types": [kind]} | more
    )
    return dict(made)


def patched(cloud: Cloud, own: str, path: str, value: str, op: str = "replace") -> dict[str, Any]:
    operation = {"op": op, "path": path, "value": value}
    client = cloud.client("apigateway")
    client.update_rest_api(restApiId=own, patchOperations=[operation])
    return dict(client.get_rest_api(restApiId=own))


@pytest.mark.parametrize(
    ("kind", "expected"), [("EDGE", "ipv4"), ("REGIONAL", "ipv4"), ("PRIVATE", "dualstack")]
)
def test_address_type_of_a_rest_api(cloud: Cloud, kind: str, expected: str) -> None:
    made = rest_api(cloud, kind)

    assert made["endpointConfiguration"]["ipAddressType"] == expected
    found = cloud.client("apigateway").get_rest_apis()["items"][0]
    assert found["endpointConfiguration"] == {"types": [kind], "ipAddressType": expected}


def test_rest_api_without_configuration_is_an_ipv4_edge_api(cloud: Cloud) -> None:
    made = cloud.client("apigateway").create_rest_api(name="a")

    assert made["endpointConfiguration"] == {"types": ["EDGE"], "ipAddressType": "ipv4"}


def test_changing_the_address_type_leaves_the_endpoint_type(cloud: Cloud) -> None:
    own = rest_api(cloud, "REGIONAL")["id"]
    found = patched(cloud, own, "/endpointConfiguration/ipAddressType", "dualstack")

    assert found["endpointConfiguration"] == {"types": ["REGIONAL"], "ipAddressType": "dualstack"}


def test_api_made_private_is_dual_stack(cloud: Cloud) -> None:
    own = rest_api(cloud, "REGIONAL")["id"]
    found = patched(cloud, own, "/endpointConfiguration/types/REGIONAL", "PRIVATE")

    assert found["endpointConfiguration"] == {"types": ["PRIVATE"], "ipAddressType": "dualstack"}


def test_endpoints_of_a_private_api_come_and_go(cloud: Cloud) -> None:
    own = rest_api(cloud, "PRIVATE", vpcEndpointIds=["vpce-1"])["id"]
    path = "/endpointConfiguration/vpcEndpointIds"
    found = patched(cloud, own, path, "vpce-2", "add")
    assert found["endpointConfiguration"]["vpcEndpointIds"] == ["vpce-1", "vpce-2"]

    found = patched(cloud, own, path, "vpce-1", "remove")

    assert found["endpointConfiguration"]["vpcEndpointIds"] == ["vpce-2"]


@pytest.mark.parametrize(("value", "expected"), [("true", True), ("false", False)])
def test_default_endpoint_of_a_rest_api_is_switched_by_its_word(
    cloud: Cloud,
    value: str,
    expected: bool,  # noqa: FBT001 # a parameter
) -> None:
    own = cloud.client("apigateway").create_rest_api(
        name="a", disableExecuteApiEndpoint=not expected
    )["id"]

    found = patched(cloud, own, "/disableExecuteApiEndpoint", value)
    assert found["disableExecuteApiEndpoint"] is expected


def test_resource_policy_of_a_rest_api_is_kept(cloud: Cloud) -> None:
    policy = json.dumps({"Version": "2012-10-17", "Statement": []})
    made = cloud.client("apigateway").create_rest_api(
        name="a", policy=policy, tags={"_custom_id_": "ghi789rest"}
    )

    assert made["id"] == "ghi789rest"
    found = cloud.client("apigateway").get_rest_api(restApiId="ghi789rest")
    assert json.loads(found["policy"]) == json.loads(policy)
    changed = patched(cloud, "ghi789rest", "/policy", '{"Statement": [1]}')
    assert json.loads(changed["policy"]) == {"Statement": [1]}


def test_custom_domain_tells_the_name_to_point_at(cloud: Cloud) -> None:
    made = cloud.client("apigatewayv2").create_domain_name(
        DomainName="api.example.com",
        DomainNameConfigurations=[{"EndpointType": "REGIONAL", "IpAddressType": "dualstack"}],
    )

    found = made["DomainNameConfigurations"][0]
    assert found["ApiGatewayDomainName"].startswith("d-")
    assert found["ApiGatewayDomainName"].endswith(".execute-api.us-east-1.amazonaws.com")
    assert found["DomainNameStatus"] == "AVAILABLE"
    assert found["IpAddressType"] == "dualstack"
    assert found["HostedZoneId"]


def test_address_type_of_a_domain_can_be_changed(cloud: Cloud) -> None:
    """The rest of its configuration stays."""
    apis = cloud.client("apigatewayv2")
    made = apis.create_domain_name(
        DomainName="api.example.com", DomainNameConfigurations=[{"EndpointType": "REGIONAL"}]
    )["DomainNameConfigurations"][0]
    assert made["IpAddressType"] == "ipv4"
    apis.update_domain_name(
        DomainName="api.example.com", DomainNameConfigurations=[{"IpAddressType": "dualstack"}]
    )

    found = apis.get_domain_name(DomainName="api.example.com")["DomainNameConfigurations"][0]
    assert found == made | {"IpAddressType": "dualstack"}


def test_domain_of_the_first_generation_has_an_address_type(cloud: Cloud) -> None:
    """And a name of its kind to point at."""
    rest = cloud.client("apigateway")
    made = rest.create_domain_name(
        domainName="api.example.com", endpointConfiguration={"types": ["REGIONAL"]}
    )
    assert made["endpointConfiguration"] == {"types": ["REGIONAL"], "ipAddressType": "ipv4"}
    assert made["regionalDomainName"].endswith(".execute-api.us-east-1.amazonaws.com")
    operation = {"op": "replace", "path": "/endpointConfiguration/ipAddressType"}
    rest.update_domain_name(
        domainName="api.example.com", patchOperations=[operation | {"value": "dualstack"}]
    )

    found = rest.get_domain_names()["items"][0]
    assert found["endpointConfiguration"]["ipAddressType"] == "dualstack"
