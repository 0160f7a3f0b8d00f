"""Faults of endpoints that do not serve the name that is called, and their look-alikes."""

from __future__ import annotations

import pytest

from netprobe.model.finding import Role
from netprobe.model.observation import Outcome
from netprobe.model.workloads import ApiKind
from tests.builders import (
    REGION,
    api,
    gateway_endpoint,
    prefix_list,
    route,
    route_table,
)
from tests.name_builders import domain_name, record, zone
from tests.unit.diagnosis.cases import Row, seen, service_target, target_of
from tests.unit.diagnosis.isolated import (
    CLOSED,
    OPEN,
    answered,
    found,
    host_target,
    met,
    refused,
    serving,
    title_of,
)

SSM_HOST = f"ssm.{REGION}.amazonaws.com"
SSM, SQS, EMAIL, DYNAMODB = map(service_target, ("ssm", "sqs", "email", "dynamodb"))


SHOP = host_target("api.example.com")
ABSENT = seen(Outcome.DNS_NXDOMAIN)
# APIs.
PRIVATE_API = api("priv1", ApiKind.REST, endpoint_type="PRIVATE", ip_address_type="dualstack")
REST_API = api("rest1", ApiKind.REST)
DOMAIN = domain_name(api_ids=("rest1",))
DOMAIN_TARGET = DOMAIN.target_names[0]
PRIVATE_DOMAIN = domain_name("private.example.com", endpoint_type="PRIVATE")
PRIVATE_NAME = host_target("private.example.com", path_given=True)
API_ENDPOINT = serving("execute-api")
OWN_NAME = host_target("vpce-1-abc.execute-api.us-east-1.vpce.amazonaws.com", path_given=True)
CNAME = zone("example.com", record("api.example.com", "CNAME", DOMAIN_TARGET))
ALIAS = zone("example.com", record("api.example.com", "A", alias=DOMAIN_TARGET))

LEGACY_SQS = host_target(f"{REGION}.queue.amazonaws.com")
GLOBAL_STS = host_target("sts.amazonaws.com")
FAR_BUCKET = host_target("data.s3.eu-west-1.amazonaws.com")
S3_GATEWAY = (
    gateway_endpoint(route_table_ids=("rtb-private",)),
    prefix_list(),
    route_table(routes=(route("pl-s3", "vpce-s3"),)),
)

FIRES = {
    "private-api-name-unresolvable": [
        Row("no endpoint", (*OPEN, PRIVATE_API), (target_of(PRIVATE_API),)),
        Row("no endpoint, isolated", (*CLOSED, PRIVATE_API), (target_of(PRIVATE_API),)),
        Row(
            "private DNS is off",
            (*OPEN, PRIVATE_API, *serving("execute-api", private_dns_enabled=False)),
            (target_of(PRIVATE_API),),
        ),
    ],
    "sqs-legacy-hostname": [
        Row("the endpoint has the current name", (*CLOSED, *serving("sqs")), (LEGACY_SQS,)),
    ],
    "sts-global-hostname": [
        Row("the endpoint has the Regional name", (*CLOSED, *serving("sts")), (GLOBAL_STS,)),
    ],
    "apigw-custom-domain-cname-hijack": [
        Row(
            "a CNAME in a private zone",
            (*OPEN, *API_ENDPOINT, REST_API, DOMAIN, CNAME),
            (host_target("api.example.com", api_id="rest1"),),
        ),
        Row(
            "a CNAME elsewhere, as the packets have it",
            (*OPEN, *API_ENDPOINT, REST_API, DOMAIN),
            (SHOP,),
            observations=met(SHOP, answered(Outcome.TLS_FAILED, "10.0.1.70")),
        ),
    ],
    "private-api-host-header-missing": [
        Row(
            "the endpoint's own name",
            (*OPEN, *API_ENDPOINT, PRIVATE_API),
            (OWN_NAME,),
            observations=met(OWN_NAME, refused("10.0.1.70", "ForbiddenException")),
        ),
    ],
    "endpoint-wrong-flavour": [
        Row("SMTP is not the API", (*CLOSED, *serving("email-smtp")), (EMAIL,)),
        Row(
            "DynamoDB's interface endpoint has no private DNS",
            (*CLOSED, *serving("dynamodb", private_dns_enabled=False)),
            (DYNAMODB,),
        ),
    ],
    "cross-region-target": [
        Row("a bucket elsewhere, and a gateway endpoint", (*CLOSED, *S3_GATEWAY), (FAR_BUCKET,)),
    ],
    "private-custom-domain-no-association": [
        Row(
            "TLS fails at the endpoint",
            (*OPEN, *API_ENDPOINT, PRIVATE_DOMAIN),
            (PRIVATE_NAME,),
            observations=met(PRIVATE_NAME, answered(Outcome.TLS_FAILED, "10.0.1.70")),
        ),
        Row(
            "403 at the endpoint",
            (*OPEN, *API_ENDPOINT, PRIVATE_DOMAIN),
            (PRIVATE_NAME,),
            observations=met(PRIVATE_NAME, refused("10.0.1.70", "ForbiddenException")),
        ),
    ],
}

SILENT = {
    "private-api-name-unresolvable": [
        Row(
            "the endpoint answers",
            (*CLOSED, *API_ENDPOINT, PRIVATE_API),
            (target_of(PRIVATE_API),),
        ),
        Row("a public API", (*CLOSED, REST_API), (target_of(REST_API),)),
    ],
    "sqs-legacy-hostname": [
        Row("the current name", (*CLOSED, *serving("sqs")), (SQS,)),
        Row("NAT carries it", (*OPEN, *serving("sqs")), (LEGACY_SQS,)),
        Row("no endpoint at all", CLOSED, (LEGACY_SQS,)),
        Row(
            "private DNS is off",
            (*CLOSED, *serving("sqs", private_dns_enabled=False)),
            (LEGACY_SQS,),
        ),
        Row(
            "another Region's",
            (*CLOSED, *serving("sqs")),
            (host_target("eu-west-1.queue.amazonaws.com"),),
        ),
    ],
    "sts-global-hostname": [
        Row("the Regional name", (*CLOSED, *serving("sts")), (service_target("sts"),)),
        Row("NAT carries it", (*OPEN, *serving("sts")), (GLOBAL_STS,)),
        Row("another service's endpoint", (*CLOSED, *serving("ssm")), (GLOBAL_STS,)),
        Row(
            "the endpoint has the global name too",
            (*CLOSED, *serving("sts", dns_names=("sts.amazonaws.com",))),
            (GLOBAL_STS,),
        ),
    ],
    "apigw-custom-domain-cname-hijack": [
        Row("an alias record", (*OPEN, *API_ENDPOINT, REST_API, DOMAIN, ALIAS), (SHOP,)),
        Row(
            "private DNS is off",
            (*OPEN, *serving("execute-api", private_dns_enabled=False), REST_API, DOMAIN, CNAME),
            (SHOP,),
        ),
        Row("no custom domain", (*OPEN, *API_ENDPOINT, REST_API), (target_of(REST_API),)),
        Row(
            "the packets went to the public address",
            (*OPEN, *API_ENDPOINT, REST_API, DOMAIN),
            (SHOP,),
            observations=met(SHOP, answered(Outcome.TLS_FAILED, "198.51.100.10")),
        ),
    ],
    "private-api-host-header-missing": [
        Row(
            "a policy refuses",
            (*OPEN, *API_ENDPOINT, PRIVATE_API),
            (OWN_NAME,),
            observations=met(OWN_NAME, refused("10.0.1.70", "AccessDeniedException")),
        ),
        Row(
            "the API's own name",
            (*OPEN, *API_ENDPOINT, PRIVATE_API),
            (target_of(PRIVATE_API),),
            observations=met(target_of(PRIVATE_API), refused("10.0.1.70", "ForbiddenException")),
        ),
        Row("no packet was sent", (*OPEN, *API_ENDPOINT, PRIVATE_API), (OWN_NAME,)),
    ],
    "endpoint-wrong-flavour": [
        Row("nothing similar", (*CLOSED, *serving("ssm")), (EMAIL,)),
        Row("NAT carries it", (*OPEN, *serving("email-smtp")), (EMAIL,)),
        Row("the right endpoint", (*CLOSED, *serving("email")), (EMAIL,)),
        Row(
            "DynamoDB has its gateway endpoint, in another table",
            (
                *CLOSED,
                gateway_endpoint("vpce-ddb", "dynamodb", route_table_ids=("rtb-public",)),
                *serving("dynamodb", private_dns_enabled=False),
            ),
            (DYNAMODB,),
        ),
    ],
    "cross-region-target": [
        Row("NAT carries it", (*OPEN, *S3_GATEWAY[:2]), (FAR_BUCKET,)),
        Row("the own Region", CLOSED, (SSM,)),
        Row(
            "an API of another Region",
            CLOSED,
            (host_target("x1.execute-api.eu-west-1.amazonaws.com"),),
        ),
        Row("no service of AWS", CLOSED, (SHOP,)),
    ],
    "private-custom-domain-no-association": [
        Row(
            "a Regional domain",
            (*OPEN, *API_ENDPOINT, REST_API, DOMAIN),
            (SHOP,),
            observations=met(SHOP, answered(Outcome.TLS_FAILED, "10.0.1.70")),
        ),
        Row(
            "the API's policy denies",
            (*OPEN, *API_ENDPOINT, PRIVATE_DOMAIN),
            (PRIVATE_NAME,),
            observations=met(PRIVATE_NAME, refused("10.0.1.70", "AccessDeniedException")),
        ),
        Row(
            "it works",
            (*OPEN, *API_ENDPOINT, PRIVATE_DOMAIN),
            (PRIVATE_NAME,),
            observations=met(PRIVATE_NAME, answered(Outcome.REACHABLE, "10.0.1.70", status=200)),
        ),
        Row(
            "the endpoint is not reached",
            (*OPEN, *API_ENDPOINT, PRIVATE_DOMAIN),
            (PRIVATE_NAME,),
            observations=met(PRIVATE_NAME, ABSENT),
        ),
    ],
}


@pytest.mark.parametrize(
    ("name", "row"),
    [(name, row) for name, rows in FIRES.items() for row in rows],
    ids=title_of,
)
def test_fault_is_the_only_root_cause(name: str, row: Row) -> None:
    """The situation that it is made for shows it, and no second one beside it."""
    assert found(row, Role.ROOT_CAUSE) == {name}


@pytest.mark.parametrize(
    ("name", "row"),
    [(name, row) for name, rows in SILENT.items() for row in rows],
    ids=title_of,
)
def test_fault_is_silent(name: str, row: Row) -> None:
    """A look-alike does not."""
    assert name not in found(row)
