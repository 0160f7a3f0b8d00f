"""Which AWS service a host name belongs to, and which names its interface endpoint answers.

The table of services and private DNS names:
https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html
Services are named as endpoints name them, by the X of ``com.amazonaws.{region}.X``.
"""

from __future__ import annotations

from netprobe.model.addresses import Family

_LABELS = {
    "kinesis-streams": ("kinesis",),
    "kinesis-firehose": ("firehose",),
    "ecr.api": ("api.ecr",),
    "ecr.dkr": ("*.dkr.ecr",),
    "execute-api": ("execute-api", "*.execute-api"),
    "appsync-api": ("*.appsync-api",),
    "s3": (
        "s3",
        "*.s3",
        "s3-control",
        "*.s3-control",
        "s3-accesspoint",
        "*.s3-accesspoint",
    ),
    "sagemaker.api": ("api.sagemaker",),
    "sagemaker.runtime": ("runtime.sagemaker",),
    "dynamodb-streams": ("streams.dynamodb",),
}
"""Services whose names are not ``{X}.{region}.amazonaws.com``."""

_HOSTS = _LABELS | {
    "dynamodb": ("dynamodb", "*.ddb"),
    "kinesis-streams": ("kinesis", "*.data-kinesis", "*.control-kinesis"),
    "s3": (*_LABELS["s3"], "s3.dualstack", "*.s3.dualstack", "*.s3-control.dualstack"),
}
"""Hosts that belong to a service although its endpoint's private DNS may not answer for them.

Account-based hosts: https://docs.aws.amazon.com/sdkref/latest/guide/feature-account-endpoints.html
"""

_DUAL_STACK_LABELS = {
    "ecr": "ecr.api",
    "streams-dynamodb": "dynamodb-streams",
    "kinesis": "kinesis-streams",
    "firehose": "kinesis-firehose",
    "efs": "elasticfilesystem",
    "kafka-api": "kafka",
    "aos": "es",
}
"""``{label}.{region}.api.aws`` where the label is not the service."""

_BOTH_FAMILIES = frozenset({"secretsmanager", "cognito-idp", "cognito-identity"})
"""Plain hosts with AAAA records.

https://docs.aws.amazon.com/secretsmanager/latest/userguide/ip-access.html and, for Cognito, the
dual-stack variants of botocore's ``endpoints.json``, which are the plain hosts.
"""
_SUFFIXES = (
    ("cn-", "amazonaws.com.cn", "api.amazonwebservices.com.cn"),
    ("eusc-", "amazonaws.eu", "api.amazonwebservices.eu"),
)
"""Partitions with suffixes of their own, by the beginning of their regions.

``dnsSuffix`` and ``dualStackDnsSuffix`` of botocore's ``partitions.json``.
"""

_RESOURCE_DOMAINS = (
    "rds.amazonaws.com",
    "neptune.amazonaws.com",
    "docdb.amazonaws.com",
    "cache.amazonaws.com",
    "memorydb.amazonaws.com",
    "redshift.amazonaws.com",
    "es.amazonaws.com",
    "kafka.amazonaws.com",
    "mq.amazonaws.com",
)
"""Domains of resources of the account, whose addresses are often those of a VPC.

The host names of DB instances, clusters and domains come out of their own services' Describe
calls: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html
"""
_WITHOUT_PRIVATE_DNS = frozenset({"dynamodb"})
"""Services whose interface endpoints have endpoint-specific names only.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/privatelink-interface-endpoints.html
"""


def normalise_host(host: str) -> str:
    """Return a host name in lower case without the final dot."""
    return host.strip().rstrip(".").lower()


def matches_name(pattern: str, host: str) -> bool:
    """Tell whether a record answers for a host; ``*.`` is any number of labels (RFC 4592)."""
    return host.endswith(pattern[1:]) if pattern.startswith("*.") else host == pattern


def service_of_host(host: str, region: str) -> str | None:
    """Return the service a host of this region belongs to, None for any other host."""
    name = normalise_host(host)
    if region == "us-east-1" and (
        name == "s3.amazonaws.com" or name.endswith(".s3.amazonaws.com")
    ):
        return "s3"
    label = _cut(name, f".{region}.{_dual_stack_suffix(region)}")
    if label is not None:
        return _DUAL_STACK_LABELS.get(label, label) if "." not in label else None
    label = _cut(name, f".{region}.{_suffix(region)}")
    if label is None:
        return None
    for service, patterns in _HOSTS.items():
        if any(matches_name(pattern, label) for pattern in patterns):
            return service
    return label if "." not in label else None


def bucket_of(host: str, path: str, region: str) -> str | None:
    """Return the S3 bucket that a URL of this region names, in the host or first in the path.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
    """
    if service_of_host(host, region) != "s3":
        return None
    labels = normalise_host(host).split(".")
    start = next((at for at, label in enumerate(labels) if label.startswith("s3")), 0)
    if labels[start] != "s3":  # s3-control and access points are no buckets
        return None
    return ".".join(labels[:start]) or path.partition("?")[0].strip("/").partition("/")[0] or None


def is_resource_name(host: str) -> bool:
    """Tell whether a host is a resource's own: a database, a cluster, a file system."""
    name = normalise_host(host).removesuffix(".cn")
    return name.endswith(tuple(f".{domain}" for domain in _RESOURCE_DOMAINS)) or (
        ".efs." in name and name.endswith(".amazonaws.com")
    )


def private_names(service: str, region: str) -> tuple[str, ...]:
    """Return the names an interface endpoint of a service answers with private DNS on."""
    if service in _WITHOUT_PRIVATE_DNS:
        return ()
    labels = _LABELS.get(service, (service,))
    return tuple(f"{label}.{region}.{_suffix(region)}" for label in labels)


def service_suffix(service_name: str, region: str) -> str:
    """Return what names the service in an endpoint's service name.

    What comes before the region is not constant: ``com.amazonaws``, ``aws.api``.
    """
    _, found, suffix = service_name.partition(f".{region}.")
    return suffix if found else service_name.rpartition(".")[2]


def has_record(host: str, region: str, family: Family) -> bool | None:
    """Tell whether public DNS has a record of the family for an AWS service's host.

    Regional hosts support IPv4 in general, dual-stack names are documented, for other hosts AAAA
    records come and go: https://docs.aws.amazon.com/general/latest/gr/rande.html
    """
    if family is Family.IPV4:
        return True
    name = normalise_host(host)
    plain = {f"{label}.{region}.{_suffix(region)}" for label in _BOTH_FAMILIES}
    dual_stack = f".{_dual_stack_suffix(region)}"
    if name.endswith(dual_stack) or ".dualstack." in name or name in plain:
        return True
    return None


def _cut(name: str, suffix: str) -> str | None:
    return name.removesuffix(suffix) if name.endswith(suffix) else None


def _suffix(region: str) -> str:
    return _suffixes(region)[0]


def _dual_stack_suffix(region: str) -> str:
    return _suffixes(region)[1]


def _suffixes(region: str) -> tuple[str, str]:
    """Return the suffixes of a region's partition: of plain and of dual-stack hosts."""
    found = (item[1:] for item in _SUFFIXES if region.startswith(item[0]))
    return next(found, ("amazonaws.com", "api.aws"))
