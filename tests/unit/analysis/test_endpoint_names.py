"""What the names of an interface endpoint answer, its own and those it has taken over."""

from __future__ import annotations

from typing import Any

import pytest

from netprobe.analysis.endpoint_names import answer_endpoint
from netprobe.model.trace import Resolution
from tests.builders import API_HOST, REGION, address, api, endpoint, gap, interface, subnet
from tests.name_builders import V4, V6, domain_name, question

ENI_A = interface("eni-a", "10.0.1.9")
ENI_B = interface("eni-b", "10.0.2.9", subnet_id="subnet-b")
TWO_ZONES = endpoint(
    subnet_ids=("subnet-private", "subnet-b"), network_interface_ids=("eni-a", "eni-b")
)
SUBNETS = (subnet(), subnet("subnet-b", "10.0.2.0/24", availability_zone="us-east-1b"))
VPCE = f"execute-api.{REGION}.vpce.amazonaws.com"
ALIAS = f"abc123-vpce-1.execute-api.{REGION}.amazonaws.com"
TARGET = f"d-abc.execute-api.{REGION}.amazonaws.com"


def ask(host: str, *items: Any, private: bool = True, **fields: Any) -> Resolution:
    asked = question(host, V4, *SUBNETS, ENI_A, ENI_B, *items, **fields)
    return answer_endpoint(asked, TWO_ZONES, private=private)


# name: the addresses it has
ADDRESSES = {
    f"vpce-1-abc.{VPCE}": ("10.0.1.9", "10.0.2.9"),
    f"vpce-1-abc-us-east-1a.{VPCE}": ("10.0.1.9",),
    f"vpce-1-abc-us-east-1b.{VPCE}": ("10.0.2.9",),
    f"vpce-1-abc-us-east-1c.{VPCE}": ("10.0.1.9", "10.0.2.9"),
}


@pytest.mark.parametrize("host", ADDRESSES)
def test_a_zonal_name_has_the_address_of_its_zone(host: str) -> None:
    found = ask(host, private=False).addresses
    assert found == tuple(map(address, ADDRESSES[host]))


# host, items, domain names: captured, detail
CAPTURES: dict[str, tuple[str, tuple[Any, ...], tuple[Any, ...], tuple[bool, str]]] = {
    "public API": (API_HOST, (api(),), (), (True, "the private DNS of vpce-1 answers")),
    "private API": (
        API_HOST,
        (api(endpoint_type="PRIVATE"),),
        (),
        (False, "the private DNS of vpce-1 answers"),
    ),
    "unknown API": (
        API_HOST,
        (),
        (),
        (
            False,
            (
                "the private DNS of vpce-1 answers; it serves private APIs only, and abc123 is no "
                "API that was read"
            ),
        ),
    ),
    "target of a public domain name": (
        TARGET,
        (),
        (domain_name(),),
        (True, "the private DNS of vpce-1 answers"),
    ),
}


@pytest.mark.parametrize("name", CAPTURES)
def test_private_dns_captures_public_names(name: str) -> None:
    host, items, domains, expected = CAPTURES[name]
    answer = ask(host, *items, domain_names=domains)
    assert (answer.captured, answer.detail) == expected


def test_a_name_that_records_led_away_from_is_captured_too() -> None:
    asked = question(API_HOST, V4, ENI_A, ENI_B, api()).follow(f"vpce-1-abc.{VPCE}")
    assert answer_endpoint(asked, TWO_ZONES, private=False).captured


def test_the_endpoint_of_another_service_captures_nothing() -> None:
    answer = answer_endpoint(question(API_HOST, V4, api()), endpoint(service="ssm"), private=True)
    assert not answer.captured


@pytest.mark.parametrize("associated", [(), ("vpce-1",)])
def test_the_alias_of_a_private_api_exists_for_associated_endpoints(
    associated: tuple[str, ...],
) -> None:
    private = api(endpoint_type="PRIVATE", vpc_endpoint_ids=associated)
    answer = ask(ALIAS, private, private=False)
    assert bool(answer.undecided) is (associated == ())


def test_interfaces_that_were_not_read_are_a_gap_only_where_there_is_a_record() -> None:
    missing = gap("ec2:DescribeNetworkInterfaces")
    asked = question(API_HOST, V4, missing)
    assert answer_endpoint(asked, endpoint(), private=True).unread == (missing.call,)
    asked = question(API_HOST, V6, missing)
    assert answer_endpoint(asked, endpoint(), private=True).unread == ()
