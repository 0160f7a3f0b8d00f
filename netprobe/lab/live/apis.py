"""The APIs and custom domains of API Gateway, as its front end and public DNS need them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from netprobe.lab.network.describe import ControlPlane

Json = Mapping[str, Any]

FRONT_END = ("198.51.100.10", "3fff:a::10")
"""Where API Gateway answers: the addresses of every public API and custom domain."""
API_HOST = re.compile(
    r"^(?P<api>[a-z0-9]+)(-(?P<vpce>vpce-[0-9a-z]+))?\.execute-api\."
    r"(?P<region>[a-z0-9-]+)\.amazonaws\.com$"
)
REGIONAL_HOST = re.compile(r"^d-[a-z0-9]+\.execute-api\.(?P<region>[a-z0-9-]+)\.amazonaws\.com$")
"""What the records of a regional custom domain point at."""
EDGE_HOST = re.compile(r"^d[a-z0-9]+\.cloudfront\.net$")
"""What those of an edge-optimized one point at."""
DUAL_STACK = "dualstack"
_NO_BASE_PATH = "(none)"
"""How version 1 tells a mapping of the whole domain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """An API of either generation."""

    api_id: str
    region: str
    kind: str
    """REST, HTTP or WEBSOCKET."""
    private: bool = False
    dual_stack: bool = False
    disabled: bool = False
    """The default endpoint is switched off."""
    policy: str | None = None
    endpoint_ids: tuple[str, ...] = ()
    """The VPC endpoints that a private API is associated with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PathMapping:
    """Which stage of which API answers below a path of a custom domain."""

    path: str
    """Without slashes at its ends; empty for the whole domain."""
    api_id: str
    stage: str
    """Empty where the path's next part names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """A custom domain name."""

    name: str
    region: str
    targets: tuple[str, ...]
    """The names that its records point at: a regional one, or a distribution's."""
    dual_stack: bool
    mappings: tuple[PathMapping, ...]

    def mapping_of(self, path: str) -> PathMapping | None:
        """Return the mapping with the longest path that a request's path begins with.

        https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-mappings.html
        """
        wanted = path.strip("/") + "/"
        fitting = [m for m in self.mappings if not m.path or wanted.startswith(f"{m.path}/")]
        return max(fitting, key=lambda mapping: len(mapping.path), default=None)


def find_api(control: ControlPlane, api_id: str, region: str) -> Api | None:
    """Return the API with this id in a region."""
    for item in control.client("apigatewayv2", region).get_apis()["Items"]:
        if item["ApiId"] == api_id:
            return Api(
                api_id=api_id,
                region=region,
                kind=item["ProtocolType"],
                dual_stack=item.get("IpAddressType") == DUAL_STACK,
                disabled=bool(item.get("DisableExecuteApiEndpoint")),
            )
    for item in control.client("apigateway", region).get_rest_apis()["items"]:
        if item["id"] == api_id:
            return _rest_api(item, region)
    return None


def _rest_api(item: Json, region: str) -> Api:
    configuration: Json = item.get("endpointConfiguration") or {}
    return Api(
        api_id=item["id"],
        region=region,
        kind="REST",
        private="PRIVATE" in configuration.get("types", ()),
        dual_stack=configuration.get("ipAddressType") == DUAL_STACK,
        disabled=bool(item.get("disableExecuteApiEndpoint")),
        policy=item.get("policy") or None,
        endpoint_ids=tuple(configuration.get("vpcEndpointIds") or ()),
    )


def domains(control: ControlPlane, region: str) -> Iterator[Domain]:
    """Yield the custom domains of a region, those made with either version of the API."""
    newer = control.client("apigatewayv2", region)
    for item in newer.get_domain_names()["Items"]:
        configuration: Json = next(iter(item.get("DomainNameConfigurations") or ()), {})
        mappings = newer.get_api_mappings(DomainName=item["DomainName"])["Items"]
        yield Domain(
            name=item["DomainName"].lower(),
            region=region,
            targets=(str(configuration.get("ApiGatewayDomainName", "")).lower(),),
            dual_stack=configuration.get("IpAddressType") == DUAL_STACK,
            mappings=tuple(
                PathMapping(
                    path=found.get("ApiMappingKey") or "",
                    api_id=found["ApiId"],
                    stage=found["Stage"],
                )
                for found in mappings
            ),
        )
    older = control.client("apigateway", region)
    for item in older.get_domain_names().get("items") or ():
        yield _older_domain(older, item, region)


def _older_domain(client: Any, item: Json, region: str) -> Domain:
    configuration: Json = item.get("endpointConfiguration") or {}
    edge = "EDGE" in configuration.get("types", ())
    target = "distributionDomainName" if edge else "regionalDomainName"
    mappings = client.get_base_path_mappings(domainName=item["domainName"]).get("items") or ()
    return Domain(
        name=item["domainName"].lower(),
        region=region,
        targets=(str(item.get(target, "")).lower(),),
        dual_stack=configuration.get("ipAddressType") == DUAL_STACK,
        mappings=tuple(
            PathMapping(
                path=found["basePath"] if found["basePath"] != _NO_BASE_PATH else "",
                api_id=found["restApiId"],
                stage=found.get("stage") or "",
            )
            for found in mappings
        ),
    )
