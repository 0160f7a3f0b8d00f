"""Which service a host belongs to, and what its endpoint answers for."""

from __future__ import annotations

import pytest

from netprobe.model.addresses import Family
from netprobe.model.service_names import (
    has_record,
    is_resource_name,
    matches_name,
    private_names,
    service_of_host,
    service_suffix,
)

EAST = "us-east-1"
R = f"{EAST}.amazonaws.com"

SERVICES: dict[str, str | None] = {
    f"ssm.{R}": "ssm",
    f"SSM.{R}.": "ssm",
    f"sync-states.{R}": "sync-states",
    f"abc.execute-api.{R}": "execute-api",
    f"execute-api.{R}": "execute-api",
    f"api.ecr.{R}": "ecr.api",
    f"123456789012.dkr.ecr.{R}": "ecr.dkr",
    f"kinesis.{R}": "kinesis-streams",
    f"firehose.{R}": "kinesis-firehose",
    f"123456789012.data-kinesis.{R}": "kinesis-streams",
    f"123456789012.ddb.{R}": "dynamodb",
    f"dynamodb.{R}": "dynamodb",
    f"streams.dynamodb.{R}": "dynamodb-streams",
    f"bucket.with.dots.s3.{R}": "s3",
    f"s3.dualstack.{R}": "s3",
    "s3.amazonaws.com": "s3",
    "bucket.s3.amazonaws.com": "s3",
    f"runtime.sagemaker.{R}": "sagemaker.runtime",
    "sqs.us-east-1.api.aws": "sqs",
    "ecr.us-east-1.api.aws": "ecr.api",
    "a.b.us-east-1.api.aws": None,
    "ssm.eu-west-1.amazonaws.com": None,
    f"a.b.{R}": None,
    "sts.amazonaws.com": None,
    "www.example.com": None,
    "": None,
}


@pytest.mark.parametrize("host", SERVICES)
def test_a_host_belongs_to(host: str) -> None:
    assert service_of_host(host, EAST) == SERVICES[host]


def test_the_global_s3_name_belongs_to_one_region() -> None:
    assert service_of_host("s3.amazonaws.com", "eu-west-1") is None


def test_china_has_a_suffix_of_its_own() -> None:
    assert service_of_host("ssm.cn-north-1.amazonaws.com.cn", "cn-north-1") == "ssm"
    dual = "ssm.cn-north-1.api.amazonwebservices.com.cn"
    assert service_of_host(dual, "cn-north-1") == "ssm"
    assert has_record(dual, "cn-north-1", Family.IPV6) is True


PRIVATE = {
    "ssm": (f"ssm.{R}",),
    "execute-api": (f"execute-api.{R}", f"*.execute-api.{R}"),
    "ecr.dkr": (f"*.dkr.ecr.{R}",),
    "kinesis-streams": (f"kinesis.{R}",),
    "dynamodb": (),
}


@pytest.mark.parametrize("service", PRIVATE)
def test_an_endpoint_answers_for(service: str) -> None:
    assert private_names(service, EAST) == PRIVATE[service]


@pytest.mark.parametrize("service", ["ssm", "execute-api", "ecr.api", "kinesis-firehose"])
def test_the_names_of_an_endpoint_belong_to_its_service(service: str) -> None:
    for name in private_names(service, EAST):
        assert service_of_host(name.replace("*", "x"), EAST) == service


MATCHES = {
    ("*.execute-api.x", "abc.execute-api.x"): True,
    ("*.execute-api.x", "a.b.execute-api.x"): True,
    ("*.execute-api.x", "execute-api.x"): False,
    ("ssm.x", "ssm.x"): True,
    ("ssm.x", "a.ssm.x"): False,
}


@pytest.mark.parametrize("pair", MATCHES)
def test_a_record_answers_for_a_host(pair: tuple[str, str]) -> None:
    assert matches_name(*pair) is MATCHES[pair]


SUFFIXES = {
    "com.amazonaws.us-east-1.ecr.api": "ecr.api",
    "aws.api.us-east-1.bedrock": "bedrock",
    "com.amazonaws.route53": "route53",
}


@pytest.mark.parametrize("name", SUFFIXES)
def test_the_service_is_what_follows_the_region(name: str) -> None:
    assert service_suffix(name, EAST) == SUFFIXES[name]


AAAA = {
    f"secretsmanager.{R}": True,
    f"cognito-idp.{R}": True,
    "sqs.us-east-1.api.aws": True,
    f"s3.dualstack.{R}": True,
    f"ssm.{R}": None,
}


@pytest.mark.parametrize("host", AAAA)
def test_public_dns_has_an_aaaa_record(host: str) -> None:
    assert has_record(host, EAST, Family.IPV6) is AAAA[host]
    assert has_record(host, EAST, Family.IPV4) is True


RESOURCES = {
    f"db.c1x2.{EAST}.rds.amazonaws.com": True,
    f"graph.cluster-c1x2.{EAST}.neptune.amazonaws.com": True,
    f"fs-0abc.efs.{EAST}.amazonaws.com": True,
    f"vpc-logs-abc.{EAST}.es.amazonaws.com.": True,
    "shop.abc.0001.use1.cache.amazonaws.com": True,
    f"rds.{R}": False,
    f"es.{R}": False,
    "rds.amazonaws.com": False,
    "www.example.com": False,
}


@pytest.mark.parametrize("host", RESOURCES)
def test_a_resource_has_a_host_of_its_own(host: str) -> None:
    assert is_resource_name(host) is RESOURCES[host]
