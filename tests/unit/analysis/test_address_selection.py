"""The order of a name's addresses is glibc's, and every step of it has its reason."""

from __future__ import annotations

from ipaddress import ip_interface, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netprobe.analysis.address_selection import (
    Choice,
    choose_source,
    first_family,
    label_of,
    order_destinations,
    precedence_of,
    scope_of,
)
from netprobe.model.addresses import Address, Family
from tests.builders import address

# Own addresses, the answer, and the order getaddrinfo gave: measured with glibc 2.36 in a network
# namespace that had these addresses on an interface and a default route for each of its families.
MEASURED = (
    # A function's sandbox: link-local IPv4 loses to whatever IPv6 there is.
    (
        "169.254.100.6/30 2001:db8:1:1::5/64",
        "198.51.100.10 3fff:a::10",
        "3fff:a::10 198.51.100.10",
    ),
    ("169.254.100.6/30 fd12:3456::5/64", "198.51.100.10 3fff:a::10", "3fff:a::10 198.51.100.10"),
    ("169.254.100.6/30", "3fff:a::10 198.51.100.10", "198.51.100.10 3fff:a::10"),
    ("169.254.100.6/30", "3fff:a::10 2002:c633:640a::1", "3fff:a::10 2002:c633:640a::1"),
    (
        "169.254.100.6/30 2001:db8:1:1::5/64",
        "10.0.200.1 198.51.100.10 169.254.7.7 3fff:a::10",
        "3fff:a::10 169.254.7.7 10.0.200.1 198.51.100.10",
    ),
    # An instance: private IPv4 loses to global IPv6, and wins against it from a ULA.
    ("10.0.1.5/24 2001:db8:1:1::5/64", "198.51.100.10 3fff:a::10", "3fff:a::10 198.51.100.10"),
    ("10.0.1.5/24 fd12:3456::5/64", "3fff:a::10 198.51.100.10", "198.51.100.10 3fff:a::10"),
    # glibc has no row for ULA: with its own label it beats IPv4, which RFC 6724 has it lose to.
    ("10.0.1.5/24 fd12:3456::5/64", "198.51.100.10 fd99::1", "fd99::1 198.51.100.10"),
    ("10.0.1.5/24 2002:c000:201::1/64", "fd99::1 198.51.100.10", "198.51.100.10 fd99::1"),
    # What DNS64 makes counts as any global address.
    (
        "172.31.5.9/20 3fff:a:1::9/64",
        "64:ff9b::c633:640a 198.51.100.10",
        "64:ff9b::c633:640a 198.51.100.10",
    ),
    ("172.31.5.9/20", "64:ff9b::c633:640a 198.51.100.10", "198.51.100.10 64:ff9b::c633:640a"),
    (
        "172.31.5.9/20 3fff:a:1::9/64",
        "2001:0:1::1 64:ff9b::c633:640a 169.254.7.7 3fff:a::10",
        "3fff:a::10 64:ff9b::c633:640a 2001:0:1::1 169.254.7.7",
    ),
    (
        "10.0.1.5/24",
        "2002:c633:640a::1 64:ff9b::c633:640a 192.0.2.9",
        "192.0.2.9 64:ff9b::c633:640a 2002:c633:640a::1",
    ),
    # No address of the family: unusable, and among unusable ones precedence and scope decide.
    (
        "2001:db8:1:1::5/64",
        "2001:0:1::1 198.51.100.10 169.254.7.7",
        "2001:0:1::1 169.254.7.7 198.51.100.10",
    ),
    ("3fff:a:1::9/64", "10.0.200.1 3fff:a::10 2001:0:1::1", "3fff:a::10 2001:0:1::1 10.0.200.1"),
    # IPv4 among IPv4 keeps its order, a neighbour in the own subnet apart.
    ("192.0.2.77/24", "203.0.113.9 10.0.200.1", "203.0.113.9 10.0.200.1"),
    ("192.0.2.77/24", "203.0.113.9 192.0.2.9", "192.0.2.9 203.0.113.9"),
    (
        "192.0.2.77/24 3fff:a:1::9/64",
        "10.0.1.9 2001:0:1::1 198.51.100.10 fd99::1",
        "10.0.1.9 198.51.100.10 2001:0:1::1 fd99::1",
    ),
)


def order(own: str, answer: str) -> tuple[Choice, ...]:
    interfaces = [ip_interface(text) for text in own.split()]
    networks = [item.network for item in interfaces if item.version == 4]
    return order_destinations(
        [item.ip for item in interfaces], [address(text) for text in answer.split()], networks
    )


@pytest.mark.parametrize("row", MEASURED, ids=lambda row: f"{row[0]} to {row[1]}")
def test_the_order_is_the_one_glibc_was_seen_to_give(row: tuple[str, str, str]) -> None:
    own, answer, expected = row
    assert " ".join(str(item.destination) for item in order(own, answer)) == expected


REASONS = {
    ("10.0.1.5/24", "3fff:a::10 198.51.100.10"): (
        "rule 1: the host has no address to reach 3fff:a::10 from"
    ),
    ("169.254.100.6/30 fd12:3456::5/64", "198.51.100.10 3fff:a::10"): (
        "rule 2: the scope of 198.51.100.10 is not that of its source 169.254.100.6 (link-local)"
    ),
    ("10.0.1.5/24 fd12:3456::5/64", "3fff:a::10 198.51.100.10"): (
        "rule 5: the label of 3fff:a::10 is not that of its source fd12:3456::5"
    ),
    ("10.0.1.5/24 2001:db8:1:1::5/64", "198.51.100.10 3fff:a::10"): (
        "rule 6 with glibc's table: 3fff:a::10 has precedence 40, 198.51.100.10 10"
    ),
    ("", "198.51.100.10 169.254.7.7"): "rule 8: the scope of 169.254.7.7 is smaller",
    ("2001:db8:1:1::5/64", "2600:1f18::1 2001:db8:1:2::1"): (
        "rule 9: 2001:db8:1:2::1 shares the longer prefix with its source"
    ),
    ("10.0.1.5/24", "198.51.100.10 203.0.113.9"): "rule 10: in the order of the answer",
    ("10.0.1.5/24", "198.51.100.10"): "",
}


@pytest.mark.parametrize("asked", REASONS)
def test_the_reason_is_the_first_rule_that_tells_two_apart(asked: tuple[str, str]) -> None:
    assert order(*asked)[0].because == REASONS[asked]


def test_each_destination_says_where_it_would_be_reached_from() -> None:
    found = order("10.0.1.5/24", "3fff:a::10 198.51.100.10")
    assert [item.source for item in found] == [address("10.0.1.5"), None]


# destination: the own address it is reached from, of these in their order
OWN = tuple(map(address, ("10.0.1.5", "10.0.1.6", "fe80::5", "fd12:3456::5", "2001:db8:1:1::5")))
SOURCES = {
    "198.51.100.10": "10.0.1.5",  # IPv4: the first, which the kernel's route names
    "10.0.1.6": "10.0.1.5",
    "3fff:a::10": "2001:db8:1:1::5",  # rule 6: the label
    "64:ff9b::c633:640a": "2001:db8:1:1::5",
    "fd99::1": "fd12:3456::5",
    "fe80::9": "fe80::5",  # rule 2: the narrowest scope that is wide enough
    "2001:db8:1:1::5": "2001:db8:1:1::5",  # rule 1: the same address
}


@pytest.mark.parametrize("destination", SOURCES)
def test_the_source_is_chosen_by_scope_label_and_prefix(destination: str) -> None:
    assert choose_source(OWN, address(destination)) == address(SOURCES[destination])


def test_the_longer_prefix_chooses_between_equal_sources() -> None:
    own = (address("2600:1f18::5"), address("2001:db8:1:1::5"))
    assert choose_source(own, address("2001:db8:1:2::9")) == address("2001:db8:1:1::5")


def test_a_source_of_too_small_a_scope_is_the_last_resort() -> None:
    assert choose_source((address("fe80::5"),), address("3fff:a::10")) == address("fe80::5")
    own = (address("fe80::5"), address("fec0::5"))
    assert choose_source(own, address("3fff:a::10")) == address("fec0::5")


def test_there_is_no_source_of_another_family() -> None:
    assert choose_source((address("10.0.1.5"),), address("3fff:a::10")) is None


# address: label, precedence, scope
POLICY = {
    "::1": (0, 50, 2),
    "2001:db8::1": (1, 40, 14),
    "64:ff9b::a00:109": (1, 40, 14),
    "2002:c000:201::1": (2, 30, 14),
    "::192.0.2.1": (3, 20, 14),
    "198.51.100.10": (4, 10, 14),
    "10.0.1.5": (4, 10, 14),
    "100.64.0.1": (4, 10, 14),
    "169.254.100.6": (4, 10, 2),
    "127.0.0.1": (4, 10, 2),
    "fec0::1": (5, 40, 5),
    "fd12:3456::1": (6, 40, 14),
    "2001:0:1::1": (7, 40, 14),
    "fe80::1": (1, 40, 2),
}


@pytest.mark.parametrize("text", POLICY)
def test_the_policy_of_an_address(text: str) -> None:
    item = address(text)
    assert (label_of(item), precedence_of(item), scope_of(item)) == POLICY[text]


def test_the_first_family_is_that_of_the_first_destination() -> None:
    assert first_family(order("10.0.1.5/24", "3fff:a::10 198.51.100.10")) is Family.IPV4
    assert first_family(()) is None


POOL = st.sampled_from([address(text) for text in (*POLICY, "10.0.1.9", "fd99::1", "3fff:a::10")])


@given(st.lists(POOL, max_size=3, unique=True), st.lists(POOL, max_size=5, unique=True))
def test_every_destination_is_there_once_and_only_the_last_has_no_reason(
    own: list[Address], answer: list[Address]
) -> None:
    found = order_destinations(own, answer, [ip_network("10.0.1.0/24")])
    assert {item.destination for item in found} == set(answer)
    assert len(found) == len(answer)
    assert [bool(item.because) for item in found] == [True] * (len(found) - 1) + [False] * bool(
        found
    )


@given(st.lists(POOL, max_size=3, unique=True), st.lists(POOL, max_size=5, unique=True))
def test_no_destination_without_a_source_comes_before_one_with(
    own: list[Address], answer: list[Address]
) -> None:
    usable = [item.source is not None for item in order_destinations(own, answer)]
    assert usable == sorted(usable, reverse=True)
