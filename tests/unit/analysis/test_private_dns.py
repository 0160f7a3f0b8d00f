"""Which endpoint answers for a name, and with which records."""

from __future__ import annotations

import pytest

from netprobe.analysis.private_dns import (
    answering_endpoint,
    endpoint_addresses,
    named_endpoint,
    named_zone,
    private_answer,
    record_exists,
)
from netprobe.model.addresses import Family
from tests.builders import address, endpoint, gateway_endpoint, interface, snapshot, subnet, vpc

# address type, record type: A and AAAA of private names, A and AAAA of endpoint-specific names
RECORDS = {
    ("ipv4", None): (True, False, True, False),
    ("ipv6", None): (False, True, False, True),
    ("dualstack", None): (True, True, True, True),
    ("dualstack", "ipv4"): (True, False, True, False),
    ("dualstack", "ipv6"): (False, True, False, True),
    ("dualstack", "service-defined"): (True, False, True, True),
}


@pytest.mark.parametrize("types", RECORDS)
def test_the_records_of_an_endpoint_follow_its_types(types: tuple[str, str | None]) -> None:
    asked = endpoint(ip_address_type=types[0], dns_record_ip_type=types[1])
    answers = tuple(
        record_exists(asked, family, private=private)
        for private in (True, False)
        for family in Family
    )
    assert answers == RECORDS[types]


def test_interfaces_that_were_not_read_have_no_addresses() -> None:
    asked = endpoint(network_interface_ids=("eni-a", "eni-b"))
    shot = snapshot(interface("eni-b", "10.0.1.9", "2001:db8:1:1::9"))
    assert endpoint_addresses(shot, asked, Family.IPV4) == (address("10.0.1.9"),)


def test_only_interface_endpoints_answer() -> None:
    shot = snapshot(endpoint(endpoint_type="Gateway"))
    assert answering_endpoint(shot, "vpc-1", "execute-api.us-east-1.amazonaws.com") is None


NAMED = {
    "vpce-1-abc.ssm.us-east-1.vpce.amazonaws.com": True,
    "abc123-vpce-1.execute-api.us-east-1.amazonaws.com": True,
    "abc123.execute-api.us-east-1.amazonaws.com": False,
    "vpce-1.example.com": False,
    "ssm.us-east-1.vpce.amazonaws.com": False,
}


@pytest.mark.parametrize("host", NAMED)
def test_an_endpoint_is_found_by_the_id_in_the_name(host: str) -> None:
    assert (named_endpoint(snapshot(endpoint()), host) is not None) is NAMED[host]


HIDDEN_ZONES = {
    "execute-api.us-east-1.amazonaws.com": "execute-api.us-east-1.amazonaws.com",
    "abc123.execute-api.us-east-1.amazonaws.com": "execute-api.us-east-1.amazonaws.com",
    "ssm.us-east-1.amazonaws.com": None,
}


@pytest.mark.parametrize("host", HIDDEN_ZONES)
def test_private_dns_answers_from_a_zone_of_its_own(host: str) -> None:
    found = private_answer(snapshot(endpoint()), "vpc-1", host)
    assert (found[1] if found else None) == HIDDEN_ZONES[host]


def test_private_dns_has_the_names_of_its_vpcs_own_region() -> None:
    far = endpoint(
        service_name="com.amazonaws.eu-west-1.ssm", private_dns_enabled=True, vpc_id="vpc-2"
    )
    shot = snapshot(far, vpc("vpc-2", region="eu-west-1"))
    assert answering_endpoint(shot, "vpc-2", "ssm.eu-west-1.amazonaws.com") == far


# the field, whether there is a gateway endpoint: does the interface endpoint answer in the VPC
INBOUND_ONLY = {
    (None, False): True,
    (None, True): False,
    (False, True): True,
    (True, True): False,
    (True, False): False,
}


@pytest.mark.parametrize("case", INBOUND_ONLY)
def test_s3_answers_unless_it_is_for_inbound_endpoints_only(
    case: tuple[bool | None, bool],
) -> None:
    said, gateway = case
    items = (gateway_endpoint(),) if gateway else ()
    asked = endpoint(service="s3", private_dns_only_for_inbound=said)
    found = answering_endpoint(snapshot(asked, *items), "vpc-1", "s3.us-east-1.amazonaws.com")
    assert (found is not None) is INBOUND_ONLY[case]


ZONES = {
    "vpce-1-abc.ssm.us-east-1.vpce.amazonaws.com": None,
    "vpce-1-abc-us-east-1a.ssm.us-east-1.vpce.amazonaws.com": "us-east-1a",
    "bucket.vpce-1-abc-us-east-1a.s3.us-east-1.vpce.amazonaws.com": "us-east-1a",
    "vpce-2-abc-us-east-1a.ssm.us-east-1.vpce.amazonaws.com": None,
}


@pytest.mark.parametrize("host", ZONES)
def test_a_zonal_name_ends_in_its_zone(host: str) -> None:
    shot = snapshot(endpoint(), subnet())
    assert named_zone(shot, endpoint(), host) == ZONES[host]


def test_only_the_interfaces_of_the_zone_are_meant() -> None:
    asked = endpoint(network_interface_ids=("eni-a", "eni-b", "eni-c"))
    shot = snapshot(
        subnet(),
        subnet("subnet-b", "10.0.2.0/24", availability_zone="us-east-1b"),
        interface("eni-a", "10.0.1.9"),
        interface("eni-b", "10.0.2.9", subnet_id="subnet-b"),
        interface("eni-c", "10.0.3.9", subnet_id="subnet-unknown"),
    )
    found = endpoint_addresses(shot, asked, Family.IPV4, "us-east-1b")
    assert found == (address("10.0.2.9"),)
