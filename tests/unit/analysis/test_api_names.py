"""What API Gateway's default and custom names resolve to in public DNS."""

from __future__ import annotations

from typing import Any

import pytest

from netprobe.analysis.api_names import (
    READ_APIS,
    answer_api_name,
    answer_custom_domain,
    api_id_of,
    find_api,
    find_public_api,
)
from netprobe.model.addresses import Family
from tests.builders import API_HOST, REGION, api, endpoint, gap, snapshot, vpc
from tests.name_builders import V4, V6, domain_name, question

TARGET = f"d-abc.execute-api.{REGION}.amazonaws.com"
CUSTOM = "api.example.com"

IDS = {
    API_HOST: "abc123",
    f"abc123-vpce-1.execute-api.{REGION}.amazonaws.com": "abc123",
    f"execute-api.{REGION}.amazonaws.com": None,
    "abc123.execute-api.eu-west-1.amazonaws.com": None,
    CUSTOM: None,
}


@pytest.mark.parametrize("host", IDS)
def test_the_id_of_an_api_is_in_its_default_host(host: str) -> None:
    assert api_id_of(host, REGION) == IDS[host]


def test_an_api_is_found_by_its_host_however_it_is_written() -> None:
    shot = snapshot(api())
    assert find_api(shot, f"{API_HOST.upper()}.") == api()
    assert find_api(shot, CUSTOM) is None


def test_an_api_of_another_vpcs_region_is_found_too() -> None:
    host = "abc123.execute-api.eu-west-1.amazonaws.com"
    far = vpc("vpc-2", region="eu-west-1")
    assert find_api(snapshot(vpc(), api(host=host)), host) is None
    assert find_api(snapshot(vpc(), far, api(host=host)), host) == api(host=host)


def test_public_apis_and_the_targets_of_public_domain_names_are_told_from_private_ones() -> None:
    public = question(API_HOST, V4, api(), domain_names=(domain_name(),))
    assert find_public_api(public, API_HOST) == api()
    assert find_public_api(public, TARGET) == domain_name()
    assert find_public_api(public, CUSTOM) is None
    private = question(
        API_HOST,
        V4,
        api(endpoint_type="PRIVATE"),
        domain_names=(domain_name(endpoint_type="PRIVATE"),),
    )
    assert find_public_api(private, API_HOST) is None
    assert find_public_api(private, TARGET) is None


# host, family, items, domain names: exists, detail begins with
DUAL = domain_name(ip_address_type="dualstack")
ANSWERS: dict[str, tuple[str, Family, tuple[Any, ...], tuple[Any, ...], tuple[Any, ...]]] = {
    "API": (API_HOST, V4, (api(),), (), (True, "the address type of abc123 is ipv4")),
    "API, AAAA": (API_HOST, V6, (api(),), (), (False, "the address type of abc123 is ipv4")),
    "target of a domain name": (
        TARGET,
        V4,
        (),
        (domain_name(),),
        (True, "the address type of api.example.com is ipv4"),
    ),
    "target of a domain name of type ipv4, AAAA": (
        TARGET,
        V6,
        (),
        (domain_name(),),
        (False, "the address type of api.example.com is ipv4"),
    ),
    "target of a dual-stack domain name, AAAA": (
        TARGET,
        V6,
        (),
        (DUAL,),
        (True, "the address type of api.example.com is dualstack"),
    ),
    "unknown API": (API_HOST, V4, (), (), (True, "")),
    "unknown API, AAAA": (API_HOST, V6, (), (), (None, "")),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_records_follow_the_address_type(name: str) -> None:
    host, family, items, domains, expected = ANSWERS[name]
    answer = answer_api_name(question(host, family, *items, domain_names=domains))
    assert (answer.exists, answer.detail) == expected


def test_a_disabled_default_endpoint_is_a_remark_and_no_missing_record() -> None:
    answer = answer_api_name(question(API_HOST, V4, api(default_endpoint_disabled=True)))
    assert answer.exists is True
    assert answer.detail == (
        "the address type of abc123 is ipv4; its default endpoint is disabled, so it connects and "
        "is refused (HTTP 403 or 404)"
    )


@pytest.mark.parametrize("family", list(Family))
@pytest.mark.parametrize("call", READ_APIS)
def test_apis_that_were_not_read_leave_their_names_open(family: Family, call: str) -> None:
    answer = answer_api_name(question(API_HOST, family, gap(call)))
    # An HTTP API is never private, so without GetApis the A record is sure all the same.
    needed = family is V6 or call == "apigateway:GetRestApis"
    assert answer.unread == ((call,) if needed else ())
    assert answer.exists is (None if needed else True)


# family, fields, items: exists, undecided
CUSTOMS: dict[str, tuple[Family, dict[str, Any], tuple[Any, ...], str]] = {
    "ipv4, A": (V4, {}, (), ""),
    "ipv4, AAAA": (
        V6,
        {},
        (),
        "api.example.com is of type ipv4, so API Gateway gives it no AAAA record",
    ),
    "dualstack, AAAA": (V6, {"ip_address_type": "dualstack"}, (), ""),
    "private": (
        V4,
        {"endpoint_type": "PRIVATE"},
        (),
        "api.example.com is private, and no private zone of this VPC has a record",
    ),
    "beside an endpoint that captures": (
        V4,
        {},
        (endpoint(),),
        f"a CNAME record to {TARGET} would lead to vpce-1, an alias record would not",
    ),
    "edge, whose target no endpoint answers for": (
        V4,
        {"target_names": ("d111.cloudfront.net",)},
        (endpoint(),),
        "",
    ),
}


@pytest.mark.parametrize("name", CUSTOMS)
def test_the_record_of_a_custom_domain_name_is_never_claimed(name: str) -> None:
    family, fields, items, undecided = CUSTOMS[name]
    asked = question(CUSTOM, family, *items, domain_names=(domain_name(**fields),))
    answer = answer_custom_domain(asked)
    assert answer is not None
    assert (answer.exists, answer.undecided) == (None, undecided)


def test_another_name_is_no_custom_domain_name() -> None:
    assert answer_custom_domain(question("www.example.com", domain_names=(domain_name(),))) is None
