"""Which endpoint answers for a name, and with which records."""

from __future__ import annotations

import pytest

from netprobe.analysis.private_dns import (
    answering_endpoint,
    endpoint_addresses,
    named_endpoint,
    record_exists,
)
from netprobe.model.addresses import Family
from tests.builders import address, endpoint, interface, snapshot

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
