"""AWS's JSON of API Gateway's APIs and custom domain names as values."""

from __future__ import annotations

from dataclasses import replace

from netprobe.aws import operations as ops
from netprobe.aws.convert_answers import Answers
from netprobe.aws.reading import (
    Json,
    bare_name,
    each_text,
    is_set,
    maybe_text,
    part,
    parts,
    text,
    texts,
    wrong,
)
from netprobe.model.names import DomainName
from netprobe.model.workloads import Api, ApiKind

_PROTOCOLS = {"HTTP": ApiKind.HTTP, "WEBSOCKET": ApiKind.WEBSOCKET}


def convert_apis(answers: Answers) -> tuple[Api, ...]:
    """Return the APIs of all three kinds with their stages."""
    region = answers.raw.region
    of_rest = answers.per_subject(
        ops.REST_STAGES, read=lambda items: [text(item, "stageName") for item in items]
    )
    of_others = answers.per_subject(
        ops.STAGES, read=lambda items: [text(item, "StageName") for item in items]
    )
    rest = answers.each(
        ops.REST_APIS, lambda item: convert_rest_api(item, region, of_rest.get(text(item, "id")))
    )
    others = answers.each(
        ops.APIS,
        lambda item: convert_http_or_websocket_api(
            item, region, of_others.get(text(item, "ApiId"))
        ),
    )
    answers.want(ops.REST_STAGES, rest)
    answers.want(ops.STAGES, others)
    return (*rest, *others)


def convert_rest_api(item: Json, region: str, stages: list[Json] | None) -> Api:
    """Return a REST API of GetRestApis.

    A missing ``ipAddressType`` is ipv4, for private APIs dualstack:
    https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-ip-address-type.html
    """
    endpoint = part(item, "endpointConfiguration")
    kind = next(iter(texts(endpoint, "types")), "EDGE")
    said = maybe_text(endpoint, "ipAddressType")
    api_id = text(item, "id")
    return Api(
        api_id=api_id,
        name=maybe_text(item, "name") or "",
        kind=ApiKind.REST,
        host=_host(api_id, region),
        endpoint_type=kind,
        ip_address_type=said or ("dualstack" if kind == "PRIVATE" else "ipv4"),
        ip_address_type_assumed=said is None,
        default_endpoint_disabled=is_set(item, "disableExecuteApiEndpoint"),
        stages=each_text(stages or [], "stageName"),
        vpc_endpoint_ids=texts(endpoint, "vpcEndpointIds"),
        policy=maybe_text(item, "policy"),
    )


def convert_http_or_websocket_api(item: Json, region: str, stages: list[Json] | None) -> Api:
    """Return an API of apigatewayv2 GetApis; both kinds are regional only."""
    said = maybe_text(item, "IpAddressType")
    protocol = text(item, "ProtocolType")
    if protocol not in _PROTOCOLS:
        raise wrong("ProtocolType", protocol)
    api_id = text(item, "ApiId")
    return Api(
        api_id=api_id,
        name=maybe_text(item, "Name") or "",
        kind=_PROTOCOLS[protocol],
        host=_host(api_id, region),
        ip_address_type=said or "ipv4",
        ip_address_type_assumed=said is None,
        default_endpoint_disabled=is_set(item, "DisableExecuteApiEndpoint"),
        stages=each_text(stages or [], "StageName"),
    )


def _host(api_id: str, region: str) -> str:
    suffix = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
    return f"{api_id}.execute-api.{region}.{suffix}"


def convert_domain_names(answers: Answers) -> tuple[DomainName, ...]:
    """Return the custom domain names; both services tell of the same ones."""
    mapped = _mapped(answers)
    found: dict[str, DomainName] = {}
    for item in (
        *answers.each(ops.REST_DOMAINS, convert_rest_domain_name),
        *answers.each(ops.DOMAINS, convert_domain_name),
    ):
        known = found.setdefault(item.domain_name, item)
        names = dict.fromkeys((*known.target_names, *item.target_names))
        found[item.domain_name] = replace(
            known, target_names=tuple(names), mutual_tls=known.mutual_tls or item.mutual_tls
        )
    if not answers.knows(ops.REST_MAPPINGS):  # either service's answers will do
        answers.want(ops.MAPPINGS, found)
    return tuple(
        replace(item, api_ids=tuple(dict.fromkeys(mapped.get(item.domain_name, ()))))
        for item in found.values()
    )


def _mapped(answers: Answers) -> dict[str, tuple[str, ...]]:
    """Return the APIs behind each name, whichever service told of them."""
    mapped: dict[str, tuple[str, ...]] = {}
    for operation, key in ((ops.REST_MAPPINGS, "restApiId"), (ops.MAPPINGS, "ApiId")):
        for written, items in answers.per_subject(operation).items():
            name = bare_name(written)
            try:
                mapped[name] = (*mapped.get(name, ()), *each_text(items, key))
            except ValueError as error:
                answers.fail(operation, error)
    return mapped


def convert_rest_domain_name(item: Json) -> DomainName:
    """Return a custom domain name as apigateway GetDomainNames tells it."""
    endpoint = part(item, "endpointConfiguration")
    targets = each_text([item], "regionalDomainName")
    targets += each_text([item], "distributionDomainName")
    return DomainName(
        domain_name=bare_name(text(item, "domainName")),
        endpoint_type=next(iter(texts(endpoint, "types")), "EDGE"),
        ip_address_type=maybe_text(endpoint, "ipAddressType") or "ipv4",
        target_names=tuple(map(bare_name, targets)),
        mutual_tls=bool(maybe_text(part(item, "mutualTlsAuthentication"), "truststoreUri")),
        security_policy=maybe_text(item, "securityPolicy"),
    )


def convert_domain_name(item: Json) -> DomainName:
    """Return a custom domain name as apigatewayv2 GetDomainNames tells it."""
    configurations = parts(item, "DomainNameConfigurations")
    return DomainName(
        domain_name=bare_name(text(item, "DomainName")),
        endpoint_type=_first(configurations, "EndpointType") or "REGIONAL",
        ip_address_type=_first(configurations, "IpAddressType") or "ipv4",
        target_names=tuple(map(bare_name, each_text(configurations, "ApiGatewayDomainName"))),
        mutual_tls=bool(maybe_text(part(item, "MutualTlsAuthentication"), "TruststoreUri")),
        security_policy=_first(configurations, "SecurityPolicy"),
    )


def _first(items: list[Json], key: str) -> str | None:
    return next(iter(each_text(items, key)), None)
