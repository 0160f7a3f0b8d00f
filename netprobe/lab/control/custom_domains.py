"""Custom domain names of both generations: the names to point at, and their address types.

See "IP address types for custom domain names for REST APIs in API Gateway" and the pages of the
same title for HTTP and WebSocket APIs.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

REGIONAL_ZONE = "Z1UJRXOUMOOFQ8"
"""The hosted zone of API Gateway's regional domain names in us-east-1."""
EDGE_ZONE = "Z2FDTNDATAQYW2"
"""The hosted zone of all names of CloudFront distributions."""
ENDPOINT = "/endpointConfiguration/"


def make_v2(original: Any, domain: Any, *arguments: Any, **named: Any) -> None:
    """Make a domain with the regional name that its records must point at."""
    original(domain, *arguments, **named)
    region = domain.domain_name_arn.split(":")[3]
    domain.domain_name_configurations = [
        _configuration(domain.domain_name, region, given)
        for given in domain.domain_name_configurations or []
    ]


def _configuration(name: str, region: str, given: dict[str, Any]) -> dict[str, Any]:
    label = hashlib.sha256(name.encode()).hexdigest()[:10]
    return {
        "apiGatewayDomainName": f"d-{label}.execute-api.{region}.amazonaws.com",
        "domainNameStatus": "AVAILABLE",
        "hostedZoneId": REGIONAL_ZONE,
        "endpointType": "REGIONAL",
        "ipAddressType": "ipv4",
    } | given


def update_v2(response: Any) -> tuple[int, dict[str, Any], str]:
    """Answer UpdateDomainName: what is given replaces what was there, the rest stays."""
    domain = response.apigatewayv2_backend.get_domain_name(response.path.split("/")[-1])
    wanted = json.loads(response.body)
    if given := wanted.get("domainNameConfigurations"):
        held = domain.domain_name_configurations or [{}]
        domain.domain_name_configurations = [held[0] | given[0]]
    if "mutualTlsAuthentication" in wanted:
        domain.mutual_tls_authentication = wanted["mutualTlsAuthentication"]
    return 200, {}, json.dumps(domain.to_json())


def make_v1(original: Any, domain: Any, *arguments: Any, **named: Any) -> None:
    """Make a domain with an address type, and the name of its kind to point at."""
    original(domain, *arguments, **named)
    configuration = dict(domain.endpoint_configuration or {})
    configuration.setdefault("types", ["EDGE"])
    configuration.setdefault("ipAddressType", "ipv4")
    domain.endpoint_configuration = configuration
    domain.regional_hosted_zone_id = REGIONAL_ZONE
    domain.distribution_hosted_zone_id = EDGE_ZONE
    # moto's made-up labels are in mixed case, which no DNS name tells apart
    domain.regional_domain_name = domain.regional_domain_name.lower()
    domain.distribution_domain_name = domain.distribution_domain_name.lower()


def update_v1(response: Any) -> str:
    """Answer UpdateDomainName, whose patch operations replace fields of the endpoint."""
    domain = response.backend.get_domain_name(response.path.split("/")[2])
    for operation in json.loads(response.body).get("patchOperations") or ():
        path, value = operation["path"], operation.get("value")
        if path.startswith(f"{ENDPOINT}types"):
            domain.endpoint_configuration["types"] = [value]
        elif path.startswith(ENDPOINT):
            domain.endpoint_configuration[path.removeprefix(ENDPOINT)] = value
    return json.dumps(domain.to_json())
