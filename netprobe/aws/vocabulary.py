"""AWS's own words, from the SDK's service models: what a redacted document may keep.

Whatever is not among them is somebody's name for something until the opposite is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from functools import lru_cache
from typing import Any

from botocore.loaders import Loader

from netprobe.aws.operations import OPERATIONS
from probe_lambda import wire

_OWN_KEYS = frozenset(
    {
        *("region", "account", "answers", "gaps", "call", "error", "iam_action", "needed_for"),
        *("asked", "subjects", "schema", "netprobe_version", "started_at", "finished_at"),
        *("request", "vpc", "function", "targets", "families", "client", "subnets"),
        *("all_subnets", "security_groups", "timeout_seconds", "attempts", "path_mtu", "probe"),
        *("results", "local_addresses", "resolvers", "names", "interfaces", "missing"),
        *("target", "family", "outcome", "address", "source_address", "stages", "addresses"),
        *("stage", "milliseconds", "detail", "host", "getaddrinfo", "sources", "server"),
        *("rcode", "cname", "ttl", "synthesised", "errno", "version", "cipher", "alpn"),
        *("certificate_names", "issuer", "not_after", "alert", "status", "headers", "body"),
        *("seen_as", "reply", "cut_short", "ipv4", "ipv6", "lo", "eth0", "eth1"),
        *("resolve", "connect", "handshake", "large-request", "websocket", "datagram"),
        *("apigw-requestid", "content-type", "location", "via", "x-amz-apigw-id", "x-cache"),
        *("x-amz-request-id", "x-amzn-errortype", "x-amzn-requestid", "x-amz-cf-id", "bytes"),
        *("ResponseMetadata", "RequestId", "HTTPStatusCode", "HTTPHeaders", "RetryAttempts"),
        *("HostId", "Version", "Id", "Statement", "Sid", "Effect", "Principal", "NotPrincipal"),
        *("Action", "NotAction", "Resource", "NotResource", "Condition", "AWS", "Service"),
        *("Federated", "CanonicalUser", "message", "Message", "Code", "__type", "status_code"),
        *("data", "path", "mtu", "sent", "received", "samples", "milliseconds_total"),
    }
)
"""Keys of netprobe's own documents, of the probe's answers and of IAM policies."""

_CONDITION = re.compile(
    r"(?:For(?:Any|All)Values:)?(?:String|Numeric|Date|Bool|Binary|Ip|NotIp|Arn|Null)\w*"
    r"|[a-zA-Z0-9-]+:[A-Za-z]+(?=/|$)"
)
"""A condition operator, or the key it looks at, which a tag's name may follow.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

_OWN_VALUES = frozenset(
    {
        *("local", "default", "amazon", "aws", "AWS", "amazon-elb", "amazon-aws", "self"),
        *("AmazonProvidedDNS", "NtpTimeServers", "$default", "$LATEST", "*", "-1", "-"),
        *("tcp", "udp", "icmp", "icmpv6", "esp", "gre", "all", "any", "Allow", "Deny"),
        *("2012-10-17", "2008-10-17", "not read", "domain-name-servers", "domain-name"),
        *("ntp-servers", "netbios-name-servers", "netbios-node-type", "true", "false"),
        *("com.amazonaws.global.cloudfront.origin-facing", "ResponseMetadata", "control"),
        *("ipv6-address-preferred-lease-time", "Amazon", "ec2.internal", "EndpointId"),
    }
)


@lru_cache(maxsize=1)
def known_words() -> tuple[frozenset[str], frozenset[str]]:
    """Return the keys of AWS's answers, and the values that AWS enumerates."""
    keys, values = set(_OWN_KEYS), set(_OWN_VALUES)
    for kind in vars(wire).values():
        if isinstance(kind, type) and is_dataclass(kind):
            keys |= {field.name for field in fields(kind)}
    for operation in OPERATIONS:
        keys |= {operation.name, operation.call}
    for service in (*dict.fromkeys(operation.service for operation in OPERATIONS), "iam", "s3"):
        for shape in _shapes(service):
            values |= set(shape.get("enum", ()))
            for name, member in shape.get("members", {}).items():
                keys |= {name, member.get("locationName", name)}
    return frozenset(keys), frozenset(values)


def is_condition(key: str) -> re.Match[str] | None:
    """Return the part of a policy's key that IAM knows."""
    return _CONDITION.match(key)


@lru_cache(maxsize=1)
def service_labels() -> frozenset[str]:
    """Return the labels that AWS's own host names are made of."""
    own = {
        *("execute-api", "vpce", "dualstack", "elb", "s3", "s3-control", "s3-accesspoint"),
        *("rds", "neptune", "docdb", "cache", "compute", "internal", "api", "dkr", "ecr"),
        *("runtime", "streams", "data-kinesis", "control-kinesis", "ddb", "appsync-api"),
        *("vpce-svc", "es", "efs", "kafka", "mq", "redshift", "memorydb", "queue", "aws"),
        *("logs", "monitoring", "amazonaws", "kinesis", "firehose", "email", "states"),
        *("com", "cn", "dynamodb", "global", "fips", "lambda-url", "cloudfront", "s3-website"),
    }
    return frozenset({*own, *_loader().list_available_services("service-2"), *_prefixes()})


def _prefixes() -> Iterator[str]:
    """Yield the names services have in their hosts, where they are not those of the SDK."""
    for partition in _loader().load_data("endpoints").get("partitions", ()):
        yield from partition.get("services", ())


def _shapes(service: str) -> Iterable[dict[str, Any]]:
    shapes: dict[str, Any] = _loader().load_service_model(service, "service-2")["shapes"]
    return shapes.values()


@lru_cache(maxsize=1)
def _loader() -> Loader:
    return Loader()
