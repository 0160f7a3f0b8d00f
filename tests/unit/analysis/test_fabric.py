"""The snapshot as a network: places and look-ups."""

from __future__ import annotations

from netprobe.analysis.fabric import MOST_GROUP_SETS, Fabric
from netprobe.model.trace import Component
from tests.builders import (
    address,
    interface,
    nat_gateway,
    route_table,
    snapshot,
    subnet,
    vpc,
    working_vpc,
)

FABRIC = Fabric(snapshot(*working_vpc(), interface("eni-1", "10.0.1.7", "2001:db8:1:1::7")))


def test_a_place_is_built_once() -> None:
    place = FABRIC.place("subnet-private", "vpc-1")
    assert FABRIC.place("subnet-private", "vpc-1") is place
    assert (place.vpc_id, place.zone) == ("vpc-1", "us-east-1a")
    assert place.table is not None
    assert place.acl is not None


def test_a_subnet_that_was_not_read_is_a_place_of_the_vpc_asked_for() -> None:
    place = FABRIC.place("subnet-9", "vpc-9")
    assert (place.vpc_id, place.subnet, place.table, place.acl) == ("vpc-9", None, None, None)
    assert not place.holds(4, int(address("10.0.1.7")))


def test_a_regional_nat_gateway_is_a_place_without_a_subnet() -> None:
    nat = nat_gateway(subnet_id=None, route_table_id="rtb-nat")
    fabric = Fabric(snapshot(nat, route_table("rtb-nat", (), ())))
    place = fabric.nat_place(nat)
    assert fabric.nat_place(nat) is place
    assert (place.subnet_id, place.acl) == (None, None)
    assert place.table is not None


def test_a_place_holds_the_addresses_of_its_blocks() -> None:
    place = FABRIC.place("subnet-private", "vpc-1")
    for text, held in (
        ("10.0.1.0", True),
        ("10.0.1.255", True),
        ("10.0.2.0", False),
        ("2001:db8:1:1::1", True),
        ("2001:db8:1:2::1", False),
    ):
        assert place.holds(address(text).version, int(address(text))) is held


def test_a_place_without_a_family_holds_none_of_it() -> None:
    fabric = Fabric(snapshot(subnet("a", None), subnet("b", "10.0.2.0/24", None)))
    assert not fabric.place("a", "vpc-1").holds(4, int(address("10.0.1.9")))
    assert not fabric.place("b", "vpc-1").holds(6, int(address("2001:db8:1:1::9")))


def test_the_subnet_at_an_address_is_that_of_the_vpc() -> None:
    fabric = Fabric(
        snapshot(
            subnet("subnet-a", "10.0.1.0/24", "2001:db8:1:1::/64"),
            subnet("subnet-b", "10.0.2.0/28", None),
            subnet("subnet-c", "10.0.1.0/24", None, vpc_id="vpc-2"),
        )
    )
    for vpc_id, text, expected in (
        ("vpc-1", "10.0.1.9", "subnet-a"),
        ("vpc-1", "2001:db8:1:1::9", "subnet-a"),
        ("vpc-1", "10.0.2.15", "subnet-b"),
        ("vpc-1", "10.0.2.16", None),
        ("vpc-2", "10.0.1.9", "subnet-c"),
        ("vpc-3", "10.0.1.9", None),
    ):
        assert fabric.subnet_at(vpc_id, address(text).version, int(address(text))) == expected


def test_interfaces_are_found_in_their_vpc_and_over_ipv6_in_any() -> None:
    ipv4, ipv6 = int(address("10.0.1.7")), int(address("2001:db8:1:1::7"))
    found = FABRIC.interface_at("vpc-1", 4, ipv4)
    assert found is not None
    assert FABRIC.interface_at("vpc-2", 4, ipv4) is None
    assert FABRIC.interface_at("vpc-1", 6, ipv4) is None
    assert FABRIC.interface_with_ipv6(ipv6) is found


def test_the_internet_gateway_of_a_vpc_is_no_egress_only_one() -> None:
    assert FABRIC.internet_gateway_of("vpc-1") == "igw-1"
    assert FABRIC.internet_gateway_of("vpc-2") is None


def test_a_vpc_is_seen_when_its_subnets_are() -> None:
    fabric = Fabric(snapshot(vpc(), subnet(), vpc("vpc-2")))
    assert [fabric.sees(item) for item in ("vpc-1", "vpc-2", "vpc-3")] == [True, False, False]


def test_hops_are_shared() -> None:
    hop = FABRIC.hop(Component.SUBNET, "subnet-1")
    assert FABRIC.hop(Component.SUBNET, "subnet-1") is hop
    assert FABRIC.hop(Component.SUBNET, "subnet-1", "x") is not hop


def test_what_is_kept_of_group_sets_is_bounded() -> None:
    fabric = Fabric(snapshot())
    for number in range(MOST_GROUP_SETS + 9):
        fabric.groups((f"sg-{number}",))
    assert len(fabric._groups) <= MOST_GROUP_SETS
