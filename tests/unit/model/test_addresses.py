"""Families, networks, and which addresses the internet does not route."""

from __future__ import annotations

import pytest

from netprobe.model.addresses import (
    Family,
    contains,
    covers,
    family_of,
    is_private,
    parse_address,
    parse_network,
)

PRIVATE = {
    "10.1.2.3": True,
    "172.31.255.255": True,
    "172.32.0.0": False,
    "192.168.0.1": True,
    "100.64.0.1": True,
    "100.128.0.1": False,
    "192.0.2.1": False,
    "fd00::1": True,
    "fe80::1": True,
    "2001:db8::1": False,
    "3fff:a::10": False,
    "2600::1": False,
}


@pytest.mark.parametrize("text", PRIVATE)
def test_an_address_is_private(text: str) -> None:
    assert is_private(parse_address(text)) is PRIVATE[text]


COVERS = {
    ("10.0.0.0/8", "10.1.0.0/16"): True,
    ("10.1.0.0/16", "10.0.0.0/8"): False,
    ("::/0", "10.0.0.0/8"): False,
    ("0.0.0.0/0", "2001:db8::/32"): False,
    ("2001:db8::/32", "2001:db8:1::/48"): True,
}


@pytest.mark.parametrize("pair", COVERS)
def test_a_network_covers_another_of_its_family(pair: tuple[str, str]) -> None:
    wide, narrow = pair
    assert covers(parse_network(wide), parse_network(narrow)) is COVERS[pair]


def test_a_network_contains_addresses_of_its_family_only() -> None:
    assert contains(parse_network("10.0.0.0/8"), parse_address("10.9.9.9"))
    assert not contains(parse_network("::/0"), parse_address("10.9.9.9"))


def test_host_bits_are_allowed() -> None:
    assert str(parse_network("10.1.2.3/8")) == "10.0.0.0/8"


@pytest.mark.parametrize("text", ["", "10.0.0", "www.example.com"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="does not appear to be"):
        parse_address(text)


@pytest.mark.parametrize("family", Family)
def test_everything_of_a_family_is_of_that_family(family: Family) -> None:
    assert family_of(family.everything) is family
    assert family.everything.prefixlen == 0


def test_a_family_is_written_as_people_write_it() -> None:
    assert [family.label for family in Family] == ["IPv4", "IPv6"]
