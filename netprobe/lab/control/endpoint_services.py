"""The AWS services that have VPC endpoints: their kinds, names and address families."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

WITH_IPV6 = frozenset(
    {
        "appconfigdata",
        "athena",
        "bedrock-runtime",
        "elasticfilesystem",
        "events",
        "execute-api",
        "firehose",
        "glue",
        "kinesis-firehose",
        "kinesis-streams",
        "kms",
        "lakeformation",
        "lambda",
        "logs",
        "monitoring",
        "s3",
        "secretsmanager",
        "sns",
        "sqs",
        "ssm",
        "states",
        "sts",
        "sync-states",
        "xray",
    }
)
"""Services with IPv6 over PrivateLink.

See "AWS services that support IPv6" in the Amazon VPC user guide; S3 from "AWS PrivateLink for
Amazon S3"; private APIs, which are always dual-stack, from the API Gateway developer guide.
"""
S3_NAMES = ("s3", "s3-control", "s3-accesspoint")


def collect(original: Any, account_id: str, region: str) -> list[Json]:
    """Return the services of a region, with what moto leaves out of each."""
    services: list[Json] = original(account_id, region)
    for service in services:
        if "SupportedIpAddressTypes" not in service:
            _complete(service, region)
    name = f"com.amazonaws.{region}.dynamodb"
    kinds = [_kind(item) for item in services if item["ServiceName"] == name]
    if kinds == ["Gateway"]:
        services.append(_dynamodb_interface(services, name, region))
    return services


def _complete(service: Json, region: str) -> None:
    short = _short_name(service["ServiceName"], region)
    families = ["ipv4", "ipv6"] if short in WITH_IPV6 else ["ipv4"]
    service["SupportedIpAddressTypes"] = families
    if _kind(service) == "Gateway":
        for key in ("PrivateDnsName", "PrivateDnsNames", "PrivateDnsNameVerificationState"):
            service.pop(key, None)
    elif short == "s3":
        _name(service, [f"{item}.{region}.amazonaws.com" for item in S3_NAMES])
    elif short == "execute-api":
        _name(service, [f"execute-api.{region}.amazonaws.com"])


def _name(service: Json, names: list[str]) -> None:
    """Give a service names that it answers for, and for everything below them."""
    both = [name for plain in names for name in (plain, f"*.{plain}")]
    service["PrivateDnsName"] = names[0]
    service["PrivateDnsNames"] = [{"PrivateDnsName": name} for name in both]


def _dynamodb_interface(services: list[Json], name: str, region: str) -> Json:
    """DynamoDB's interface endpoint has no private DNS ("AWS PrivateLink for DynamoDB")."""
    gateway = next(item for item in services if item["ServiceName"] == name)
    return gateway | {
        "ServiceId": f"{gateway['ServiceId'][:-1]}f",
        "ServiceType": [{"ServiceType": "Interface"}],
        "BaseEndpointDnsNames": [f"dynamodb.{region}.vpce.amazonaws.com"],
    }


def select(original: Any, names: list[str], filters: list[Json], services: list[Json]) -> Any:
    """Filter services; moto reads ``Value`` where the request says ``Values``, and fails."""
    readable = [item | {"Value": item.get("Values", item.get("Value", []))} for item in filters]
    # service-type would otherwise count both spellings, which is harmless: they are equal
    return original(names, readable, services)


def find_interface_service(services: list[Json], name: str, region: str) -> Json:
    """Return the interface form of a service; one that is not listed gets the usual names."""
    for service in services:
        if service["ServiceName"] == name and _kind(service) == "Interface":
            return service
    short = _short_name(name, region)
    return {
        "BaseEndpointDnsNames": [f"{short}.{region}.vpce.amazonaws.com"],
        "PrivateDnsNames": [{"PrivateDnsName": f"{short}.{region}.amazonaws.com"}],
        "SupportedIpAddressTypes": ["ipv4"],
    }


def _kind(service: Json) -> str:
    return str(service["ServiceType"][0]["ServiceType"])


def _short_name(service_name: str, region: str) -> str:
    return service_name.rpartition(f".{region}.")[2]
