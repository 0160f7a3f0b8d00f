"""Addresses that stand for addresses."""

from __future__ import annotations

from ipaddress import IPv4Network, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netprobe.aws.redacted_addresses import AddressMap
from netprobe.model.addresses import Address

KEY = b"k" * 32
SMALL = ip_network("192.168.0.0/16")
V4 = st.ip_addresses(v=4)
V6 = st.ip_addresses(v=6)


@given(st.one_of(st.tuples(V4, V4), st.tuples(V6, V6)), st.integers(0, 32))
def test_what_is_inside_stays_inside(pair: tuple[Address, Address], length: int) -> None:
    """Two addresses that share a prefix share it afterwards, and two that do not do not."""
    one, other = pair
    mapped = AddressMap(KEY)
    block = ip_network((one, length), strict=False)
    moved = [ip_network((mapped.address(a), length), strict=False) for a in pair]

    if not any(address in SMALL for address in pair if address.version == SMALL.version):
        assert (other in block) is (moved[0] == moved[1])


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "169.254.169.253", "0.1.2.3", "fd00:ec2::253", "::1", "ff02::1"],
)
def test_what_is_everybodys_stays(address: str) -> None:
    assert str(AddressMap(KEY).address(ip_address(address))) == address


@pytest.mark.parametrize(
    ("address", "meaning"),
    [
        ("10.1.2.3", "10.0.0.0/8"),
        ("172.20.1.9", "172.16.0.0/12"),
        ("100.64.3.4", "100.64.0.0/10"),
        ("2001:db8::7", "2001:db8::/32"),
        ("fd12::1", "fc00::/7"),
    ],
)
def test_meaning_of_an_address_is_kept(address: str, meaning: str) -> None:
    assert AddressMap(KEY).address(ip_address(address)) in ip_network(meaning)


def test_small_private_range_moves_to_where_nobody_is() -> None:
    """So that what stands for one of its addresses is no other of the original."""
    used = [IPv4Network("192.168.0.0/16"), IPv4Network("172.16.0.0/16")]
    stands = AddressMap(KEY, used).address(ip_address("192.168.1.25"))

    assert stands in ip_network("172.16.0.0/12")
    assert stands not in ip_network("172.16.0.0/16")


def test_resolver_stays_the_third_address_of_its_block() -> None:
    block = IPv4Network("10.20.0.0/16")
    mapped = AddressMap(KEY, [block])

    assert mapped.address(block[2]) == mapped.network(block)[2]


def test_nat64_keeps_its_prefix_and_agrees_with_the_address_inside() -> None:
    mapped = AddressMap(KEY)
    inside = mapped.address(ip_address("198.51.100.10"))

    assert mapped.address(ip_address("64:ff9b::198.51.100.10")) == ip_address(f"64:ff9b::{inside}")
